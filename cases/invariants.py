"""What is always true of cases."""

from records.invariants import Invariant, declare

declare(
    Invariant(
        "I10",
        "A closed case has an owner, a closing time and a person who closed it",
        """
        SELECT id, number FROM cases_case
        WHERE state = 'closed' AND (owner_id IS NULL OR closed_at IS NULL OR closed_by_id IS NULL)
        """,
    ),
    Invariant(
        "I10b",
        "A decision on a case was not made by the person who asked for it",
        """
        SELECT id, number FROM cases_case
        WHERE decided_by_id IS NOT NULL AND decided_by_id = requested_by_id
        """,
    ),
)
