"""What each audit should list, asked of the tables in plain SQL: for the sample practice, where much has happened."""

from typing import Any

from django.db import connection
from django.utils import timezone

from branches.models import Branch, User
from branches.roles import Can
from cases.models import Case
from labjobs.models import Job
from records import phrases
from records.models import Approval, Event, Review
from reports import words
from reports.audit import kinds
from reports.audit.reports import AUDITS, VOIDS
from reports.builder.ready_made import Report, find
from reports.datasets import querying
from reports.datasets.beside import subject_words
from reports.datasets.holding import case_decisions
from reports.exports.making import actor_of
from shipping import wording
from shipping.models import Shipment

TODAY = "(now() AT TIME ZONE 'Africa/Johannesburg')::date"
DAYS = "(x.{at} AT TIME ZONE 'Africa/Johannesburg')::date > (now() AT TIME ZONE 'Africa/Johannesburg')::date - 30"


def span(at: str) -> str:
    return DAYS.format(at=at)


def quoted(codes: str) -> str:
    return ", ".join(f"'{code}'" for code in codes.split(","))


# What each audit should hold, asked of the tables themselves; `{shop}` limits to branches.
PLAIN = {
    "changes": f"SELECT count(*) FROM records_event x WHERE {span('at')} AND x.role <> 'system' AND {{shop}}",
    "elsewhere": f"SELECT count(*) FROM records_event x WHERE x.kind = 'record.viewed' AND {span('at')} AND {{shop}}",
    "exports": f"""SELECT count(*) FROM records_event x WHERE (x.kind LIKE 'export.%' OR x.kind = 'report.shown')
                  AND x.kind NOT IN ('export.cancelled', 'export.expired') AND {span('at')} AND {{shop}}""",
    "approvals": f"SELECT count(*) FROM records_approval x WHERE {span('decided_at')} AND {{shop}}",
    "overrides": f"SELECT count(*) FROM records_review x WHERE x.state = 'overridden' AND {span('opened_at')} AND {{shop}}",
    "refunds": f"SELECT count(*) FROM orders_ledgerentry x WHERE x.kind IN ('refund', 'adjustment') AND {span('at')} AND {{shop}}",
    "voided": f"SELECT count(*) FROM records_event x WHERE x.kind IN ({quoted(VOIDS)}) AND {span('at')} AND {{shop}}",
    "discounts": f"""SELECT count(*) FROM orders_quotationline l JOIN orders_quotation q ON q.id = l.quotation_id
                     JOIN orders_order x ON x.id = q.order_id WHERE q.state = 'approved' AND l.discount > 0
                     AND x.state NOT IN ('draft', 'quoted', 'approved', 'cancelled') AND {span('confirmed_at')} AND {{shop}}""",
    "corrected": f"""SELECT count(*) FROM inventory_stockentry e JOIN inventory_stockitem x ON x.id = e.item_id
                     WHERE e.movement IN ('counted', 'damaged', 'to_supplier') AND {span('at').replace('x.', 'e.')} AND {{shop}}""",
    "access": f"SELECT count(*) FROM branches_historicalmembership x WHERE {span('history_date')} AND {{shop}}",
    "accepted": f"""SELECT count(*) FROM labjobs_qualitycheck c JOIN labjobs_job x ON x.id = c.job_id
                    WHERE c.overridden_at IS NOT NULL AND {span('checked_at').replace('x.', 'c.')} AND {{shop}}""",
    "cancelled": f"SELECT count(*) FROM orders_order x WHERE {span('cancelled_at')} AND {{sold_or_made}}",
    "consent": f"""SELECT count(*) FROM customers_consent c JOIN customers_customer x ON x.id = c.customer_id
                   WHERE {span('at').replace('x.', 'c.')} AND {{home}}""",
    "complaints": f"""SELECT count(*) FROM cases_case x WHERE x.kind IN ('complaint', 'customer_problem', 'low_feedback')
                      AND {span('recorded_at')} AND {{shop}}""",
    "delays": f"""SELECT count(*) FROM orders_order x WHERE x.state NOT IN ('draft', 'quoted', 'approved', 'cancelled')
                  AND x.first_promised_on > {TODAY} - 30 AND x.first_promised_on <= {TODAY} AND {{sold_or_made}}
                  AND coalesce((x.ready_at AT TIME ZONE 'Africa/Johannesburg')::date, {TODAY}) > x.first_promised_on""",
    "shipments": f"""SELECT count(*) FROM shipping_shipment x WHERE x.state <> 'cancelled'
                     AND coalesce(x.first_expected_on, x.expected_on, (x.packed_at AT TIME ZONE 'Africa/Johannesburg')::date)
                         BETWEEN {TODAY} - 29 AND {TODAY} AND {{sent_or_received}}
                     AND (x.state IN ('attempt_failed', 'exception', 'returning', 'returned') OR
                          coalesce((x.delivered_at AT TIME ZONE 'Africa/Johannesburg')::date, {TODAY}) > x.first_expected_on)""",
    "views": f"SELECT count(*) FROM records_look x WHERE {span('first_at')} AND {{either}}",
}  # fmt: skip


