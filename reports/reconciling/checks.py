"""What must agree between orders, payments, stock, messages, laboratory and shipping: one query each.

A query gives (branch id, record type, record id, label, what one side says, what the other side says) of every record on which the
two differ; none is right. Things under way get their time first, so that a running worker is no difference.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.states import Words

ORDERS, PAYMENTS, STOCK, MESSAGES, CUSTOMERS = "orders", "payments", "stock", "messages", "customers"
AREAS: dict[str, Words] = {
    ORDERS: _("Orders, laboratory and shipping"),
    PAYMENTS: _("Payments"),
    STOCK: _("Stock"),
    MESSAGES: _("Messages"),
    CUSTOMERS: _("Customers"),
}


@dataclass(frozen=True)
class Check:
    """`mend` says what a person does about a difference."""

    code: str
    area: str
    statement: Words
    mend: Words
    query: str


_PLACED = "('confirmed', 'in_production', 'ready', 'shipped', 'collected', 'closed')"

CHECKS = (
    Check(
        "charged",
        PAYMENTS,
        _("A placed order is charged what its approved quotation says, corrections told apart"),
        _("Look at the ledger of the order; post a correction with its reason."),
        f"""
        SELECT o.branch_id, 'orders.order', o.id, o.number, q.total::text, coalesce(l.charged, 0)::text
        FROM orders_order o JOIN orders_quotation q ON q.order_id = o.id AND q.state = 'approved'
        LEFT JOIN (SELECT order_id, sum(amount) AS charged FROM orders_ledgerentry
                   WHERE kind = 'charge' OR (kind = 'adjustment' AND quotation_version IS NOT NULL) GROUP BY order_id) l
            ON l.order_id = o.id
        WHERE o.state IN {_PLACED} AND coalesce(l.charged, 0) <> q.total
        """,
    ),
    Check(
        "handed_over_owing",
        PAYMENTS,
        _("What is handed over is paid, or has a day by which it will be"),
        _("Take the payment, or agree on a day."),
        """
        SELECT o.branch_id, 'orders.order', o.id, o.number, '0.00', sum(l.amount)::text
        FROM orders_order o JOIN orders_ledgerentry l ON l.order_id = o.id
        WHERE o.state IN ('collected', 'closed') AND o.payment_due_on IS NULL
        GROUP BY o.id HAVING sum(l.amount) > 0
        """,
    ),
    Check(
        "cancelled_owing",
        PAYMENTS,
        _("A cancelled order owes nothing and keeps nothing"),
        _("Refund what was paid, or correct the account."),
        """
        SELECT o.branch_id, 'orders.order', o.id, o.number, '0.00', sum(l.amount)::text
        FROM orders_order o JOIN orders_ledgerentry l ON l.order_id = o.id
        WHERE o.state = 'cancelled' GROUP BY o.id HAVING sum(l.amount) <> 0
        """,
    ),
    Check(
        "gateway_entry",
        PAYMENTS,
        _("What the gateway says was paid stands in the ledger with the same amount"),
        _("Compare the gateway's own list; correct the account."),
        """
        SELECT r.branch_id, 'orders.order', o.id, o.number, r.amount::text, coalesce(-l.amount, 0)::text
        FROM orders_paymentrequest r JOIN orders_order o ON o.id = r.order_id
        LEFT JOIN orders_ledgerentry l ON l.id = r.entry_id
        WHERE (r.state = 'paid' AND coalesce(-l.amount, 0) <> r.amount) OR r.state = 'mismatch'
        """,
    ),
    Check(
        "gateway_notice",
        PAYMENTS,
        _("Every notice of a gateway is applied within a quarter of an hour"),
        _("Look at the case of the job that failed; apply it again."),
        """
        SELECT o.branch_id, 'orders.order', o.id, o.number, 'applied', 'waiting since ' || to_char(n.received_at, 'YYYY-MM-DD HH24:MI')
        FROM orders_gatewaynotice n JOIN orders_paymentrequest r ON r.id = n.request_id JOIN orders_order o ON o.id = r.order_id
        WHERE n.applied_at IS NULL AND n.received_at < now() - interval '15 minutes'
        """,
    ),
    Check(
        "drawer",
        PAYMENTS,
        _("A closed drawer expected what its entries say"),
        _("Count again with the entries of the day; the difference needs its reason."),
        """
        SELECT d.branch_id, 'orders.drawersession', d.id, b.name || ' ' || to_char(d.closed_at, 'YYYY-MM-DD'),
               (d.opening_float - coalesce(sum(l.amount), 0))::text, d.expected::text
        FROM orders_drawersession d JOIN branches_branch b ON b.id = d.branch_id
        LEFT JOIN orders_ledgerentry l ON l.drawer_id = d.id
        WHERE d.closed_at IS NOT NULL GROUP BY d.id, b.id
        HAVING d.expected <> d.opening_float - coalesce(sum(l.amount), 0)
        """,
    ),
    Check(
        "balance_kept",
        PAYMENTS,
        _("The balance that lists show is the sum of the order's ledger"),
        _("The database adds it up by itself: tell whoever runs the practice."),
        """
        SELECT o.branch_id, 'orders.order', o.id, o.number, coalesce(l.owed, 0)::text, b.owed::text
        FROM orders_orderbalance b JOIN orders_order o ON o.id = b.order_id
        LEFT JOIN (SELECT order_id, sum(amount) AS owed FROM orders_ledgerentry GROUP BY order_id) l ON l.order_id = o.id
        WHERE b.owed <> coalesce(l.owed, 0)
        """,
    ),
    Check(
        "numbers",
        PAYMENTS,
        _("Numbers of money documents have no gap"),
        _("A document is missing: tell whoever runs the practice; the history of the ledger says when."),
        """
        SELECT e.branch_id, 'branches.branch', e.branch_id, regexp_replace(e.number, '-[0-9]+$', ''),
               max(right(e.number, 6)::int)::text, count(*)::text
        FROM orders_ledgerentry e GROUP BY e.branch_id, 4 HAVING max(right(e.number, 6)::int) <> count(*)
        """,
    ),
    Check(
        "claim_entry",
        PAYMENTS,
        _("What an insurer paid on a claim stands in the ledger of its order"),
        _("Compare the insurer's remittance; correct the account."),
        """
        SELECT o.branch_id, 'orders.order', o.id, o.number, c.paid::text, coalesce(-e.amount, 0)::text
        FROM orders_claim c JOIN orders_order o ON o.id = c.order_id LEFT JOIN orders_ledgerentry e ON e.id = c.entry_id
        WHERE c.state = 'paid' AND (e.id IS NULL OR e.amount <> -c.paid OR e.order_id <> c.order_id)
        """,
    ),
    Check(
        "bank_line",
        PAYMENTS,
        _("A settled line of a bank statement is a payment of the same amount that stands"),
        _("Open the line again and settle it anew."),
        """
        SELECT e.branch_id, 'orders.order', o.id, o.number, n.amount::text,
               CASE WHEN r.id IS NULL THEN (-e.amount)::text ELSE 'taken back' END
        FROM orders_bankline n JOIN orders_ledgerentry e ON e.id = n.entry_id JOIN orders_order o ON o.id = e.order_id
        LEFT JOIN orders_ledgerentry r ON r.reverses_id = e.id
        WHERE n.state IN ('posted', 'confirmed') AND (n.amount <> -e.amount OR r.id IS NOT NULL)
        """,
    ),
    Check(
        "transfer_unseen",
        PAYMENTS,
        _("A recorded transfer stands on the bank statement of its days"),
        _("Find it at the bank; if it never came, correct the account and ask for the money."),
        """
        SELECT e.branch_id, 'orders.order', o.id, o.number, (-e.amount)::text, 'on no statement'
        FROM orders_ledgerentry e JOIN orders_order o ON o.id = e.order_id
        JOIN (SELECT s.branch_id, min(n.booked_on) AS first, max(n.booked_on) AS last FROM orders_bankline n
              JOIN orders_bankstatement s ON s.id = n.batch_id WHERE n.is_kept GROUP BY s.branch_id) seen
            ON seen.branch_id = e.branch_id
        WHERE e.kind = 'payment' AND e.method = 'transfer' AND e.at::date BETWEEN seen.first AND seen.last - 7
          AND NOT EXISTS (SELECT 1 FROM orders_bankline n WHERE n.entry_id = e.id)
          AND NOT EXISTS (SELECT 1 FROM orders_ledgerentry r WHERE r.reverses_id = e.id)
        """,
    ),
    Check(
        "on_hand",
        STOCK,
        _("Stock on hand is the sum of its ledger"),
        _("Count the frame; the difference is posted with its reason."),
        """
        SELECT i.branch_id, 'inventory.stockitem', i.id, f.brand || ' ' || f.model || ', ' || f.colour,
               coalesce(sum(e.quantity), 0)::text, i.on_hand::text
        FROM inventory_stockitem i JOIN catalogue_frame f ON f.id = i.frame_id
        LEFT JOIN inventory_stockentry e ON e.item_id = i.id
        GROUP BY i.id, f.id HAVING i.on_hand <> coalesce(sum(e.quantity), 0)
        """,
    ),
    Check(
        "reserved",
        STOCK,
        _("What is reserved is the sum of held reservations"),
        _("Look at the reservations of the frame."),
        """
        SELECT i.branch_id, 'inventory.stockitem', i.id, f.brand || ' ' || f.model || ', ' || f.colour,
               coalesce(sum(r.quantity), 0)::text, i.reserved::text
        FROM inventory_stockitem i JOIN catalogue_frame f ON f.id = i.frame_id
        LEFT JOIN inventory_reservation r ON r.item_id = i.id AND r.state = 'held'
        GROUP BY i.id, f.id HAVING i.reserved <> coalesce(sum(r.quantity), 0)
        """,
    ),
    Check(
        "held_for_nobody",
        STOCK,
        _("A frame is held for an order that goes on"),
        _("Give the frame back to the stock."),
        """
        SELECT i.branch_id, 'orders.order', o.id, o.number, 'given back or sold', 'still held'
        FROM inventory_reservation r JOIN inventory_stockitem i ON i.id = r.item_id
        JOIN orders_framechoice c ON r.reference = 'orders.framechoice:' || c.id JOIN orders_order o ON o.id = c.order_id
        WHERE r.state = 'held' AND o.state IN ('collected', 'closed', 'cancelled')
        """,
    ),
    Check(
        "sold_not_taken",
        STOCK,
        _("The frame of an order that was handed over was taken from the stock"),
        _("Look at the frame's ledger; correct the stock with its reason."),
        """
        SELECT coalesce(c.stock_branch_id, o.branch_id), 'orders.order', o.id, o.number, 'sold', coalesce(r.state, 'never held')
        FROM orders_order o JOIN orders_framechoice c ON c.order_id = o.id
        LEFT JOIN LATERAL (SELECT x.state FROM inventory_reservation x
                           WHERE x.reference = 'orders.framechoice:' || c.id ORDER BY x.id DESC LIMIT 1) r ON true
        WHERE o.state IN ('collected', 'closed') AND c.status = 'supply' AND r.state IS DISTINCT FROM 'consumed'
        """,
    ),
    Check(
        "transfer_lost",
        STOCK,
        _("Frames on their way between branches arrive within two weeks"),
        _("Ask both branches; receive what came and open the difference."),
        """
        SELECT t.to_branch_id, 'inventory.transfer', t.id, t.number, 'received', 'sent ' || to_char(t.sent_at, 'YYYY-MM-DD')
        FROM inventory_transfer t WHERE t.state = 'sent' AND t.sent_at < now() - interval '14 days'
        """,
    ),
    Check(
        "no_job",
        ORDERS,
        _("An order in production has a job in the laboratory"),
        _("Release the order again, or look at its last job."),
        """
        SELECT o.branch_id, 'orders.order', o.id, o.number, 'a job under way', 'none'
        FROM orders_order o WHERE o.state = 'in_production' AND NOT EXISTS (
            SELECT 1 FROM labjobs_job j WHERE j.order_id = o.id AND j.state NOT IN ('collected', 'remade', 'cancelled'))
        """,
    ),
    Check(
        "job_of_nothing",
        ORDERS,
        _("The laboratory works on orders that go on"),
        _("Stop the job."),
        """
        SELECT j.branch_id, 'labjobs.job', j.id, j.number, 'an order that goes on', o.state
        FROM labjobs_job j JOIN orders_order o ON o.id = j.order_id
        WHERE j.state NOT IN ('collected', 'remade', 'cancelled') AND o.state IN ('cancelled', 'closed')
        """,
    ),
    Check(
        "ready_not_said",
        ORDERS,
        _("An order whose job is ready is ready itself"),
        _("Look at the job: receive it again, or put right the order."),
        """
        SELECT o.branch_id, 'labjobs.job', j.id, j.number, 'ready', o.state
        FROM labjobs_job j JOIN orders_order o ON o.id = j.order_id
        WHERE j.state = 'ready' AND o.state IN ('confirmed', 'in_production') AND j.ready_at < now() - interval '1 hour'
        """,
    ),
    Check(
        "delivered_not_closed",
        ORDERS,
        _("What the carrier has delivered is handed over"),
        _("Ask the customer, and record that the glasses arrived."),
        """
        SELECT o.branch_id, 'orders.order', o.id, o.number, 'collected', o.state
        FROM shipping_shipment s JOIN orders_order o ON o.id = s.order_id
        WHERE s.state = 'delivered' AND s.to_branch_id IS NULL AND o.state = 'shipped' AND s.delivered_at < now() - interval '1 day'
        """,
    ),
    Check(
        "shipped_without_parcel",
        ORDERS,
        _("A shipped order has a parcel that was handed over"),
        _("Record the shipment, or take the order back to ready."),
        """
        SELECT o.branch_id, 'orders.order', o.id, o.number, 'a parcel handed over', 'none'
        FROM orders_order o WHERE o.state = 'shipped' AND NOT EXISTS (
            SELECT 1 FROM shipping_shipment s WHERE s.order_id = o.id AND s.handed_over_at IS NOT NULL AND s.state <> 'cancelled')
        """,
    ),
    Check(
        "silent_parcel",
        ORDERS,
        _("A parcel under way is heard of within ten days"),
        _("Ask the carrier."),
        """
        SELECT s.branch_id, 'orders.order', s.order_id, s.number, 'a word of the carrier',
               'silent since ' || to_char(coalesce(s.last_word_at, s.handed_over_at), 'YYYY-MM-DD')
        FROM shipping_shipment s WHERE s.state NOT IN ('packed', 'delivered', 'returned', 'cancelled')
          AND coalesce(s.last_word_at, s.handed_over_at) < now() - interval '10 days'
        """,
    ),
    Check(
        "not_told_ready",
        MESSAGES,
        _("The customer of an order that became ready has a message about it"),
        _("Send the message, or ring; both are recorded."),
        """
        SELECT o.branch_id, 'orders.order', o.id, o.number, 'a message', 'none'
        FROM orders_order o WHERE o.state = 'ready' AND o.ready_at BETWEEN now() - interval '60 days' AND now() - interval '1 hour'
          AND NOT EXISTS (SELECT 1 FROM notifications_message m WHERE m.order_id = o.id AND m.created_at >= o.ready_at - interval '5 minutes')
        """,
    ),
    Check(
        "stuck_message",
        MESSAGES,
        _("A message that may leave has left within the hour"),
        _("Look at the page of messages; a paused channel says why."),
        """
        SELECT m.branch_id, 'notifications.message', m.id, m.template_key || ' ' || m.channel, 'sent',
               m.state || ' since ' || to_char(m.created_at, 'YYYY-MM-DD HH24:MI')
        FROM notifications_message m WHERE m.state IN ('queued', 'retry', 'sending') AND m.branch_id IS NOT NULL
          AND m.not_before < now() - interval '1 hour'
        """,
    ),
    Check(
        "given_up_unhandled",
        MESSAGES,
        _("A message that could not be delivered was dealt with in three days"),
        _("Reach the customer another way and close the message."),
        """
        SELECT m.branch_id, 'notifications.message', m.id, m.template_key || ' ' || m.channel, 'dealt with',
               'given up ' || to_char(m.created_at, 'YYYY-MM-DD')
        FROM notifications_message m WHERE m.state = 'dead' AND m.handled_at IS NULL AND m.branch_id IS NOT NULL
          AND m.created_at < now() - interval '3 days'
        """,
    ),
    Check(
        "merged_with_work",
        CUSTOMERS,
        _("Open work stands under the record that was kept in a merge"),
        _("Open the kept customer and move the order."),
        """
        SELECT o.branch_id, 'orders.order', o.id, o.number, 'under ' || k.number, 'under ' || c.number
        FROM orders_order o JOIN customers_customer c ON c.id = o.customer_id
        JOIN customers_customer k ON k.id = c.merged_into_id
        WHERE o.state NOT IN ('collected', 'closed', 'cancelled')
        """,
    ),
)
BY_CODE = {check.code: check for check in CHECKS}
