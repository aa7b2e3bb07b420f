"""Turnaround, rework and on-time delivery."""

from django.utils.translation import gettext_lazy as _

from reports.measures.base import Better, Cause, Kind, Measure, Unit

_LENS = """
    LEFT JOIN orders_lensspecification s ON s.order_id = o.id
    LEFT JOIN catalogue_lensproduct p ON p.id = coalesce(s.right_id, s.left_id)
    LEFT JOIN prescriptions_prescription rx ON rx.id = o.prescription_id
"""
_LENS_CAUSES = """
    'design', coalesce(p.design, ''), 'material', coalesce(p.material, ''), 'supplier', coalesce(p.supplier_id::text, ''),
    'prescriber', CASE WHEN rx.origin = 'own_test' THEN coalesce(rx.signed_by_id::text, rx.prescriber_name)
        ELSE coalesce(rx.prescriber_name, '') END
"""
LENS_CAUSES = (
    Cause("design", _("Lens design")),
    Cause("material", _("Lens material")),
    Cause("supplier", _("Lens supplier")),
    Cause("prescriber", _("Prescriber")),
)
CARRIER = Cause("carrier", _("Carrier"))
CARRIER_ID = """
    coalesce((SELECT t.carrier_id::text FROM shipping_shipment t WHERE t.order_id = o.id AND t.state <> 'cancelled'
              AND t.to_branch_id IS NULL ORDER BY t.id DESC LIMIT 1), '')
"""
# The stage in which a job stood longest, from its moves; the last stage ends when the job was ready.
_LONGEST = """
    LEFT JOIN LATERAL (
        SELECT m.to_stage AS stage FROM (
            SELECT to_stage, lead(at, 1, j.ready_at) OVER (ORDER BY id) - at AS stood
            FROM labjobs_jobmove WHERE job_id = j.id) m
        GROUP BY m.to_stage ORDER BY sum(m.stood) DESC NULLS LAST, m.to_stage LIMIT 1
    ) longest ON true
"""

LAB_TURNAROUND = Measure(
    code="lab_turnaround",
    label=_("Laboratory turnaround"),
    question=_("Which causes are weakening laboratory turnaround?"),
    kind=Kind.HOURS,
    unit=Unit.ORDER,
    better=Better.LOWER,
    headline=True,
    definition=_(
        "Whole hours from the release of a job to its arrival in the shop, ready for fitting: median and p90."
    ),
    population=_("Every job that became ready in the period, remakes included, each as its own job."),
    edge_cases=_("Time on hold counts. A job that is not ready yet, or was cancelled, is not counted."),
    source=_("Release and ready times of the laboratory job, in the branch's zone."),
    noun=_("jobs"),
    one=_("job"),
    bars=_("Hours in the laboratory"),
    causes=(
        Cause("stage", _("Stage it stood in longest")),
        Cause("lab", _("Laboratory")),
        Cause("held", _("Put on hold")),
        *LENS_CAUSES,
    ),
    query=f"""
        SELECT o.branch_id, (j.ready_at AT TIME ZONE b.time_zone)::date, o.id, j.id, o.id, 1, 0,
               floor(extract(epoch FROM j.ready_at - j.released_at) / 3600),
               jsonb_build_object('stage', coalesce(longest.stage, ''), 'lab', l.id::text,
                   'held', CASE WHEN EXISTS (SELECT 1 FROM records_event e WHERE e.kind = 'labjob.held'
                       AND e.subject_type = 'labjobs.job' AND e.subject_id = j.id) THEN 'yes' ELSE 'no' END,
                   {_LENS_CAUSES})
        FROM labjobs_job j JOIN orders_order o ON o.id = j.order_id JOIN branches_branch b ON b.id = o.branch_id
        JOIN labjobs_lab l ON l.id = j.lab_id {_LENS} {_LONGEST}
        WHERE o.id = ANY(%(ids)s) AND j.ready_at IS NOT NULL AND j.state <> 'cancelled'
    """,
)

