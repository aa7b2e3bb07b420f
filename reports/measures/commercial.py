"""Margins, repeat customers, conversion of quotations, capture of eye tests."""

from django.utils.translation import gettext_lazy as _

from core.states import Words
from reports.measures.base import SAME_PERSON, Better, Cause, Kind, Measure, Unit

SELLER = Cause("seller", _("Seller"))
DISCOUNT = Cause("discount", _("Discount reason"))
LOSS = Cause("loss", _("Sale, refund or remake"))

# Net of a line before tax: prices that include tax are divided by one plus the rate, to the cent for each line.
_NET = "CASE WHEN q.tax_included THEN round(n.net / (1 + q.tax_percent / 100), 2) ELSE n.net END"
_GOODS = """
    LEFT JOIN orders_framechoice f ON f.order_id = o.id
    LEFT JOIN catalogue_frame fr ON fr.id = f.frame_id
    LEFT JOIN orders_lensspecification s ON s.order_id = o.id
    LEFT JOIN catalogue_lensproduct p ON p.id = coalesce(s.right_id, s.left_id)
"""
# What share of the order's net the lines of this measure are: refunds fall on frame and lenses alike.
_SHARE = """
    (SELECT coalesce(sum(x.net) FILTER (WHERE x.kind IN ({kinds})) / nullif(sum(x.net), 0), 0)
     FROM orders_quotationline x WHERE x.quotation_id = q.id)
"""


def _margin_query(kinds: str, causes: str, remake_cost: str) -> str:
    """Sales by line, refunds by their share, and (for lenses) the cost of remakes, each on its own day."""
    share = _SHARE.format(kinds=kinds)
    common = f"'seller', coalesce(o.seller_id::text, ''), {causes}"
    refund = f"round(l.amount * {share} / CASE WHEN q.tax_included THEN 1 + q.tax_percent / 100 ELSE 1 END, 2)"
    return f"""
        SELECT o.branch_id, (o.confirmed_at AT TIME ZONE b.time_zone)::date, o.id, n.id, o.id, 1,
               {_NET} - n.unit_cost * n.quantity, {_NET},
               jsonb_build_object('loss', 'sale', 'discount', coalesce(n.discount_reason, ''), {common})
        FROM orders_order o JOIN branches_branch b ON b.id = o.branch_id
        JOIN orders_quotation q ON q.order_id = o.id AND q.state = 'approved'
        JOIN orders_quotationline n ON n.quotation_id = q.id AND n.kind IN ({kinds}) {_GOODS}
        WHERE o.id = ANY(%(ids)s) AND o.confirmed_at IS NOT NULL AND o.state <> 'cancelled'
        UNION ALL
        SELECT o.branch_id, (l.at AT TIME ZONE b.time_zone)::date, o.id, -l.id, o.id, 0, {refund}, {refund},
               jsonb_build_object('loss', 'refund', 'discount', '', {common})
        FROM orders_order o JOIN branches_branch b ON b.id = o.branch_id
        JOIN orders_quotation q ON q.order_id = o.id AND q.state = 'approved'
        JOIN orders_ledgerentry l ON l.order_id = o.id AND l.kind = 'adjustment' AND l.quotation_version IS NULL
             AND NOT (l.amount > 0 AND EXISTS (SELECT 1 FROM labjobs_remake r
                      WHERE r.order_id = o.id AND r.payer = 'customer' AND r.cost = l.amount)) {_GOODS}
        WHERE o.id = ANY(%(ids)s) AND o.confirmed_at IS NOT NULL AND o.state <> 'cancelled'
        {remake_cost.format(common=common, goods=_GOODS)}
    """


_REMAKE_COST = """
        UNION ALL
        SELECT o.branch_id, (j.released_at AT TIME ZONE b.time_zone)::date, o.id, 1000000000000 + j.id, o.id, 0,
               -coalesce(j.remake_cost, 0), 0,
               jsonb_build_object('loss', 'remake', 'discount', '', {common})
        FROM orders_order o JOIN branches_branch b ON b.id = o.branch_id
        JOIN labjobs_job j ON j.order_id = o.id AND j.remake_of_id IS NOT NULL AND coalesce(j.remake_cost, 0) <> 0
             AND j.payer = 'shop' AND j.state <> 'cancelled' {goods}
        WHERE o.id = ANY(%(ids)s) AND o.confirmed_at IS NOT NULL AND o.state <> 'cancelled'
"""
_DEFINITION = _(
    "What is left of the money taken, before tax, after discounts and the cost of the goods, in per cent of it."
)
_POPULATION = _(
    "Lines of the approved quotation of orders confirmed in the period; corrections and remakes by their own day."
)
_EDGES = _(
    "Cancelled orders do not count. A price changed after the sale, or money given back, falls on frame and lenses by their "
    "share. The cost of a remake that the practice pays reduces the lens margin; what a customer pays for a remake is "
    "neither sale nor cost."
)
_SOURCE = _("Quotation lines with the cost frozen at the sale, adjustments of the ledger, cost of remakes.")


