"""How fast frames sell, and how much money lies in old ones: from the stock ledger and its value at each month's end."""

from django.utils.translation import gettext_lazy as _

from reports.measures.base import Better, Cause, Kind, Measure, Unit

_CAUSES = """
    jsonb_build_object('brand', f.brand, 'supplier', coalesce(f.supplier_id::text, ''), 'frame_material', f.material)
"""
CAUSES = (Cause("brand", _("Brand")), Cause("supplier", _("Supplier")), Cause("frame_material", _("Frame material")))
# The last day of every month that has ended since the item's first entry, with what was on hand when it ended.
_MONTH_ENDS = """
    FROM inventory_stockitem i JOIN branches_branch b ON b.id = i.branch_id JOIN catalogue_frame f ON f.id = i.frame_id
    JOIN LATERAL (SELECT (min(e.at) AT TIME ZONE b.time_zone)::date AS began FROM inventory_stockentry e
        WHERE e.item_id = i.id) first ON true
    JOIN LATERAL (SELECT (m + interval '1 month - 1 day')::date AS ends
        FROM generate_series(date_trunc('month', first.began), (now() AT TIME ZONE b.time_zone)::date, interval '1 month') m
        WHERE m + interval '1 month' <= (now() AT TIME ZONE b.time_zone)::date) month ON true
    JOIN LATERAL (SELECT sum(e.quantity) AS held,
            coalesce(sum(e.quantity) FILTER (WHERE e.quantity > 0
                AND (e.at AT TIME ZONE b.time_zone)::date > month.ends - 180), 0) AS young
        FROM inventory_stockentry e WHERE e.item_id = i.id AND (e.at AT TIME ZONE b.time_zone)::date <= month.ends
    ) stock ON stock.held > 0
    WHERE i.id = ANY(%(ids)s)
"""

TURN = Measure(
    code="stock_turn",
    label=_("Stock turn"),
    question=_("Which frames stand still?"),
    kind=Kind.TURN,
    unit=Unit.STOCK,
    better=Better.HIGHER,
    in_money=True,
    definition=_("Cost of the frames sold, over the mean value of the stock at cost, on a year's scale."),
    population=_("Pieces sold in the period, and the value of the stock at each month's end in it."),
    edge_cases=_(
        "What customers return is taken off again. Transfers, counts and returns to the supplier are no sale. A period "
        "without a month's end has no figure."
    ),
    source=_("The ledger of the stock; the price that was paid, else the catalogue's cost."),
    noun=_("frames sold"),
    one=_("frame sold"),
    bars=_("Cost of frames sold"),
    causes=CAUSES,
    least=1,
    query=f"""
        SELECT i.branch_id, (e.at AT TIME ZONE b.time_zone)::date, i.id, e.id, null::bigint, -e.quantity,
               -e.quantity * coalesce(e.unit_cost, f.cost), 0, {_CAUSES}
        FROM inventory_stockitem i JOIN branches_branch b ON b.id = i.branch_id
        JOIN catalogue_frame f ON f.id = i.frame_id
        JOIN inventory_stockentry e ON e.item_id = i.id AND e.movement IN ('sold', 'returned')
        WHERE i.id = ANY(%(ids)s)
        UNION ALL
        SELECT i.branch_id, month.ends, i.id, -to_char(month.ends, 'YYYYMM')::bigint, null::bigint, 0, 0,
               stock.held * f.cost * extract(day FROM month.ends), {_CAUSES} {_MONTH_ENDS}
    """,
)

OLD_STOCK = Measure(
    code="old_stock",
    label=_("Old stock"),
    question=_("Whose frames lie longest?"),
    kind=Kind.RATE,
    unit=Unit.STOCK,
    better=Better.LOWER,
    in_money=True,
    definition=_("Value of the frames that have lain for more than 180 days, over the value of all frames in stock."),
    population=_("The stock at each month's end in the period, at cost."),
    edge_cases=_(
        "The oldest pieces are taken to be sold first. A transfer from another branch begins anew. A period without a month's "
        "end has no figure."
    ),
    source=_("The ledger of the stock and the catalogue's cost."),
    noun=_("in stock"),
    bars=_("Value of old frames"),
    hit=_("old"),
    miss=_("young"),
    causes=CAUSES,
    least=1,
    query=f"""
        SELECT i.branch_id, month.ends, i.id, -to_char(month.ends, 'YYYYMM')::bigint, null::bigint, stock.held * f.cost,
               greatest(stock.held - stock.young, 0) * f.cost, 0, {_CAUSES} {_MONTH_ENDS}
    """,
)
