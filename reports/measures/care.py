"""What customers say, whether they come when called, whether they fetch what is ready, and calls the order link saves."""

from django.utils.translation import gettext_lazy as _

from reports.measures.base import SAME_PERSON, Better, Cause, Kind, Measure, Unit
from reports.measures.laboratory import CARRIER, CARRIER_ID

_LAB = """
    LEFT JOIN LATERAL (SELECT j.lab_id FROM labjobs_job j WHERE j.order_id = o.id ORDER BY j.id DESC LIMIT 1) l ON true
"""

SATISFACTION = Measure(
    code="satisfaction",
    label=_("Customer satisfaction"),
    question=_("What makes customers less content?"),
    kind=Kind.MEAN,
    unit=Unit.ORDER,
    better=Better.HIGHER,
    mean_unit=_("of 5"),
    weighs_amount=True,
    definition=_("Mean of the ratings from 1 to 5 that customers gave."),
    population=_("Every rating given in the period: tracking, waiting time and product each count as one."),
    edge_cases=_("A question that was skipped does not count. An order is rated once; a second answer is not taken."),
    source=_("The feedback page that customers get after the hand-over."),
    noun=_("ratings"),
    one=_("rating"),
    bars=_("Points lost (of 5 each)"),
    causes=(
        Cause("question", _("Question")),
        Cause("delivery", _("Delivery")),
        CARRIER,
        Cause("lab", _("Laboratory")),
        Cause("seller", _("Seller")),
        Cause("brand", _("Brand")),
        Cause("design", _("Lens design")),
    ),
    query=f"""
        SELECT o.branch_id, (e.at AT TIME ZONE b.time_zone)::date, o.id,
               array_position(ARRAY['tracking', 'time', 'product'], r.key), o.id, 1, r.value::int, 5 - r.value::int,
               jsonb_build_object('question', r.key, 'delivery', o.delivery, 'carrier', {CARRIER_ID}, 'lab', coalesce(l.lab_id::text, ''),
                   'seller', coalesce(o.seller_id::text, ''), 'brand', coalesce(fr.brand, ''),
                   'design', coalesce(p.design, ''))
        FROM orders_order o JOIN branches_branch b ON b.id = o.branch_id
        JOIN LATERAL (SELECT x.at, x.data FROM records_event x WHERE x.order_id = o.id AND x.kind = 'feedback.given'
            ORDER BY x.id LIMIT 1) e ON true
        JOIN LATERAL jsonb_each_text(e.data) r ON r.key IN ('tracking', 'time', 'product') AND r.value IN ('1','2','3','4','5')
        LEFT JOIN orders_framechoice f ON f.order_id = o.id LEFT JOIN catalogue_frame fr ON fr.id = f.frame_id
        LEFT JOIN orders_lensspecification s ON s.order_id = o.id
        LEFT JOIN catalogue_lensproduct p ON p.id = coalesce(s.right_id, s.left_id) {_LAB}
        WHERE o.id = ANY(%(ids)s)
    """,
)

RECALL = Measure(
    code="recall",
    label=_("Recall response"),
    question=_("Which recalls bring nobody in?"),
    kind=Kind.RATE,
    unit=Unit.RECALL,
    better=Better.HIGHER,
    definition=_("Customers who booked or came within 60 days of their recall, over all recalls."),
    population=_("Recalls by the day on which their 60 days were over."),
    edge_cases=_(
        "One younger than 60 days does not count yet, so that all had the same time. A cancelled appointment is no answer. A "
        "customer whose record was merged is one person."
    ),
    source=_("Recalls that fell due, appointments and visits of the customer in every branch."),
    noun=_("recalls"),
    bars=_("Recalls without an answer"),
    hit=_("came"),
    miss=_("no answer"),
    causes=(
        Cause("reached", _("Reached by")),
        Cause("called", _("Called by telephone")),
        Cause("age", _("Age of the customer")),
    ),
    query=f"""
        SELECT coalesce(e.branch_id, c.home_branch_id), ((e.at + interval '60 days') AT TIME ZONE b.time_zone)::date, e.id, 0, null::bigint, 1,
               CASE WHEN EXISTS (SELECT 1 FROM visits_appointment a WHERE a.customer_id IN {SAME_PERSON.format(column="c.id")}
                        AND a.state <> 'cancelled' AND a.recorded_at >= e.at AND a.recorded_at < e.at + interval '60 days')
                      OR EXISTS (SELECT 1 FROM visits_visit v WHERE v.customer_id IN {SAME_PERSON.format(column="c.id")}
                        AND v.arrived_at >= e.at AND v.arrived_at < e.at + interval '60 days')
                    THEN 1 ELSE 0 END, 0,
               jsonb_build_object(
                   'reached', coalesce((SELECT m.channel FROM notifications_message m WHERE m.event_id = e.id
                       AND m.state IN ('sent', 'delivered') ORDER BY m.id LIMIT 1), 'nobody'),
                   'called', CASE WHEN EXISTS (SELECT 1 FROM records_event x WHERE x.kind = 'customer.called'
                       AND x.customer_id = e.customer_id AND x.at >= e.at AND x.at < e.at + interval '60 days')
                       THEN 'yes' ELSE 'no' END,
                   'age', CASE WHEN c.birth_date IS NULL THEN ''
                       ELSE (extract(year FROM age((e.at AT TIME ZONE b.time_zone)::date, c.birth_date))::int / 10 * 10)::text
                       END)
        FROM records_event e JOIN customers_customer c ON c.id = e.customer_id
        JOIN branches_branch b ON b.id = coalesce(e.branch_id, c.home_branch_id)
        WHERE e.id = ANY(%(ids)s) AND e.kind = 'customer.recall_due' AND e.at <= now() - interval '60 days'
    """,
)

