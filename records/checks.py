"""What is always true of records themselves. (Other apps keep theirs in `invariants.py`; here that is the registry.)"""

from records.invariants import Invariant, declare

STATEMENTS = (
    Invariant(
        "I5a",
        "An approval that is out of date has a review or has been replaced",
        """
        SELECT a.id FROM records_approval a
        WHERE a.out_of_date_at IS NOT NULL AND a.replaced_by_id IS NULL
          AND NOT EXISTS (SELECT 1 FROM records_review r WHERE r.approval_id = a.id
                          OR (r.order_id = a.order_id AND r.order_id IS NOT NULL))
        """,
    ),
    Invariant(
        "I6",
        "A review that was let stand has a reason and a person",
        """
        SELECT id FROM records_review
        WHERE state = 'overridden' AND (resolution_reason = '' OR resolved_by_id IS NULL)
        """,
    ),
    Invariant(
        "I17",
        "Every file of evidence has its hash and size",
        "SELECT id FROM records_evidence WHERE file <> '' AND (length(sha256) <> 64 OR size_bytes = 0)",
    ),
)


def load() -> None:
    """Declare them; called at start-up."""
    declare(*STATEMENTS)