def _margin(code: str, words: tuple[Words, Words], causes: tuple[Cause, ...], query: str) -> Measure:
    return Measure(
        code=code,
        label=words[0],
        question=words[1],
        kind=Kind.MARGIN,
        unit=Unit.ORDER,
        better=Better.HIGHER,
        headline=True,
        definition=_DEFINITION,
        population=_POPULATION,
        edge_cases=_EDGES,
        source=_SOURCE,
        noun=_("lines sold"),
        one=_("line sold"),
        bars=_("Money kept"),
        causes=causes,
        query=query,
    )


FRAME_MARGIN = _margin(
    "frame_margin",
    (_("Frame margin"), _("Which causes are weakening frame margin?")),
    (Cause("brand", _("Brand")), Cause("supplier", _("Supplier")), SELLER, DISCOUNT, LOSS),
    _margin_query(
        "'frame'", "'brand', coalesce(fr.brand, ''), 'supplier', coalesce(fr.supplier_id::text, '')", remake_cost=""
    ),
)

LENS_MARGIN = _margin(
    "lens_margin",
    (_("Lens margin"), _("Which causes are weakening lens margin?")),
    (
        Cause("design", _("Lens design")),
        Cause("material", _("Lens material")),
        Cause("supplier", _("Supplier")),
        SELLER,
        DISCOUNT,
        LOSS,
    ),
    _margin_query(
        "'lens', 'add_on', 'surcharge'",
        "'design', coalesce(p.design, ''), 'material', coalesce(p.material, ''), 'supplier', coalesce(p.supplier_id::text, '')",
        remake_cost=_REMAKE_COST,
    ),
)

REPEAT = Measure(
    code="repeat",
    label=_("Repeat customer rate"),
    question=_("Which causes are weakening repeat customer rate?"),
    kind=Kind.RATE,
    unit=Unit.ORDER,
    better=Better.HIGHER,
    headline=True,
    definition=_("Orders of customers who had confirmed another order in the 36 months before, over all orders."),
    population=_("Orders confirmed in the period; the customer is the one the record was merged into."),
    edge_cases=_(
        "A second pair confirmed on the same day does not make a repeat customer. Cancelled orders do not count."
    ),
    source=_("Confirmed orders of the customer, in every branch."),
    noun=_("orders"),
    bars=_("Orders of new customers"),
    hit=_("came back"),
    miss=_("new customer"),
    causes=(
        SELLER,
        Cause("last_outcome", _("How the last order went")),
        Cause("age", _("Age of the customer")),
        Cause("home", _("Home branch")),
    ),
    query=f"""
        SELECT o.branch_id, (o.confirmed_at AT TIME ZONE b.time_zone)::date, o.id, 0, o.id, 1,
               CASE WHEN earlier.id IS NOT NULL THEN 1 ELSE 0 END, 0,
               jsonb_build_object('seller', coalesce(o.seller_id::text, ''), 'home', c.home_branch_id::text,
                   'last_outcome', CASE
                       WHEN earlier.id IS NULL THEN 'first order'
                       WHEN EXISTS (SELECT 1 FROM labjobs_job j WHERE j.order_id = earlier.id AND j.remake_of_id IS NOT NULL)
                           THEN 'remade'
                       WHEN earlier.ready_at IS NOT NULL
                            AND (earlier.ready_at AT TIME ZONE b.time_zone)::date > earlier.first_promised_on THEN 'late'
                       ELSE 'as promised' END,
                   'age', CASE WHEN c.birth_date IS NULL THEN ''
                       ELSE (extract(year FROM age((o.confirmed_at AT TIME ZONE b.time_zone)::date, c.birth_date))::int / 10 * 10)::text END)
        FROM orders_order o JOIN branches_branch b ON b.id = o.branch_id
        JOIN customers_customer c ON c.id = o.customer_id
        LEFT JOIN LATERAL (SELECT e.* FROM orders_order e
            WHERE e.customer_id IN {SAME_PERSON.format(column="o.customer_id")} AND e.state <> 'cancelled'
              AND e.confirmed_at < o.confirmed_at AND e.confirmed_at >= o.confirmed_at - interval '36 months'
              AND (e.confirmed_at AT TIME ZONE b.time_zone)::date < (o.confirmed_at AT TIME ZONE b.time_zone)::date
            ORDER BY e.confirmed_at DESC LIMIT 1) earlier ON true
        WHERE o.id = ANY(%(ids)s) AND o.confirmed_at IS NOT NULL AND o.state <> 'cancelled'
    """,
)