ORDER_TURNAROUND = Measure(
    code="order_turnaround",
    label=_("Order to collection"),
    question=_("Which causes make customers wait?"),
    kind=Kind.HOURS,
    unit=Unit.ORDER,
    better=Better.LOWER,
    definition=_("Whole hours from the confirmed order to its collection or delivery: median and p90."),
    population=_("Every order handed over in the period."),
    edge_cases=_(
        "An order that came back after collection counts with its last hand-over. Cancelled orders do not count."
    ),
    source=_("Confirmation and collection times of the order."),
    noun=_("orders"),
    one=_("order"),
    bars=_("Hours of waiting"),
    causes=(Cause("delivery", _("Delivery")), CARRIER, Cause("lab", _("Laboratory")), *LENS_CAUSES),
    query=f"""
        SELECT o.branch_id, (o.collected_at AT TIME ZONE b.time_zone)::date, o.id, 0, o.id, 1, 0,
               floor(extract(epoch FROM o.collected_at - o.confirmed_at) / 3600),
               jsonb_build_object('delivery', o.delivery, 'carrier', {CARRIER_ID}, 'lab', coalesce(l.id::text, ''), {_LENS_CAUSES})
        FROM orders_order o JOIN branches_branch b ON b.id = o.branch_id
        LEFT JOIN LATERAL (SELECT x.id FROM labjobs_job j JOIN labjobs_lab x ON x.id = j.lab_id
            WHERE j.order_id = o.id ORDER BY j.id DESC LIMIT 1) l ON true {_LENS}
        WHERE o.id = ANY(%(ids)s) AND o.collected_at IS NOT NULL AND o.confirmed_at IS NOT NULL
          AND o.state <> 'cancelled'
    """,
)

REWORK = Measure(
    code="rework",
    label=_("Rework rate"),
    question=_("Which causes are weakening rework rate?"),
    kind=Kind.RATE,
    unit=Unit.ORDER,
    better=Better.LOWER,
    headline=True,
    definition=_("Lens orders that failed a quality check or were remade, over all lens orders released."),
    population=_(
        "Orders by the day of their first release to a laboratory. An order counts once, however often it was remade."
    ),
    edge_cases=_(
        "A remake of a remake is the same order and counts once. A failed check that was accepted counts as rework."
    ),
    source=_("Jobs, quality checks and remakes of the order."),
    noun=_("lens orders"),
    bars=_("Lens orders reworked"),
    hit=_("reworked"),
    miss=_("right first time"),
    causes=(
        Cause("cause", _("Cause")),
        Cause("party", _("Party at fault")),
        Cause("lab", _("Laboratory")),
        Cause("kind", _("Failed check or remake")),
        Cause("stage", _("Stage at which it was found")),
        *LENS_CAUSES,
    ),
    query=f"""
        SELECT o.branch_id, (first.released_at AT TIME ZONE b.time_zone)::date, o.id, 0, o.id, 1,
               CASE WHEN remade.id IS NOT NULL OR failed.id IS NOT NULL THEN 1 ELSE 0 END, 0,
               jsonb_build_object(
                   'cause', coalesce(nullif(remade.remake_reason, ''), c.cause_code, ''),
                   'party', coalesce(nullif(remade.party_at_fault, ''), c.party_at_fault, ''),
                   'lab', l.id::text,
                   'kind', CASE WHEN remade.id IS NOT NULL THEN 'remake' WHEN failed.id IS NOT NULL THEN 'failed check'
                                ELSE 'right first time' END,
                   'stage', CASE WHEN failed.id IS NOT NULL THEN 'quality' WHEN remade.id IS NULL THEN '' ELSE coalesce(
                       (SELECT m.to_stage FROM labjobs_jobmove m WHERE m.job_id = remade.remake_of_id AND m.at < remade.recorded_at
                        ORDER BY m.id DESC LIMIT 1), '') END,
                   {_LENS_CAUSES})
        FROM orders_order o JOIN branches_branch b ON b.id = o.branch_id
        JOIN LATERAL (SELECT j.* FROM labjobs_job j WHERE j.order_id = o.id AND j.state <> 'cancelled'
            ORDER BY j.id LIMIT 1) first ON true
        JOIN labjobs_lab l ON l.id = first.lab_id
        LEFT JOIN LATERAL (SELECT j.* FROM labjobs_job j WHERE j.order_id = o.id AND j.remake_of_id IS NOT NULL
            AND j.state <> 'cancelled' ORDER BY j.id LIMIT 1) remade ON true
        LEFT JOIN LATERAL (SELECT q.id FROM labjobs_qualitycheck q JOIN labjobs_job j ON j.id = q.job_id
            WHERE j.order_id = o.id AND NOT q.passed ORDER BY q.id LIMIT 1) failed ON true
        LEFT JOIN LATERAL (SELECT x.cause_code, x.party_at_fault FROM cases_case x
            WHERE x.order_id = o.id AND x.cause_code <> '' ORDER BY x.id LIMIT 1) c ON true {_LENS}
        WHERE o.id = ANY(%(ids)s)
    """,
)

