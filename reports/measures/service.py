"""No-shows, messages that arrive, cases and how long they stay open."""

from django.utils.translation import gettext_lazy as _

from reports.measures.base import Better, Cause, Kind, Measure, Unit

NO_SHOW = Measure(
    code="no_show",
    label=_("No-show rate"),
    question=_("Which appointments are not kept?"),
    kind=Kind.RATE,
    unit=Unit.APPOINTMENT,
    better=Better.LOWER,
    definition=_("Appointments marked as no-show, over all that were not cancelled."),
    population=_("Appointments by the day they were booked for, once arrived, done or missed."),
    edge_cases=_("One that was moved counts on its new day. One still ahead does not count."),
    source=_("Appointments and how they ended."),
    noun=_("appointments"),
    bars=_("Appointments missed"),
    hit=_("missed"),
    miss=_("kept"),
    causes=(
        Cause("visit_kind", _("Kind of appointment")),
        Cause("clinician", _("Clinician")),
        Cause("weekday", _("Weekday")),
        Cause("hour", _("Hour of the day")),
    ),
    query="""
        SELECT a.branch_id, (lower(a.period) AT TIME ZONE b.time_zone)::date, a.id, 0, null::bigint, 1,
               CASE WHEN a.state = 'no_show' THEN 1 ELSE 0 END, 0,
               jsonb_build_object('visit_kind', a.kind, 'clinician', a.clinician_id::text,
                   'weekday', to_char(lower(a.period) AT TIME ZONE b.time_zone, 'ID'),
                   'hour', to_char(lower(a.period) AT TIME ZONE b.time_zone, 'HH24'))
        FROM visits_appointment a JOIN branches_branch b ON b.id = a.branch_id
        WHERE a.id = ANY(%(ids)s) AND a.state IN ('arrived', 'done', 'no_show')
    """,
)

MESSAGES = Measure(
    code="messages",
    label=_("Messages delivered"),
    question=_("Which messages do not arrive?"),
    kind=Kind.RATE,
    unit=Unit.MESSAGE,
    better=Better.HIGHER,
    definition=_("Messages sent or delivered, over all that were tried."),
    population=_("Messages by the day they were made; those held back for want of consent or replaced do not count."),
    edge_cases=_("A message tried again is one message. One still waiting does not count."),
    source=_("The outbox of messages."),
    noun=_("messages"),
    bars=_("Messages not delivered"),
    hit=_("delivered"),
    miss=_("not delivered"),
    causes=(Cause("channel", _("Channel")), Cause("template", _("Message")), Cause("why", _("Reason"))),
    query="""
        SELECT m.branch_id, (m.created_at AT TIME ZONE b.time_zone)::date, m.id, 0, m.order_id, 1,
               CASE WHEN m.state IN ('sent', 'delivered') THEN 1 ELSE 0 END, 0,
               jsonb_build_object('channel', m.channel, 'template', m.template_key, 'why', m.why)
        FROM notifications_message m JOIN branches_branch b ON b.id = m.branch_id
        WHERE m.id = ANY(%(ids)s) AND m.state IN ('sent', 'delivered', 'failed', 'dead')
    """,
)

CASES = Measure(
    code="cases",
    label=_("Time to close a case"),
    question=_("Which exceptions stay open?"),
    kind=Kind.HOURS,
    unit=Unit.CASE,
    better=Better.LOWER,
    definition=_("Whole hours from the opening of a case to its closing: median and p90."),
    population=_("Cases closed in the period."),
    edge_cases=_("An open case does not count yet; see the case inbox for those."),
    source=_("Cases with their opening and closing times."),
    noun=_("cases closed"),
    one=_("case closed"),
    bars=_("Hours open"),
    causes=(
        Cause("case_kind", _("Kind")),
        Cause("cause", _("Cause")),
        Cause("party", _("Party at fault")),
        Cause("owner", _("Owner")),
    ),
    query="""
        SELECT c.branch_id, (c.closed_at AT TIME ZONE b.time_zone)::date, c.id, 0, c.order_id, 1, 0,
               floor(extract(epoch FROM c.closed_at - c.recorded_at) / 3600),
               jsonb_build_object('case_kind', c.kind, 'cause', c.cause_code, 'party', c.party_at_fault,
                   'owner', coalesce(c.owner_id::text, ''))
        FROM cases_case c JOIN branches_branch b ON b.id = c.branch_id
        WHERE c.id = ANY(%(ids)s) AND c.state = 'closed'
    """,
)

CASES_OPENED = Measure(
    code="cases_opened",
    label=_("Cases opened"),
    question=_("What goes wrong most often?"),
    kind=Kind.NUMBER,
    unit=Unit.CASE,
    better=Better.LOWER,
    definition=_("Number of cases opened."),
    population=_("Cases by the day they were opened, open or closed."),
    edge_cases=_("A case counts once, whatever became of it."),
    source=_("Cases with their opening times."),
    noun=_("cases"),
    one=_("case"),
    bars=_("Cases opened"),
    causes=(
        Cause("case_kind", _("Kind")),
        Cause("cause", _("Cause")),
        Cause("party", _("Party at fault")),
        Cause("owner", _("Owner")),
    ),
    query="""
        SELECT c.branch_id, (c.recorded_at AT TIME ZONE b.time_zone)::date, c.id, 0, c.order_id, 1, 1, 0,
               jsonb_build_object('case_kind', c.kind, 'cause', c.cause_code, 'party', c.party_at_fault,
                   'owner', coalesce(c.owner_id::text, ''))
        FROM cases_case c JOIN branches_branch b ON b.id = c.branch_id
        WHERE c.id = ANY(%(ids)s)
    """,
)
