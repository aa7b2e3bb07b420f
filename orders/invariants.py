"""What is always true of orders and their money."""

from records.invariants import Invariant, declare

declare(
    Invariant(
        "I1",
        "One form has posted at most one payment",
        """
        SELECT idempotency_key FROM orders_ledgerentry WHERE idempotency_key IS NOT NULL
        GROUP BY idempotency_key HAVING count(*) > 1
        """,
    ),
    Invariant(
        "I2",
        "What an order was charged is the total of the quotation its customer approved last, or nothing once cancelled",
        """
        SELECT o.number FROM orders_order o
          JOIN orders_quotation q ON q.order_id = o.id AND q.state = 'approved'
          LEFT JOIN orders_ledgerentry e ON e.order_id = o.id AND e.kind IN ('charge', 'adjustment')
               AND (e.kind = 'charge' OR e.quotation_version IS NOT NULL)
        WHERE o.state IN ('confirmed', 'in_production', 'ready', 'shipped', 'collected', 'closed')
          AND NOT EXISTS (SELECT 1 FROM orders_ledgerentry f
                          WHERE f.order_id = o.id AND f.kind = 'adjustment' AND f.quotation_version IS NULL)
        GROUP BY o.number, q.total HAVING coalesce(sum(e.amount), 0) <> q.total
        """,
    ),
    Invariant(
        "I2b",
        "Nobody got back more than was paid",
        """
        SELECT order_id FROM orders_ledgerentry WHERE kind IN ('payment', 'refund')
        GROUP BY order_id HAVING sum(amount) > 0
        """,
    ),
    Invariant(
        "I2c",
        "Numbers of money documents have no gap",
        """
        SELECT branch_id, kind, substring(number FROM '-[A-Z]([0-9]+)-') AS year FROM orders_ledgerentry
        GROUP BY 1, 2, 3 HAVING max(right(number, 6)::int) <> count(*)
        """,
    ),
)
