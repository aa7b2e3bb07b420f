"""A month-end pack: sums equal what its records say, branches stay apart, managers are told once and only of their own."""

import hashlib
import io
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from branches.models import Branch, Membership, User
from branches.roles import Role
from core import job_runs
from core.actor import Actor
from core.errors import DomainError, NotAllowed, NotVisible
from notifications import attachments
from notifications.models import Message
from orders.models import LedgerEntry, Order, QuotationLine
from orders.services import orders, payments
from orders.services.payments import PaymentData
from records.models import Event
from reports.models import Pack
from reports.packs import content, figures, making, sending
from reports.periods import Period
from tests import factories
from tests.orders import makers
from tests.orders.makers import Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return makers.shop()


@pytest.fixture
def head(shop: Shop) -> Actor:
    return factories.actor(factories.user(Role.HEAD_OFFICE), shop.branch)


def this_month() -> date:
    return timezone.localdate().replace(day=1)


def sold(at: Shop) -> Order:
    order = makers.confirmed(at)
    payments.take(at.receptionist, PaymentData(order.pk, payments.deposit_missing(order), "card", "slip 1"))
    return order


def made(actor: Actor, branch_id: int | None) -> Pack:
    pack = making.ask(actor, branch_id, this_month())
    job_runs.run_waiting()
    pack.refresh_from_db()
    return pack


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def whole(branch: Any) -> figures.Month:
    day = timezone.localdate(timezone=ZoneInfo(branch.time_zone))
    return figures.month([branch.pk], Period(day.replace(day=1), day))


def test_sums_equal_the_ledger_and_the_lines(shop: Shop) -> None:
    first, second = sold(shop), sold(shop)
    third = makers.confirmed(shop)
    orders.cancel(shop.manager, third.pk, "changed her mind")
    payments.take(shop.receptionist, PaymentData(second.pk, Decimal("100.00"), "transfer", "bank 1"))
    sold(makers.shop())
    found = whole(shop.branch)
    ledger = LedgerEntry.objects.filter(branch=shop.branch)
    by_method: dict[str, Decimal] = defaultdict(Decimal)
    for entry in ledger.filter(kind__in=["payment", "refund"]):
        by_method[entry.method] -= entry.amount
    assert {one.method: one.net for one in found.takings} == dict(by_method)
    assert found.gross == sum(entry.amount for entry in ledger.filter(kind__in=["charge", "adjustment"]))
    kept = [first, second]
    assert found.gross == sum(order.quotations.get(state="approved").total for order in kept)
    assert found.tax == sum(order.quotations.get(state="approved").tax for order in kept)
    lines = QuotationLine.objects.filter(quotation__order__in=kept, quotation__state="approved")
    net = sum((line.net / (1 + line.quotation.tax_percent / 100)).quantize(Decimal("0.01")) for line in lines)
    assert found.margin_sales == net
    assert found.margin == net - sum(line.unit_cost * line.quantity for line in lines)
    assert found.owed == sum(entry.amount for entry in ledger if entry.order_id in {one.pk for one in kept})
    assert sum(count for _label, count, _amount in found.aged()) == 2


def test_stock_is_what_lay_there_at_the_end(shop: Shop) -> None:
    factories.stocked(at=shop.branch, pieces=3)
    found = whole(shop.branch)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(i.on_hand), sum(i.on_hand * f.cost) FROM inventory_stockitem i"
            " JOIN catalogue_frame f ON f.id = i.frame_id WHERE i.branch_id = %s",
            [shop.branch.pk],
        )
        pieces, value = cursor.fetchone()
    assert (found.stock_pieces, found.stock_value) == (pieces, value)
    yesterday = timezone.localdate() - timedelta(days=40)
    assert figures.month([shop.branch.pk], Period(yesterday, yesterday)).stock_pieces == 0