UNCOLLECTED = Measure(
    code="uncollected",
    label=_("Not fetched in 14 days"),
    question=_("Which ready orders stay in the drawer?"),
    kind=Kind.RATE,
    unit=Unit.ORDER,
    better=Better.LOWER,
    definition=_("Orders not handed over within 14 days of being ready, over all orders that became ready."),
    population=_("Orders by the day on which the 14 days after they became ready were over."),
    edge_cases=_(
        "One that is ready for less than 14 days does not count yet, fetched or not, so that all had the same time. One that "
        "went back to the laboratory counts from the day it was ready again. Cancelled orders do not count."
    ),
    source=_("Ready and hand-over times of the order."),
    noun=_("orders ready"),
    bars=_("Orders not fetched"),
    hit=_("not fetched"),
    miss=_("fetched in time"),
    causes=(
        Cause("told", _("Told that it is ready")),
        Cause("owing", _("Money owed")),
        Cause("delivery", _("Delivery")),
        Cause("seller", _("Seller")),
        Cause("kept", _("First promise kept")),
    ),
    query="""
        SELECT o.branch_id, ((o.ready_at + interval '14 days') AT TIME ZONE b.time_zone)::date, o.id, 0, o.id, 1,
               CASE WHEN o.collected_at < o.ready_at + interval '14 days' THEN 0 ELSE 1 END, 0,
               jsonb_build_object(
                   'told', CASE WHEN EXISTS (SELECT 1 FROM notifications_message m WHERE m.order_id = o.id
                       AND m.template_key IN ('order_ready', 'ready_to_send') AND m.state IN ('sent', 'delivered')) THEN 'yes' ELSE 'no' END,
                   'owing', CASE WHEN coalesce((SELECT sum(x.amount) FROM orders_ledgerentry x WHERE x.order_id = o.id), 0) > 0
                       THEN 'yes' ELSE 'no' END,
                   'delivery', o.delivery, 'seller', coalesce(o.seller_id::text, ''),
                   'kept', CASE WHEN (o.ready_at AT TIME ZONE b.time_zone)::date <= o.first_promised_on THEN 'yes'
                       ELSE 'no' END)
        FROM orders_order o JOIN branches_branch b ON b.id = o.branch_id
        WHERE o.id = ANY(%(ids)s) AND o.ready_at <= now() - interval '14 days' AND o.state <> 'cancelled'
    """,
)

LINK_USE = Measure(
    code="link_use",
    label=_("Calls saved by the order link"),
    question=_("Whose customers look for themselves?"),
    kind=Kind.MEAN,
    unit=Unit.ORDER,
    better=Better.HIGHER,
    mean_unit=_("looks an order"),
    definition=_("How often customers opened the page of their order, for each confirmed order."),
    population=_("Confirmed orders by the day of confirmation; every opening until today."),
    edge_cases=_("Each look saves one call at most: it is an upper limit. Cancelled orders do not count."),
    source=_("The counters of the order links."),
    noun=_("orders"),
    one=_("order"),
    bars=_("Looks at the order page"),
    causes=(
        Cause("channel", _("Link sent by")),
        Cause("seller", _("Seller")),
        Cause("delivery", _("Delivery")),
    ),
    query="""
        SELECT o.branch_id, (o.confirmed_at AT TIME ZONE b.time_zone)::date, o.id, 0, o.id, 1,
               coalesce((SELECT sum(k.use_count) FROM orders_orderlink k WHERE k.order_id = o.id), 0), 0,
               jsonb_build_object(
                   'channel', coalesce((SELECT k.channel FROM orders_orderlink k WHERE k.order_id = o.id
                       ORDER BY k.use_count DESC, k.id LIMIT 1), ''),
                   'seller', coalesce(o.seller_id::text, ''), 'delivery', o.delivery)
        FROM orders_order o JOIN branches_branch b ON b.id = o.branch_id
        WHERE o.id = ANY(%(ids)s) AND o.confirmed_at IS NOT NULL AND o.state <> 'cancelled'
    """,
)
