"""What is always true of orders and money."""

from records.invariants import Invariant, declare

declare(
    Invariant(
        "I2",
        "A confirmed order is charged exactly what its approved quotation says",
        """
        SELECT o.id, q.total, coalesce(l.charged, 0) FROM orders_order o
        JOIN orders_quotation q ON q.order_id = o.id AND q.state = 'approved'
        LEFT JOIN (SELECT order_id, sum(amount) AS charged FROM orders_ledgerentry
                   WHERE kind IN ('charge', 'adjustment') GROUP BY order_id) l ON l.order_id = o.id
        WHERE o.state IN ('confirmed', 'in_production', 'ready') AND coalesce(l.charged, 0) <> q.total
          AND NOT EXISTS (SELECT 1 FROM orders_ledgerentry x
                          WHERE x.order_id = o.id AND x.kind = 'adjustment' AND x.quotation_version IS NULL)
        """,
    ),
    Invariant(
        "I1",
        "An entry is reversed at most once and by the same amount",
        """
        SELECT r.id FROM orders_ledgerentry r JOIN orders_ledgerentry e ON e.id = r.reverses_id
        WHERE abs(r.amount) > abs(e.amount) OR r.order_id <> e.order_id
        """,
    ),
    Invariant(
        "I1b",
        "A payment request is posted at most once, with its own amount and on its own order",
        """
        SELECT r.id FROM orders_paymentrequest r JOIN orders_ledgerentry e ON e.id = r.entry_id
        WHERE e.amount <> -r.amount OR e.order_id <> r.order_id OR e.method <> 'online'
        UNION
        SELECT e.id FROM orders_ledgerentry e LEFT JOIN orders_paymentrequest r ON r.entry_id = e.id
        WHERE e.kind = 'payment' AND e.method = 'online' AND r.id IS NULL
        """,
    ),
    Invariant(
        "I1c",
        "No more goes back over a gateway than came in by the same payment",
        """
        SELECT r.id FROM orders_paymentrequest r JOIN orders_gatewayrefund g ON g.request_id = r.id
        WHERE g.state <> 'failed' GROUP BY r.id, r.amount HAVING sum(g.amount) > r.amount
        """,
    ),
    Invariant(
        "I2d",
        "Credit that leaves an order arrives on the order it names, and nowhere else",
        """
        SELECT e.id FROM orders_ledgerentry e JOIN orders_order o ON o.id = e.order_id
        WHERE e.method = 'credit' AND (
            SELECT sum(x.amount) FROM orders_ledgerentry x JOIN orders_order y ON y.id = x.order_id
            WHERE x.method = 'credit' AND ((x.order_id = o.id AND x.reference = e.reference)
                                           OR (y.number = e.reference AND x.reference = o.number))
        ) <> 0
        """,
    ),
    Invariant(
        "I2e",
        "A paid claim stands in the ledger with its amount, on its order",
        """
        SELECT c.id FROM orders_claim c JOIN orders_ledgerentry e ON e.id = c.entry_id
        WHERE e.amount <> -c.paid OR e.order_id <> c.order_id OR e.method <> 'insurer'
        """,
    ),
    Invariant(
        "I2f",
        "The balance kept for lists is the sum of the order's ledger",
        """
        SELECT coalesce(l.order_id, b.order_id), l.charged, b.charged, l.paid, b.paid FROM
            (SELECT order_id, coalesce(sum(amount) FILTER (WHERE kind NOT IN ('payment', 'refund')), 0) AS charged,
                    coalesce(-sum(amount) FILTER (WHERE kind IN ('payment', 'refund')), 0) AS paid
             FROM orders_ledgerentry GROUP BY order_id) l
        FULL JOIN orders_orderbalance b ON b.order_id = l.order_id
        WHERE l.charged IS DISTINCT FROM b.charged OR l.paid IS DISTINCT FROM b.paid
        """,
    ),
    Invariant(
        "I15",
        "A payment belongs to a branch of its order",
        """
        SELECT l.id FROM orders_ledgerentry l JOIN orders_order o ON o.id = l.order_id
        WHERE l.branch_id NOT IN (o.branch_id, o.collect_branch_id)
        """,
    ),
    Invariant(
        "I18",
        "What a form is remembered to have done was done, and money taken by a form is remembered",
        """
        SELECT k.id, 'outcome without effect' FROM core_idempotencykey k
        WHERE k.outcome IS NULL
           OR (k.outcome ->> 'url' LIKE '/orders/receipts/%' AND NOT EXISTS (
               SELECT 1 FROM orders_ledgerentry e WHERE e.number = split_part(k.outcome ->> 'url', '/', 4)))
        UNION ALL
        SELECT e.id, 'effect without outcome' FROM orders_ledgerentry e
        WHERE e.kind = 'payment' AND e.source = 'counter' AND e.method <> 'online' AND e.idempotency_key IS NOT NULL
          AND e.split_of_id IS NULL AND e.at > now() - interval '6 days'
          AND NOT EXISTS (SELECT 1 FROM core_idempotencykey k WHERE k.key = e.idempotency_key AND k.outcome IS NOT NULL)
        """,
    ),
    Invariant(
        "I19",
        "The first promise never moves behind the order's own",
        """
        SELECT id FROM orders_order
        WHERE promised_on IS NOT NULL AND first_promised_on IS NULL AND confirmed_at IS NOT NULL
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
    Invariant(
        "I6b",
        "What changed after the customer agreed has a reason",
        """
        SELECT e.id, e.kind FROM records_event e
        WHERE e.kind IN ('order.frame_chosen', 'order.lens_chosen', 'order.measured', 'order.repromised')
          AND e.old <> '{}' AND e.reason = ''
          AND EXISTS (SELECT 1 FROM records_event a WHERE a.order_id = e.order_id AND a.kind = 'order.confirmed' AND a.id < e.id)
        """,
    ),
    Invariant(
        "I15c",
        "An order and its prescription are one customer's",
        """
        SELECT o.id, o.number FROM orders_order o JOIN prescriptions_prescription p ON p.id = o.prescription_id
        WHERE p.customer_id <> o.customer_id
        """,
    ),
)