def test_a_sale_late_in_the_evening_belongs_to_the_branch_s_own_month() -> None:
    """31 May, 23:30 UTC: June in Kathmandu, 31 May in Reykjavik."""
    at = datetime(2026, 5, 31, 23, 30, tzinfo=ZoneInfo("UTC"))
    may, june = Period(date(2026, 5, 1), date(2026, 5, 31)), Period(date(2026, 6, 1), date(2026, 6, 30))
    found = {}
    for zone in ("Asia/Kathmandu", "Atlantic/Reykjavik"):
        here = makers.shop(time_zone=zone)
        order = makers.confirmed(here)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("UPDATE orders_ledgerentry SET at = %s WHERE order_id = %s", [at, order.pk])
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        found[zone] = [figures.month([here.branch.pk], span).orders for span in (may, june)]
    assert found == {"Asia/Kathmandu": [0, 1], "Atlantic/Reykjavik": [1, 0]}


def test_the_pdf_and_the_workbook_say_the_same(shop: Shop) -> None:
    sold(shop)
    pack = made(shop.manager, shop.branch.pk)
    assert pack.is_ready
    with pack.pdf.open("rb") as file:
        text = "".join(page.extract_text() for page in PdfReader(file).pages).replace("\u00a0", " ")
    with pack.workbook.open("rb") as file:
        book = load_workbook(io.BytesIO(file.read()))
    month = whole(shop.branch)
    summary = {row[0].value: row[1].value for row in book.worksheets[0].iter_rows(min_row=2)}
    assert Decimal(str(summary["Sales with tax"])) == month.gross
    assert Decimal(str(summary["Takings"])) == month.taken
    assert pack.figures["sales"].replace("\u00a0", " ") in text
    for words in (
        shop.branch.name,
        "Takings by method",
        "Measures and what moved them",
        "Outstanding balances",
        "Stock at cost",
    ):
        assert words in text


def test_a_manager_makes_and_sees_the_own_branch_only(shop: Shop, head: Actor) -> None:
    other = makers.shop()
    with pytest.raises(NotVisible):
        making.ask(shop.manager, other.branch.pk, this_month())
    with pytest.raises(NotAllowed):
        making.ask(shop.manager, None, this_month())
    with pytest.raises(NotAllowed):
        making.ask(shop.receptionist, shop.branch.pk, this_month())
    assert Pack.objects.count() == 0
    theirs, group = made(other.manager, other.branch.pk), made(head, None)
    mine = made(shop.manager, shop.branch.pk)
    assert set(making.visible(shop.manager)) == {mine}
    assert set(making.visible(head)) == {mine, theirs, group}
    for pack in (theirs, group):
        for name, args in (("pack", [pack.pk]), ("pack_file", [pack.pk, "pdf"]), ("pack_file", [pack.pk, "xlsx"])):
            assert signed_in(shop.manager).get(reverse(f"reporting:{name}", args=args)).status_code == 404


def test_another_branch_is_not_in_the_paper(shop: Shop) -> None:
    other = makers.shop()
    theirs = sold(other)
    sold(shop)
    pack = made(shop.manager, shop.branch.pk)
    with pack.pdf.open("rb") as file:
        text = "".join(page.extract_text() for page in PdfReader(file).pages)
    assert theirs.number not in text
    assert other.branch.name not in text


def test_opening_is_recorded(shop: Shop) -> None:
    pack = made(shop.manager, shop.branch.pk)
    answer = signed_in(shop.manager).get(reverse("reporting:pack_file", args=[pack.pk, "pdf"]))
    assert b"".join(answer.streaming_content)[:5] == b"%PDF-"
    assert Event.objects.get(kind="pack.opened").data == {"month": f"{this_month():%Y-%m}", "kind": "pdf"}


def test_a_month_to_come_is_refused(shop: Shop) -> None:
    with pytest.raises(DomainError) as refused:
        making.ask(shop.manager, shop.branch.pk, this_month() + timedelta(days=40))
    assert "month" in refused.value.fields


def ring(monkeypatch: pytest.MonkeyPatch, at: datetime) -> int:
    monkeypatch.setattr(sending.timezone, "now", lambda: at)
    return sending.send_due()