ON_TIME = Measure(
    code="on_time",
    label=_("On time"),
    question=_("Which causes make orders late?"),
    kind=Kind.RATE,
    unit=Unit.ORDER,
    better=Better.HIGHER,
    headline=True,
    definition=_("Orders ready on or before the date first promised, over all orders whose first promise has come."),
    population=_("Confirmed orders by the day first promised; promising anew does not move them."),
    edge_cases=_(
        "An order that is not ready when its day has passed counts as late at once. Cancelled orders do not count."
    ),
    source=_("First promised date and ready time of the order, in the branch's zone."),
    noun=_("orders promised"),
    bars=_("Orders late"),
    hit=_("on time"),
    miss=_("late"),
    causes=(
        Cause("cause", _("Cause of the new date")),
        Cause("stage", _("Stage it stood in longest")),
        Cause("lab", _("Laboratory")),
        Cause("delivery", _("Delivery")),
        CARRIER,
        *LENS_CAUSES,
    ),
    query=f"""
        SELECT o.branch_id, o.first_promised_on, o.id, 0, o.id, 1,
               CASE WHEN (coalesce(first_ready.at, o.ready_at) AT TIME ZONE b.time_zone)::date <= o.first_promised_on
                    THEN 1 ELSE 0 END, 0,
               jsonb_build_object('cause', coalesce(moved.reason_code, ''), 'stage', coalesce(longest.stage, ''),
                   'lab', coalesce(l.id::text, ''), 'delivery', o.delivery, 'carrier', {CARRIER_ID}, {_LENS_CAUSES})
        FROM orders_order o JOIN branches_branch b ON b.id = o.branch_id
        LEFT JOIN LATERAL (SELECT x.* FROM labjobs_job x WHERE x.order_id = o.id ORDER BY x.id LIMIT 1) j ON true
        LEFT JOIN labjobs_lab l ON l.id = j.lab_id
        LEFT JOIN LATERAL (SELECT min(e.at) AS at FROM records_event e
            WHERE e.order_id = o.id AND e.kind = 'order.ready') first_ready ON true
        LEFT JOIN LATERAL (SELECT e.reason_code FROM records_event e
            WHERE e.order_id = o.id AND e.kind = 'order.repromised' ORDER BY e.id LIMIT 1) moved ON true
        {_LENS} {_LONGEST}
        WHERE o.id = ANY(%(ids)s) AND o.first_promised_on IS NOT NULL AND o.confirmed_at IS NOT NULL
          AND o.state <> 'cancelled'
          AND (coalesce(first_ready.at, o.ready_at) IS NOT NULL
               OR o.first_promised_on < (now() AT TIME ZONE b.time_zone)::date)
    """,
)