CONVERSION = Measure(
    code="conversion",
    label=_("Quotation conversion"),
    question=_("Which causes lose quotations?"),
    kind=Kind.RATE,
    unit=Unit.ORDER,
    better=Better.HIGHER,
    definition=_("Orders confirmed, over all orders that were quoted."),
    population=_("Orders by the day of their first quotation."),
    edge_cases=_("A quotation made again is the same order. One still waiting counts as not confirmed yet."),
    source=_("Quotations and confirmation of the order."),
    noun=_("orders quoted"),
    bars=_("Quotations not confirmed"),
    hit=_("confirmed"),
    miss=_("not confirmed"),
    causes=(SELLER, Cause("declined", _("Reason given")), Cause("by", _("Decided by"))),
    query="""
        SELECT o.branch_id, (first.recorded_at AT TIME ZONE b.time_zone)::date, o.id, 0, o.id, 1,
               CASE WHEN o.confirmed_at IS NOT NULL THEN 1 ELSE 0 END, 0,
               jsonb_build_object('seller', coalesce(o.seller_id::text, ''), 'declined', coalesce(last.declined_reason, ''),
                   'by', last.state)
        FROM orders_order o JOIN branches_branch b ON b.id = o.branch_id
        JOIN LATERAL (SELECT q.* FROM orders_quotation q WHERE q.order_id = o.id ORDER BY q.version LIMIT 1) first ON true
        JOIN LATERAL (SELECT q.* FROM orders_quotation q WHERE q.order_id = o.id
            ORDER BY q.version DESC LIMIT 1) last ON true
            WHERE o.id = ANY(%(ids)s)
    """,
)

CAPTURE = Measure(
    code="capture",
    label=_("Capture rate"),
    question=_("Which eye tests leave without spectacles?"),
    kind=Kind.RATE,
    unit=Unit.PRESCRIPTION,
    better=Better.HIGHER,
    definition=_("Own prescriptions signed that led to a confirmed order within 30 days, over all signed."),
    population=_(
        "First versions of prescriptions from own eye tests, by the day on which their 30 days were over; contact lenses not "
        "counted."
    ),
    edge_cases=_(
        "A correction is the same prescription. One younger than 30 days does not count yet, so that all had the same time."
    ),
    source=_("Signed prescriptions and confirmed orders of the customer."),
    noun=_("prescriptions"),
    bars=_("Prescriptions without an order"),
    hit=_("ordered"),
    miss=_("no order"),
    causes=(Cause("prescriber", _("Prescriber")), Cause("rx_kind", _("Kind of prescription"))),
    query=f"""
        SELECT rx.branch_id, ((rx.signed_at + interval '30 days') AT TIME ZONE b.time_zone)::date, rx.id, 0, null::bigint, 1,
               CASE WHEN EXISTS (SELECT 1 FROM orders_order o
                   WHERE o.customer_id IN {SAME_PERSON.format(column="rx.customer_id")}
                   AND o.state <> 'cancelled' AND o.confirmed_at >= rx.signed_at
                   AND o.confirmed_at < rx.signed_at + interval '30 days') THEN 1 ELSE 0 END, 0,
               jsonb_build_object('prescriber', coalesce(rx.signed_by_id::text, rx.prescriber_name), 'rx_kind', rx.kind)
        FROM prescriptions_prescription rx JOIN branches_branch b ON b.id = rx.branch_id
        WHERE rx.id = ANY(%(ids)s) AND rx.version = 1 AND rx.origin = 'own_test'
          AND rx.signed_at <= now() - interval '30 days'
          AND rx.kind <> 'contact_lens' AND rx.state <> 'entered_in_error'
    """,
)