# Whose rows a manager sees: of the branch itself, of its customers, where an order is made or collected.
PLACES = {
    "shop": ("branch_id",),
    "home": ("home_branch_id",),
    "either": ("branch_id", "record_branch_id"),
    "sent_or_received": ("branch_id", "to_branch_id"),
    "sold_or_made": ("branch_id", "collect_branch_id", "made_branch_id"),
}


def counted(query: str, branches: list[int] | None) -> int:
    """What plain SQL finds in these branches; None: everywhere."""
    for name, columns in PLACES.items():
        here = (
            " OR ".join(f"x.{column} = ANY(ARRAY{branches})" for column in columns) if branches is not None else "true"
        )
        query = query.replace(f"{{{name}}}", f"({here})")
    with connection.cursor() as cursor:
        cursor.execute(query)
        (found,) = cursor.fetchone() or (0,)
    return int(found)


def signed(email: str) -> Any:
    person = User.objects.get(email=email)
    first = person.memberships.order_by("pk").first()
    home = first.branch_id if first and first.branch_id else Branch.objects.order_by("pk")[0].pk
    return actor_of(person, home)


def rows(actor: Any, audit: Report) -> int:
    return querying.build(actor, audit.definition, timezone.localdate(), Can.VIEW_AUDIT).rows.count()


def differing() -> dict[str, Any]:
    """Audits whose rows are not those of plain SQL, for head office, a manager and the accountant; none is right."""
    grace, nomvula, farah = (signed(f"{name}@practice.example") for name in ("grace", "nomvula", "farah"))
    own = sorted(branch for branch, _role in nomvula.roles if branch)
    wrong = {}
    for code, query in PLAIN.items():
        audit = find(grace, code, AUDITS)
        found = [rows(who, audit) for who in (grace, farah, nomvula)]
        expected = [counted(query, None), counted(query, None), counted(query, own)]
        if found != expected:
            wrong[code] = (found, expected)
    return wrong


def without_words() -> list[str]:
    """Kinds of events and types of records that an audit would show by their code; none is right."""
    told = set(Event.objects.values_list("kind", flat=True).distinct()) - set(phrases.every())
    told |= set(Approval.objects.values_list("kind", flat=True).distinct()) - set(kinds.decisions())
    told |= set(Review.objects.values_list("decision", flat=True).distinct()) - set(kinds.decisions())
    told |= set(Case.objects.exclude(cause_code="").values_list("cause_code", flat=True)) - set(words.causes())
    told |= set(Case.objects.exclude(party_at_fault="").values_list("party_at_fault", flat=True)) - set(words.parties())
    told |= set(Case.objects.exclude(decision="").values_list("decision", flat=True)) - set(case_decisions())
    told |= set(Job.objects.exclude(party_at_fault="").values_list("party_at_fault", flat=True)) - set(words.parties())
    told |= set(Job.objects.exclude(remake_reason="").values_list("remake_reason", flat=True)) - set(words.causes())
    reasons = {**wording.REASONS, **wording.FACTS}
    told |= set(Shipment.objects.exclude(reason="").values_list("reason", flat=True)) - set(reasons)
    return sorted(told | (set(Event.objects.values_list("subject_type", flat=True).distinct()) - set(subject_words())))
