"""What is always true of appointments."""

from records.invariants import Invariant, declare

declare(
    Invariant(
        "I14",
        "No clinician has two appointments at once",
        """
        SELECT a.id, b.id FROM visits_appointment a JOIN visits_appointment b
          ON a.clinician_id = b.clinician_id AND a.id < b.id AND a.period && b.period
        WHERE a.state NOT IN ('cancelled', 'no_show') AND b.state NOT IN ('cancelled', 'no_show')
        """,
    ),
)
