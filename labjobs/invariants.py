"""What is always true of laboratory jobs."""

from records.invariants import Invariant, declare

declare(
    Invariant(
        "I7",
        "An open job that is not on hold rests on an approval that still stands",
        """
        SELECT j.id, j.number FROM labjobs_job j
        WHERE j.state IN ('released', 'in_production', 'quality', 'rework', 'passed') AND j.on_hold_since IS NULL
          AND j.remake_of_id IS NULL
          AND NOT EXISTS (SELECT 1 FROM records_approval a
                          WHERE a.order_id = j.order_id AND a.kind = 'quotation' AND a.approved
                            AND a.out_of_date_at IS NULL AND a.replaced_by_id IS NULL)
          AND NOT EXISTS (SELECT 1 FROM records_review r WHERE r.order_id = j.order_id)
        """,
    ),
    Invariant(
        "I8",
        "What was collected had passed its quality check, or a second person had accepted the failure",
        """
        SELECT j.id, j.number FROM labjobs_job j
        WHERE j.state = 'collected'
          AND NOT EXISTS (SELECT 1 FROM labjobs_qualitycheck q
                          WHERE q.job_id = j.id AND (q.passed OR q.overridden_at IS NOT NULL))
        """,
    ),
    Invariant(
        "I9",
        "A remake names its parent, its cause and its payer",
        """
        SELECT id, number FROM labjobs_job
        WHERE remake_of_id IS NOT NULL AND (remake_reason = '' OR payer = '')
        """,
    ),
    Invariant(
        "I20",
        "A quality check that was accepted was accepted by someone else",
        """
        SELECT id FROM labjobs_qualitycheck
        WHERE overridden_at IS NOT NULL AND (overridden_by_id = checked_by_id OR override_reason = '')
        """,
    ),
    Invariant(
        "I8b",
        "Nothing was handed over while money was owed",
        """
        SELECT subject_id FROM records_event
        WHERE kind = 'order.collected' AND coalesce((data ->> 'balance')::numeric, 0) > 0
        """,
    ),
    Invariant(
        "I15b",
        "A job and a fitting belong to the branch of their order",
        """
        SELECT j.id, j.number FROM labjobs_job j JOIN orders_order o ON o.id = j.order_id
        WHERE j.branch_id <> o.branch_id
        UNION ALL
        SELECT f.id, j.number FROM labjobs_fitting f JOIN labjobs_job j ON j.id = f.job_id WHERE f.order_id <> j.order_id
        """,
    ),
)
