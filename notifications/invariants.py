"""What is always true of messages."""

from records.invariants import Invariant, declare

declare(
    Invariant(
        "I11",
        "One event makes one message of a kind for each channel and recipient",
        """
        SELECT event_id, template_key, channel, recipient FROM notifications_message
        WHERE event_id IS NOT NULL AND fallback_of_id IS NULL
        GROUP BY 1, 2, 3, 4 HAVING count(*) > 1
        """,
    ),
)