def test_after_the_month_each_manager_gets_one_mail_of_the_own_branch(
    shop: Shop, head: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = makers.shop(time_zone="Pacific/Auckland")
    month = this_month()
    first = month + timedelta(days=32)
    dawn = datetime.combine(first.replace(day=1), datetime.min.time(), ZoneInfo("Africa/Johannesburg"))
    assert ring(monkeypatch, dawn + timedelta(hours=5, minutes=45)) == 0
    assert set(Pack.objects.values_list("branch__name", flat=True)) == {other.branch.name}
    assert ring(monkeypatch, dawn + timedelta(hours=6, minutes=5)) == 0
    assert Pack.objects.filter(branch=shop.branch, month=month).count() == 1
    monkeypatch.undo()
    for pack in Pack.objects.all():
        making.make(pack.pk, lambda done, total: None)
    assert ring(monkeypatch, dawn + timedelta(hours=6, minutes=20)) == 3
    assert ring(monkeypatch, dawn + timedelta(hours=6, minutes=35)) == 0
    told = {message.recipient: message for message in Message.objects.filter(template_key="month_end_pack")}
    manager = User.objects.get(pk=shop.manager.user_id)
    assert set(told) == {
        manager.email,
        User.objects.get(pk=other.manager.user_id).email,
        User.objects.get(pk=head.user_id).email,
    }
    body = told[manager.email].body
    assert shop.branch.name in body
    assert other.branch.name not in body
    assert reverse("reporting:pack", args=[Pack.objects.get(branch=shop.branch).pk]) in body
    assert told[manager.email].branch_id == shop.branch.pk


def test_the_mail_stands_in_the_log_without_a_customer(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = made(shop.manager, shop.branch.pk)
    sending.tell(pack, User.objects.get(pk=shop.manager.user_id))
    message = Message.objects.get(template_key="month_end_pack")
    client = signed_in(shop.manager)
    assert client.get(reverse("messages:message", args=[message.pk])).status_code == 200
    assert client.get(reverse("messages:log")).status_code == 200


def test_a_branch_whose_month_ends_first_gets_one_edition_however_often_the_clock_rings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Six in the morning in Auckland is still the last day of the month where the practice's clock stands."""
    branch = makers.shop(time_zone="Pacific/Auckland").branch
    zone = ZoneInfo(branch.time_zone)
    first = (this_month() + timedelta(days=32)).replace(day=1)
    six = datetime.combine(first, datetime.min.time(), zone) + timedelta(hours=6, minutes=5)
    for minutes in (0, 15, 30):
        ring(monkeypatch, six + timedelta(minutes=minutes))
    assert Pack.objects.filter(branch=branch).count() == 1


def test_a_running_month_is_compared_with_as_many_days_of_the_month_before(shop: Shop) -> None:
    running = content.collect([shop.branch], "Shop", date(2026, 3, 1), date(2026, 3, 10))
    assert (running.month.period.days, running.is_partial) == (10, True)
    assert running.before.period == Period(date(2026, 2, 1), date(2026, 2, 10))
    late = content.collect([shop.branch], "Shop", date(2026, 3, 1), date(2026, 3, 30))
    assert late.before.period == Period(date(2026, 2, 1), date(2026, 2, 28))
    over = content.collect([shop.branch], "Shop", date(2026, 3, 1), date(2026, 4, 2))
    assert (over.before.period, over.is_partial) == (Period(date(2026, 2, 1), date(2026, 2, 28)), False)
    told = content.context(running)["changes"]
    assert (told["gross"], told["stock_value"]) == ("", ""), "nothing was there to compare with"
    assert content.change(110, 100, "on the month before") == "+10 % on the month before"


def test_a_branch_that_was_closed_since_still_counts_in_the_groups_month(shop: Shop, head: Actor) -> None:
    sold(shop)
    makers.shop()
    Branch.objects.filter(pk=shop.branch.pk).update(is_active=False)
    pack = making.ask(head, None, this_month())
    read = making.read_for(pack)
    assert shop.branch in read.branches
    assert read.month.orders == 1
    empty = making.read_for(Pack(month=(this_month() - timedelta(days=70)).replace(day=1)))
    assert shop.branch not in empty.branches


def test_the_group_still_counts_what_is_owed_to_a_branch_that_closed_long_ago(shop: Shop, head: Actor) -> None:
    sold(shop)
    makers.shop()
    owed = whole(shop.branch).owed
    assert owed > 0
    Branch.objects.filter(pk=shop.branch.pk).update(is_active=False)
    month = (this_month() + timedelta(days=70)).replace(day=1)
    read = making.read_for(Pack(month=month))
    assert shop.branch in read.branches
    assert read.month.owed == owed


def test_a_closed_branch_keeps_its_packs_and_can_be_asked_for_while_its_months_are_offered(
    shop: Shop, head: Actor
) -> None:
    sold(shop)
    other = makers.shop()
    empty = factories.branch("AAA", is_active=False)
    pack = made(shop.manager, shop.branch.pk)
    Branch.objects.filter(pk=shop.branch.pk).update(is_active=False)
    shop.branch.refresh_from_db()
    assert making.places(head) == [None, other.branch, shop.branch]
    assert empty not in making.places(head)
    assert making.places(shop.manager) == [shop.branch]
    assert making.pack_for(shop.manager, pk=pack.pk) == pack
    with pytest.raises(NotVisible):
        making.pack_for(other.manager, pk=pack.pk)
    assert f"{shop.branch.name} (closed)" in signed_in(head).get(reverse("reporting:packs")).content.decode()


def test_a_branch_that_closed_in_its_last_month_still_gets_the_pack_of_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold(shop)
    makers.shop()
    Branch.objects.update(is_active=False)
    first = (this_month() + timedelta(days=32)).replace(day=1)
    dawn = datetime.combine(first, datetime.min.time(), ZoneInfo("Africa/Johannesburg")) + timedelta(hours=7)
    ring(monkeypatch, dawn)
    assert set(Pack.objects.values_list("branch_id", flat=True)) == {None, shop.branch.pk}


def mailed(shop: Shop, pack: Pack) -> Message:
    """The mail about a pack to the manager of its branch."""
    assert sending.tell(pack, User.objects.get(pk=shop.manager.user_id)) == 1
    return Message.objects.get(template_key="month_end_pack")


def test_the_paper_of_the_very_edition_rides_along(shop: Shop) -> None:
    made(shop.manager, shop.branch.pk)
    second = made(shop.manager, shop.branch.pk)
    message = mailed(shop, second)
    made(shop.manager, shop.branch.pk)
    (file,) = attachments.of(message)
    assert "The file is attached." in message.body
    assert hashlib.sha256(file.content).hexdigest() == second.pdf_sha256
    assert file.kind == "application/pdf"
    assert f'href="{sending._address(second)}"' in message.html
    assert "you work at" in message.html
    assert "customer of" not in message.html
    assert file.name == f"{shop.branch.name}-{this_month():%Y-%m}.pdf".replace(" ", "-").lower()


def test_nothing_rides_along_when_the_paper_is_large_or_a_right_is_lost(shop: Shop, settings: Any) -> None:
    pack = made(shop.manager, shop.branch.pk)
    message = mailed(shop, pack)
    held = Membership.objects.filter(user_id=shop.manager.user_id)
    held.update(role=Role.RECEPTIONIST)
    assert attachments.of(message) == ()
    held.update(role=Role.BRANCH_MANAGER)
    assert len(attachments.of(message)) == 1
    settings.REPORT_ATTACHED_BYTES = 10
    assert attachments.of(message) == ()
    _subject, blocks = sending.mail_of(pack, User.objects.get(pk=shop.manager.user_id))
    assert not [block for block in blocks if "attached" in block.text]
