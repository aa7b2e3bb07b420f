"""What is always true of returns."""

from records.invariants import Invariant, declare

declare(
    Invariant(
        "R1",
        "A return that was refunded has a credit, never above what was charged for its things",
        """
        SELECT r.id, r.number FROM aftersales_return r LEFT JOIN orders_ledgerentry l ON l.id = r.credit_id
        WHERE r.settled_at IS NOT NULL
          AND (l.id IS NULL OR l.amount >= 0 OR l.order_id <> r.order_id
               OR -l.amount > (SELECT sum(i.amount) FROM aftersales_returnitem i WHERE i.parent_id = r.id))
        """,
    ),
    Invariant(
        "R2",
        "A replacement belongs to the same customer as what it replaces, or to whom they were merged into",
        """
        SELECT r.id, r.number FROM aftersales_return r JOIN orders_order o ON o.id = r.order_id
        JOIN orders_order n ON n.id = r.replacement_id
        JOIN customers_customer a ON a.id = o.customer_id JOIN customers_customer b ON b.id = n.customer_id
        WHERE a.id <> b.id AND coalesce(a.merged_into_id, a.id) <> coalesce(b.merged_into_id, b.id)
        """,
    ),
    Invariant(
        "R3",
        "Every returned frame that was looked at stands in the stock ledger",
        """
        SELECT i.id, r.number FROM aftersales_returnitem i JOIN aftersales_return r ON r.id = i.parent_id
        WHERE r.inspected_at IS NOT NULL AND i.goods = 'frame' AND i.frame_id IS NOT NULL AND i.stock_entry_id IS NULL
        """,
    ),
    Invariant(
        "R4",
        "A return outside the policy was approved with a reason",
        """
        SELECT id, number FROM aftersales_return WHERE outside_policy AND decision_reason = ''
        """,
    ),
)
