"""The builder: every dataset and column runs, filters say where they are wrong, groups add up, saved reports are shared."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from branches.models import User
from branches.roles import Can, Role
from core.actor import Actor
from core.errors import DomainError, NotAllowed, NotVisible, StaleRecord
from orders.discounts import Discount
from orders.models import LedgerEntry, QuotationLine
from orders.services import ledger, payments
from orders.services.payments import PaymentData
from orders.services.quotations import QuoteRequest
from records.models import Event
from reports.audit.reports import AUDITS
from reports.builder import preview, reading, ready_made, saving
from reports.builder.saving import ReportData
from reports.datasets import base, conditions, querying
from reports.datasets.base import Definition, Filter, Kind
from reports.models import SavedReport, Sharing
from tests import factories
from tests.labjobs import makers as lab
from tests.orders import makers
from tests.orders.makers import Shop

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 25)


@pytest.fixture
def shop() -> Shop:
    return makers.shop()


@pytest.fixture
def head(shop: Shop) -> Actor:
    return factories.actor(factories.user(Role.HEAD_OFFICE), shop.branch)


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def values(actor: Actor, definition: Definition, today: date | None = None) -> list[tuple[Any, ...]]:
    return list(querying.build(actor, definition, today or timezone.localdate(), Can.VIEW_MEASURES).rows)


@pytest.mark.parametrize("dataset", base.every(), ids=lambda dataset: dataset.key)
def test_every_column_runs_alone_in_every_filter_and_every_group(
    dataset: base.Dataset, head: Actor, shop: Shop
) -> None:
    at = lab.bench()
    job = lab.released(at)
    keys = tuple(column.key for column in dataset.columns)
    query = querying.build(head, Definition(dataset.key, keys), TODAY)
    shown = preview.of(query, TODAY)
    assert len(shown.heads) == len(keys)
    assert job.order.number
    for column in dataset.columns:
        for operator in conditions.OPERATORS[column.kind]:
            one = reading.first_filter(column)
            value = {"in": "this_year", "from": "2026-01-01", "to": "2026-12-31"}.get(operator, one.value or "1")
            value = "2026-02-28" if column.kind in base.DATED and operator == "is" else value
            values(head, Definition(dataset.key, keys[:1], (Filter(column.key, operator, value),)))
    groups = [code for code, _word in reading.group_choices(dataset.columns)]
    sums = tuple(column.key for column in dataset.columns if column.is_summed)
    for group in groups:
        values(head, Definition(dataset.key, sums or keys[:1], groups=(group,), sort="-rows"))


def test_the_datasets_know_their_standard_columns_and_period() -> None:
    for dataset in base.every():
        for key in (*dataset.standard, dataset.period):
            assert dataset.column(key) is not None, (dataset.key, key)
        assert not any(dataset.column(key).is_personal for key in dataset.standard), dataset.key  # type: ignore[union-attr]


@pytest.mark.parametrize("report", ready_made.REPORTS, ids=lambda report: report.code)
def test_ready_made_reports_run(report: ready_made.Report, head: Actor) -> None:
    values(head, report.definition)
    answer = signed_in(head).get(reverse("reporting:ready", args=[report.code]))
    assert answer.status_code == 200
    assert str(report.label).encode() in answer.content


@pytest.mark.parametrize("report", AUDITS, ids=lambda report: report.code)
def test_audits_run_and_know_their_kinds(report: ready_made.Report, head: Actor, shop: Shop) -> None:
    values(head, report.definition)
    answer = signed_in(shop.manager).get(reverse("reporting:audit", args=[report.code]))
    assert answer.status_code == 200
    assert str(report.label).encode() in answer.content


def test_an_audit_tells_discounts_of_the_own_branch_with_who_agreed(shop: Shop) -> None:
    other = makers.shop()
    discount = (Discount("frame", "loyalty", Decimal(5)),)
    mine = makers.confirmed(shop, QuoteRequest(discounts=discount))
    makers.confirmed(other, QuoteRequest(discounts=discount))
    found = next(one for one in AUDITS if one.code == "discounts")
    listed = values(shop.manager, found.definition)
    assert [(row[0], row[1], row[9]) for row in listed] == [(mine.number, shop.branch.name, "loyalty")]
    assert signed_in(shop.receptionist).get(reverse("reporting:audit", args=["discounts"])).status_code == 403


def test_an_audit_lists_orders_later_than_their_first_promise(shop: Shop) -> None:
    late, fine = makers.confirmed(shop), makers.confirmed(shop)
    day = timezone.localdate(timezone=ZoneInfo(shop.branch.time_zone))
    type(late).objects.filter(pk=late.pk).update(first_promised_on=day - timedelta(days=3))
    type(fine).objects.filter(pk=fine.pk).update(
        first_promised_on=day - timedelta(days=3), ready_at=timezone.now() - timedelta(days=4)
    )
    asked = Definition("orders", ("number", "late"), (Filter("late", "at_least", "1"),))
    assert values(shop.manager, asked) == [(late.number, 3)]


def test_groups_count_rows_and_add_amounts_as_plain_sums_do(shop: Shop, head: Actor) -> None:
    for _n in range(2):
        order = makers.confirmed(shop)
        payments.take(shop.receptionist, PaymentData(order.pk, payments.deposit_missing(order), "card", "slip"))
    found = values(head, Definition("lines", ("net", "tax", "margin"), groups=("kind",)))
    lines = QuotationLine.objects.filter(quotation__state="approved")
    assert sum(row[1] for row in found) == lines.count()
    assert sum(row[2] for row in found) == sum(line.net for line in lines)
    margins = [
        (line.net / (1 + line.quotation.tax_percent / 100)).quantize(Decimal("0.01")) - line.unit_cost * line.quantity
        for line in lines
    ]
    assert sum(row[4] for row in found) == sum(margins)
    taken = values(head, Definition("ledger", ("taken",), groups=("method",)))
    assert sum(row[2] for row in taken) == -sum(e.amount for e in LedgerEntry.objects.filter(kind="payment"))


def test_a_manager_sees_the_own_branch_in_groups_too(shop: Shop) -> None:
    other = makers.shop()
    makers.confirmed(shop)
    makers.confirmed(other)
    found = values(shop.manager, Definition("orders", ("total",), groups=("branch",)))
    assert [(row[0], row[1]) for row in found] == [(shop.branch.name, 1)]


def test_a_day_is_the_day_of_the_branch() -> None:
    """23:30 UTC on the 1st is the 2nd in Kathmandu and still the 1st in London."""
    at = timezone.datetime(2026, 6, 1, 23, 30, tzinfo=timezone.get_fixed_timezone(0))
    east, west = makers.shop(time_zone="Asia/Kathmandu"), makers.shop(time_zone="Europe/London")
    for here in (east, west):
        order = makers.confirmed(here)
        order.confirmed_at = at
        order.save()
    everywhere = factories.actor(factories.user(Role.HEAD_OFFICE), east.branch)
    found = values(everywhere, Definition("orders", ("number",), groups=("branch", "confirmed:day")))
    assert {row[0]: row[1] for row in found} == {east.branch.name: date(2026, 6, 2), west.branch.name: date(2026, 6, 2)}
    only = Definition("orders", ("branch",), (Filter("confirmed", "is", "2026-06-02"),))
    assert len(values(everywhere, only)) == 2
    assert values(everywhere, Definition("orders", ("branch",), (Filter("confirmed", "is", "2026-06-01"),))) == []


@pytest.mark.parametrize(
    ("one", "where"),
    [
        (Filter("total", "at_least", "abc"), "Filter 1, Price: “abc” is not a number."),
        (Filter("confirmed", "from", "25.11.2026"), "is not a date"),
        (Filter("confirmed", "in", "some_day"), "is not a period"),
        (Filter("state", "is", "gone"), "“gone” is not one of the choices."),
        (Filter("state", "contains", "x"), "does not fit"),
        (Filter("secret", "is", "x"), "choose a column"),
        (Filter("number", "contains", "\x00"), "At most"),
    ],
)
def test_a_wrong_filter_says_where_and_why(shop: Shop, one: Filter, where: str) -> None:
    with pytest.raises(DomainError) as refused:
        values(shop.manager, Definition("orders", ("number",), (one,)))
    assert where in refused.value.fields["filter_0"]


def test_the_page_keeps_what_was_typed_and_points_at_the_wrong_filter(shop: Shop) -> None:
    url = reverse("reporting:build", args=["orders"])
    answer = signed_in(shop.manager).get(f"{url}?run=1&c=number&c=total&f0c=total&f0o=at_least&f0v=abc")
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "“abc” is not a number" in body
    assert 'value="abc"' in body
    assert 'aria-invalid="true"' in body


def test_nothing_found_lists_the_filters(shop: Shop) -> None:
    url = reverse("reporting:build", args=["orders"])
    answer = signed_in(shop.manager).get(
        f"{url}?run=1&c=number&f0c=state&f0o=is&f0v=ready&f1c=confirmed&f1o=in&f1v=last_month"
    )
    body = answer.content.decode()
    assert "No rows match" in body
    assert "State is Ready" in body
    assert "Confirmed in the period last month" in body


def test_cost_and_margin_are_hidden_without_their_right(shop: Shop) -> None:
    keys = {column.key for column in querying.columns_for(shop.receptionist, base.find("lines"))}  # type: ignore[arg-type]
    assert {"cost", "margin"} & keys == set()
    with pytest.raises(DomainError):
        querying.build(shop.receptionist, Definition("lines", ("margin",)), TODAY)


def test_a_dataset_needs_its_right(shop: Shop) -> None:
    with pytest.raises(NotVisible):
        querying.dataset_for(shop.receptionist, "events")
    accountant = factories.staff(Role.ACCOUNTANT, shop.branch)
    assert signed_in(accountant).get(reverse("reporting:build", args=["prescriptions"])).status_code == 404


def test_an_address_is_the_whole_question() -> None:
    asked = Definition(
        "orders", ("number", "total"), (Filter("state", "is", "ready"), Filter("total", "at_least", "5")),
        ("branch",), "-total",
    )  # fmt: skip
    dataset = base.find("orders")
    assert dataset
    assert reading.definition_of(dataset, QueryDict(reading.address_of(asked))) == asked
    assert Definition.of_json(asked.as_json()) == asked


def test_powers_are_signed_in_the_preview(head: Actor, shop: Shop) -> None:
    lab.released(lab.bench())
    query = querying.build(head, Definition("prescriptions", ("eye", "sphere", "add"), sort="eye"), TODAY)
    assert {row[1].text for row in preview.of(query, TODAY).rows} == {"−2.25", "−2.00"}
    assert {row[2].text for row in preview.of(query, TODAY).rows} == {"+2.00"}
    assert Kind.POWER in {column.kind for column in query.columns}


# ---------------------------------------------------------------------------------------------- saved reports


def data(name: str = "Ready orders", **fields: Any) -> ReportData:
    asked = Definition("orders", ("number", "branch"), (Filter("state", "is", "ready"),))
    return ReportData(name, asked.as_json(), **fields)


def test_a_saved_report_opens_in_two_clicks_with_the_own_rows(shop: Shop) -> None:
    kept = saving.keep(shop.manager, data(sharing=Sharing.BRANCH))
    colleague = factories.staff(Role.ACCOUNTANT, shop.branch)
    index = signed_in(colleague).get(reverse("reporting:index")).content.decode()
    assert reverse("reporting:saved", args=[kept.pk]) in index
    answer = signed_in(colleague).get(reverse("reporting:saved", args=[kept.pk]))
    assert answer.status_code == 200


def test_reports_are_shared_with_a_branch_and_with_roles(shop: Shop, head: Actor) -> None:
    other = makers.shop()
    mine = saving.keep(shop.manager, data("Mine"))
    here = saving.keep(shop.manager, data("Here", sharing=Sharing.BRANCH))
    books = saving.keep(head, data("Books", sharing=Sharing.EVERYONE, roles=(Role.ACCOUNTANT,)))
    accountant, stranger = factories.staff(Role.ACCOUNTANT, shop.branch), other.manager
    assert [one.pk for one in saving.visible(accountant)] == [books.pk, here.pk]
    assert [one.pk for one in saving.visible(stranger)] == []
    assert [one.pk for one in saving.visible(shop.manager)] == [here.pk, mine.pk]
    with pytest.raises(NotVisible):
        saving.report_for(stranger, here.pk)
    assert signed_in(stranger).get(reverse("reporting:saved", args=[here.pk])).status_code == 404


def test_only_head_office_shares_with_every_branch(shop: Shop) -> None:
    with pytest.raises(NotAllowed):
        saving.keep(shop.manager, data(sharing=Sharing.EVERYONE))
    assert SavedReport.objects.count() == 0


def test_a_report_that_cannot_run_is_not_saved(shop: Shop) -> None:
    wrong = Definition("orders", ("number",), (Filter("total", "at_least", "abc"),))
    with pytest.raises(DomainError):
        saving.keep(shop.manager, ReportData("Wrong", wrong.as_json()))
    assert SavedReport.objects.count() == 0


def test_names_are_taken_once_and_stale_saves_are_refused(shop: Shop) -> None:
    kept = saving.keep(shop.manager, data())
    with pytest.raises(DomainError) as refused:
        saving.keep(shop.manager, data())
    assert "name" in refused.value.fields
    saving.keep(shop.manager, data("Renamed"), kept, 1)
    with pytest.raises(StaleRecord):
        saving.keep(shop.manager, data("Again"), kept, 1)
    assert SavedReport.objects.get().name == "Renamed"


def test_only_the_owner_removes(shop: Shop) -> None:
    kept = saving.keep(shop.manager, data(sharing=Sharing.BRANCH))
    with pytest.raises(NotAllowed):
        saving.remove(factories.staff(Role.ACCOUNTANT, shop.branch), kept.pk)
    saving.remove(shop.manager, kept.pk)
    assert saving.visible(shop.manager) == []


def test_the_page_counts_rows_without_working_out_what_they_show(shop: Shop) -> None:
    makers.confirmed(shop)
    query = querying.build(shop.manager, Definition("orders", ("number", "total", "balance")), timezone.localdate())
    with CaptureQueriesContext(connection) as asked:
        assert query.count(100) == 1
    assert "orders_ledgerentry" not in asked[0]["sql"]


def test_what_is_owed_is_found_by_the_kept_balance_and_told_by_the_ledger(shop: Shop) -> None:
    owing, paid = makers.confirmed(shop), makers.confirmed(shop)
    payments.take(shop.receptionist, PaymentData(paid.pk, ledger.money_of(paid).balance, "card", "slip"))
    asked = Definition("orders", ("number", "balance"), (Filter("balance", "at_least", "0.01"),))
    query = querying.build(shop.manager, asked, timezone.localdate())
    assert list(query.rows) == [(owing.number, ledger.money_of(owing).balance)]
    assert '"orders_orderbalance"."owed" > ' in str(query.rows.query)
    everything = Definition("orders", ("number",), (Filter("balance", "at_least", "0"),))
    assert len(values(shop.manager, everything)) == 2


@pytest.mark.parametrize(
    ("query", "focused"),
    [
        ("", 'id="add" name="add" data-key="f" aria-keyshortcuts="f" autofocus'),
        ("?run=1&c=number&add=state", 'name="f0v" aria-label="Value" autofocus'),
        ("?run=1&c=number&f0c=state&f0o=is&f0v=ready&drop=0", 'aria-keyshortcuts="f" autofocus'),
        ("?run=1&c=number", 'aria-label="Rows" autofocus'),
    ],
    ids=["opened", "filter added", "filter dropped", "run"],
)
def test_the_next_key_goes_where_the_work_goes_on(shop: Shop, query: str, focused: str) -> None:
    makers.confirmed(shop)
    page = signed_in(shop.manager).get(reverse("reporting:build", args=["orders"]) + query).content.decode()
    assert focused in page
    assert page.count(" autofocus") == 1


def test_personal_data_on_the_page_is_recorded_and_other_columns_are_not(shop: Shop, head: Actor) -> None:
    client = signed_in(head)
    url = reverse("reporting:build", args=["orders"])
    client.get(url + "?run=1&c=number&c=customer")
    assert not Event.objects.filter(kind="report.shown").exists()
    client.get(url + "?run=1&c=number&c=customer_name&f0c=customer_phone&f0o=filled&f0v=")
    told = Event.objects.get(kind="report.shown")
    assert (told.actor_id, told.data["dataset"]) == (head.user_id, "orders")
    assert sorted(told.data["personal"]) == ["customer_name", "customer_phone"]


def test_the_search_box_leads_to_reports_and_audits_of_ones_right(shop: Shop) -> None:
    def hits(who: Actor, words: str) -> list[str]:
        groups = signed_in(who).get(reverse("find"), {"q": words}).context["groups"]
        return [str(hit.label) for group in groups if group.key == "reports" for hit in group.hits]

    assert hits(shop.manager, "refu corr") == ["Refunds and corrections"]
    assert hits(shop.manager, "takings") == ["Takings by day and method"]
    assert hits(shop.manager, "re") == []
    assert hits(shop.receptionist, "refunds") == []
