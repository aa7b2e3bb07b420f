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
    Invariant(
        "I10c",
        "An open case has an owner, or was put before a manager within the hour",
        """
        SELECT id, number FROM cases_case
        WHERE state <> 'closed' AND owner_id IS NULL AND escalated_at IS NULL
          AND recorded_at < now() - interval '1 hour'
        """,
    ),
    Invariant(
        "I10d",
        "A closed case has every condition of its rule that people tick",
        """
        SELECT c.id, c.number FROM cases_case c JOIN records_event e
          ON e.subject_type = 'cases.case' AND e.subject_id = c.id AND e.kind = 'case.ticked'
        WHERE c.state = 'closed' AND NOT EXISTS (SELECT 1 FROM cases_casetick t
                                                 WHERE t.case_id = c.id AND t.item = e.new ->> 'item')
        """,
    ),
    Invariant(
        "I13",
        "Background work that was given up has a case",
        """
        SELECT j.id, j.kind FROM core_job j
        WHERE j.state = 'dead' AND j.branch_id IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM cases_case c WHERE c.subject_type = 'core.job' AND c.subject_id = j.id)
        """,
    ),
)
