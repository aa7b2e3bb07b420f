"""Bank statements: what is matched and why, each line posted once whatever file it comes in, and the way back."""

import csv
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from branches.roles import Role
from core.actor import Actor
from core.errors import DomainError, NotAllowed, NotVisible
from orders.banking.matching import numbers_in
from orders.models import BankLine, BankStatement, LedgerEntry, LineState, Order
from orders.services import banking, orders, payments
from orders.services.payments import PaymentData
from records.import_models import FileState
from records.models import Event, Review
from tests import factories
from tests.orders import makers
from tests.racing import at_once

pytestmark = pytest.mark.django_db
SIGNED = ["Date", "Amount", "Description", "Reference"]
IN_OUT = ["Transaction date", "Details", "Debit", "Credit"]
OWES = "10080.00"


def csv_of(rows: list[list[str]], headings: list[str] = SIGNED) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([headings, *rows])
    return out.getvalue().encode()


def row(amount: str, words: str = "EFT CREDIT", reference: str = "", day: str = "2026-11-24") -> list[str]:
    return [day, amount, words, reference]


@pytest.fixture
def shop() -> makers.Shop:
    return makers.shop("RSB")


@pytest.fixture
def farah(shop: makers.Shop) -> Actor:
    return factories.staff(Role.ACCOUNTANT, shop.branch)


def checked(actor: Actor, content: bytes, account: str = "ZA 123 456", order: str = "") -> BankStatement:
    batch = banking.upload(actor, actor.branch_id or 0, account, "bank.csv", content)
    return banking.dry_run(actor, batch.pk, batch.columns, order)


def verdicts(batch: BankStatement) -> list[str]:
    return list(batch.rows.order_by("row_number").values_list("verdict", flat=True))


def paid(order: Order) -> list[Decimal]:
    return list(LedgerEntry.objects.filter(order=order, kind="payment").values_list("amount", flat=True))


def test_lines_are_matched_exactly_likely_or_not_and_say_why(shop: makers.Shop, farah: Actor) -> None:
    first, second, third = (makers.confirmed(shop) for _n in range(3))
    rows = [
        row(OWES, "EFT CREDIT T MOKOENA", first.number.replace("-", " ").lower()), row("500.00", reference=second.number),
        row("20000.00", f"{third.number} thanks"), row("77.10", "INTEREST"), row("-89.50", "BANK FEES"), row("soon"),
        row("60.00", f"{first.number} and {second.number}"),
    ]  # fmt: skip
    batch = checked(farah, csv_of(rows))
    assert verdicts(batch) == ["exact", "likely", "likely", "none", "out", "refused", "none"]
    whys = list(batch.rows.order_by("row_number").values_list("why", flat=True))
    assert whys[0] == f"{first.number} is named and owes exactly this."
    assert "a part payment" in whys[1] and "would be credit" in whys[2] and "none owes this amount" in whys[3]
    assert "Several orders are named" in whys[6]
    assert batch.rows.get(row_number=7).problems[0]["column"] == "amount"
    assert LedgerEntry.objects.filter(kind="payment").count() == 0


def test_an_amount_alone_is_likely_only_while_one_order_owes_it(shop: makers.Shop, farah: Actor) -> None:
    order = makers.confirmed(shop)
    batch = checked(farah, csv_of([row(OWES, "TRANSFER FROM MOKOENA")]))
    line = batch.rows.get()
    assert (line.verdict, line.order) == ("likely", order)
    makers.confirmed(shop)
    again = checked(farah, csv_of([row(OWES, "DEPOSIT")]), account="ZA 999")
    assert again.rows.get().verdict == "none" and "Several orders owe this amount" in again.rows.get().why


def test_both_layouts_of_columns_are_read(shop: makers.Shop, farah: Actor) -> None:
    order = makers.confirmed(shop)
    rows = [["24/11/2026", f"FROM T MOKOENA {order.number}", "", "10 080,00"], ["24/11/2026", "RENT", "410.00", ""]]
    batch = checked(farah, csv_of(rows, IN_OUT))
    assert verdicts(batch) == ["exact", "out"]
    assert batch.rows.order_by("row_number")[1].amount == Decimal("-410.00")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("pay RSB-10482 pls", ["RSB-10482"]),
        ("rsb10482", ["RSB-10482"]),
        ("RSB 10482 RSB-10482", ["RSB-10482"]),
        ("XRSB-1", []),
    ],
)
def test_order_numbers_are_found_as_people_type_them(text: str, numbers: list[str]) -> None:
    assert numbers_in(text) == numbers


def test_all_exact_lines_are_posted_at_once_and_each_has_its_receipt(shop: makers.Shop, farah: Actor) -> None:
    first, second = makers.confirmed(shop), makers.confirmed(shop)
    rows = [row(OWES, reference=first.number), row(OWES, reference=second.number), row("5.00", "INTEREST")]
    batch = checked(farah, csv_of(rows))
    assert banking.settle_exact(farah, batch.pk) == 2
    assert (payments.balance(first.pk), payments.balance(second.pk)) == (0, 0)
    entry = LedgerEntry.objects.get(order=first, kind="payment")
    assert (entry.method, entry.amount, entry.by_id) == ("transfer", Decimal(f"-{OWES}"), farah.user_id)
    assert batch.number in entry.reference
    batch.refresh_from_db()
    assert batch.state == FileState.CHECKED
    banking.not_ours(farah, batch.rows.get(verdict="none").pk, "Interest of the bank")
    batch.refresh_from_db()
    assert batch.state == FileState.APPLIED
    assert Event.objects.filter(kind="bank.line_settled").count() == 3


def test_exact_lines_are_settled_some_at_a_time_and_the_page_says_how_many_are_left(
    client: Client, shop: makers.Shop, farah: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(banking, "EXACT_AT_ONCE", 1)
    first, second = makers.confirmed(shop), makers.confirmed(shop)
    batch = checked(farah, csv_of([row(OWES, reference=first.number), row(OWES, reference=second.number)]))
    client.force_login(factories.user(Role.ACCOUNTANT, shop.branch))
    settle = reverse("orders:bank_settle_exact", args=[batch.number])
    page = client.get(reverse("orders:bank_statement", args=[batch.number])).content.decode()
    assert "Settle the next 1 exact lines" in page and "Settle all exact lines" not in page
    shown = client.post(settle, follow=True).content.decode()
    assert "1 line settled. 1 exact line is left." in shown and "Settle all exact lines" in shown
    assert (paid(first), paid(second)) == ([Decimal(f"-{OWES}")], [])
    client.post(settle)
    batch.refresh_from_db()
    assert (paid(second), batch.state) == ([Decimal(f"-{OWES}")], FileState.APPLIED)


def test_an_exact_line_that_cannot_be_settled_any_more_is_named_and_nothing_is_settled(
    shop: makers.Shop, farah: Actor
) -> None:
    first, second = makers.confirmed(shop), makers.confirmed(shop)
    batch = checked(farah, csv_of([row(OWES, reference=first.number), row(OWES, reference=second.number)]))
    batch.rows.filter(row_number=3).update(order=None)
    with pytest.raises(DomainError) as refused:
        banking.settle_exact(farah, batch.pk)
    assert refused.value.message == "Row 3: Say which order it pays. Nothing was settled."
    assert (paid(first), batch.rows.filter(state=LineState.OPEN).count()) == ([], 2)


def test_a_statement_with_too_many_lines_is_refused_and_nothing_is_kept(
    farah: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(banking, "MOST_LINES", 2)
    assert banking.upload(farah, farah.branch_id or 0, "1", "bank.csv", csv_of([row("5.00")] * 2)).row_count == 2
    with pytest.raises(DomainError) as refused:
        banking.upload(farah, farah.branch_id or 0, "1", "bank.csv", csv_of([row("5.00")] * 3))
    words = "The file has 3 rows; at most 2 of this list are read at once. Split it."
    assert refused.value.fields == {"file": words}
    assert (BankStatement.objects.count(), BankLine.objects.count()) == (1, 2)


def test_a_line_that_comes_in_again_has_one_effect(shop: makers.Shop, farah: Actor) -> None:
    order = makers.confirmed(shop)
    content = csv_of([row("500.00", reference=order.number), row("500.00", reference=order.number)])
    batch = checked(farah, content)
    for line in batch.rows.all():
        banking.settle(farah, line.pk)
    assert paid(order) == [Decimal(-500), Decimal(-500)]
    again = checked(
        farah, csv_of([*csv_rows(content), row("100.00", reference=order.number, day="2026-11-25")]), "za-123-456"
    )
    assert verdicts(again) == ["before", "before", "likely"]
    assert banking.settle_exact(farah, again.pk) == 0
    with pytest.raises(DomainError) as refused:
        banking.settle(farah, again.rows.get(row_number=2).pk)
    assert (refused.value.code, len(paid(order))) == ("line_settled", 2)


def csv_rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode())))[1:]


def test_a_transfer_that_the_desk_recorded_is_confirmed_and_not_posted_again(shop: makers.Shop, farah: Actor) -> None:
    order = makers.confirmed(shop)
    taken = payments.take(shop.receptionist, PaymentData(order.pk, Decimal("500.00"), "transfer", "FNB-778812"))
    batch = checked(farah, csv_of([row("500.00", "EFT fnb-778812")]))
    line = batch.rows.get()
    assert (line.verdict, line.recorded) == ("exact", taken)
    banking.settle_exact(farah, batch.pk)
    line.refresh_from_db()
    assert (line.state, line.entry, paid(order)) == (LineState.CONFIRMED, taken, [Decimal(-500)])
    line = banking.take_back(farah, line.pk, "Another transfer")
    assert (line.state, paid(order), LedgerEntry.objects.filter(kind="refund").count()) == ("open", [Decimal(-500)], 0)


@pytest.mark.parametrize("before_the_dry_run", [True, False])
def test_a_line_put_by_hand_to_the_order_of_a_recorded_transfer_confirms_it(
    shop: makers.Shop, farah: Actor, before_the_dry_run: bool
) -> None:
    order = makers.confirmed(shop)
    said = PaymentData(order.pk, Decimal("500.00"), "transfer", "FNB-778812")
    taken = payments.take(shop.receptionist, said) if before_the_dry_run else None
    line = checked(farah, csv_of([row("500.00", reference=order.number)])).rows.get()
    taken = taken or payments.take(shop.receptionist, said)
    line = banking.settle(farah, line.pk, order.pk)
    assert (line.state, line.entry, paid(order)) == (LineState.CONFIRMED, taken, [Decimal(-500)])


def test_a_posting_is_taken_back_by_a_counter_entry_and_the_line_goes_elsewhere(
    shop: makers.Shop, farah: Actor
) -> None:
    wrong, right = makers.confirmed(shop), makers.confirmed(shop)
    batch = checked(farah, csv_of([row("500.00", reference=wrong.number)]))
    line = banking.settle(farah, batch.rows.get().pk)
    posted = line.entry
    with pytest.raises(DomainError):
        banking.take_back(farah, line.pk, " ")
    banking.take_back(farah, line.pk, "Typed another number")
    counter = LedgerEntry.objects.get(kind="refund")
    assert (counter.reverses, counter.amount, counter.reason) == (posted, Decimal(500), "Typed another number")
    assert payments.balance(wrong.pk) == Decimal(OWES)
    banking.settle(farah, line.pk, right.pk)
    assert payments.balance(right.pk) == Decimal(OWES) - 500
    assert not Event.objects.filter(kind="payment.refunded").exists()


def test_work_that_began_on_a_transfer_that_is_taken_back_is_decided_again(shop: makers.Shop, farah: Actor) -> None:
    order = makers.confirmed(shop)
    batch = checked(farah, csv_of([row(OWES, reference=order.number)]))
    line = banking.settle(farah, batch.rows.get().pk)
    orders.start_production(shop.optician, order.pk)
    banking.take_back(farah, line.pk, "Another order's money")
    review = Review.objects.get(order_id=order.pk, state="open")
    assert (review.decision, review.blocks) == ("deposit", "production")
    banking.settle(farah, line.pk, order.pk)
    review.refresh_from_db()
    assert review.state == "decided"


def test_a_line_taken_back_and_discarded_is_posted_when_it_comes_in_again(shop: makers.Shop, farah: Actor) -> None:
    order = makers.confirmed(shop)
    content = csv_of([row("500.00", reference=order.number)])
    batch = checked(farah, content)
    banking.take_back(farah, banking.settle(farah, batch.rows.get().pk).pk, "Wrong account")
    banking.discard(farah, batch.pk)
    line = checked(farah, content).rows.get()
    assert payments.balance(order.pk) == Decimal(OWES)
    banking.settle(farah, line.pk)
    assert payments.balance(order.pk) == Decimal(OWES) - 500


def test_unclear_dates_are_asked_for(farah: Actor) -> None:
    with pytest.raises(DomainError) as refused:
        checked(farah, csv_of([row("5.00", day="03/04/2026")]))
    assert set(refused.value.fields) == {"day_order"}
    batch = BankStatement.objects.get()
    batch = banking.dry_run(farah, batch.pk, batch.columns, "month")
    assert batch.rows.get().booked_on.isoformat() == "2026-03-04"


def test_a_settled_statement_is_neither_matched_again_nor_discarded(shop: makers.Shop, farah: Actor) -> None:
    order = makers.confirmed(shop)
    batch = checked(farah, csv_of([row("500.00", reference=order.number), row("7.00")]))
    banking.settle(farah, batch.rows.get(row_number=2).pk)
    for verb in (lambda: banking.dry_run(farah, batch.pk, batch.columns), lambda: banking.discard(farah, batch.pk)):
        with pytest.raises(DomainError) as refused:
            verb()
        assert refused.value.code == "settled"


def test_only_who_reconciles_settles_and_only_orders_of_those_branches(shop: makers.Shop, farah: Actor) -> None:
    other = makers.shop("DUR")
    order = makers.confirmed(other)
    with pytest.raises(NotAllowed):
        banking.upload(shop.receptionist, shop.branch.pk, "1", "bank.csv", csv_of([row("5.00")]))
    with pytest.raises(NotVisible):
        banking.upload(farah, other.branch.pk, "1", "bank.csv", csv_of([row("5.00")]))
    batch = checked(farah, csv_of([row(OWES, reference=order.number)]))
    assert batch.rows.get().verdict == "none"
    with pytest.raises(NotVisible):
        banking.settle(farah, batch.rows.get().pk, order.pk)
    stranger = factories.staff(Role.ACCOUNTANT, other.branch)
    with pytest.raises(NotVisible):
        banking.not_ours(stranger, batch.rows.get().pk, "Ours")
    assert paid(order) == []


def test_the_pages_lead_from_the_statement_to_settled_lines(client: Client, shop: makers.Shop) -> None:
    client.force_login(factories.user(Role.ACCOUNTANT, shop.branch))
    order, other = makers.confirmed(shop), makers.confirmed(shop)
    file = SimpleUploadedFile(
        "bank.csv", csv_of([row(OWES, reference=order.number), row("77.00", "=cmd() SOMEBODY"), row("-5")])
    )
    answer = client.post(reverse("orders:bank"), {"account": "ZA1", "branch": shop.branch.pk, "file": file})
    batch = BankStatement.objects.get()
    url = reverse("orders:bank_statement", args=[batch.number])
    assert answer["Location"] == url
    assert client.post(url, dict(batch.columns)).status_code == 303
    assert "Settle 1 exact line" in client.get(url).content.decode()
    assert client.post(reverse("orders:bank_settle_exact", args=[batch.number])).status_code == 303
    assert paid(order) == [Decimal(f"-{OWES}")]
    assert "SOMEBODY" in client.get(reverse("orders:bank")).content.decode()
    line = reverse("orders:bank_line", args=[batch.rows.get(verdict="none").pk])
    assert client.post(line, {"verb": "assign", "order": "RSB-99999"}).status_code == 404
    assert client.post(line, {"verb": "not_ours", "why-reason": ""}).status_code == 422
    assert client.post(line, {"verb": "assign", "order": other.number.lower()}).status_code == 303
    assert paid(other) == [Decimal(-77)]
    assert client.post(line, {"verb": "take_back", "why-reason": "Not hers"}).status_code == 303
    assert payments.balance(other.pk) == Decimal(OWES)
    for view in ("exact", "likely", "none", "out", "before", "refused"):
        assert client.get(f"{url}?show={view}").status_code == 200
    for layout in ("signed", "in-and-out"):
        assert client.get(reverse("orders:bank_sample"), {"layout": layout}).status_code == 200


def test_a_button_of_an_older_match_settles_nothing(client: Client, shop: makers.Shop, farah: Actor) -> None:
    order = makers.confirmed(shop)
    batch = checked(farah, csv_of([row(OWES, reference=order.number)]))
    client.force_login(factories.user(Role.ACCOUNTANT, shop.branch))
    shown = client.get(reverse("orders:bank_statement", args=[batch.number])).content.decode()
    line = batch.rows.get()
    button = f"{reverse('orders:bank_settle', args=[line.pk])}?version={line.version}"
    assert f'action="{button}"' in shown
    banking.dry_run(farah, batch.pk, batch.columns)
    assert client.post(button).status_code == 422
    assert paid(order) == []
    line.refresh_from_db()
    assert client.post(f"{button.partition('?')[0]}?version={line.version}").status_code == 303
    assert paid(order) == [Decimal(f"-{OWES}")]


@pytest.mark.django_db(transaction=True)
def test_one_line_settled_by_two_people_at_once_is_posted_once() -> None:
    shop = makers.shop("RSB")
    people = [factories.staff(Role.ACCOUNTANT, shop.branch) for _n in range(2)]
    order = makers.confirmed(shop)
    line = checked(people[0], csv_of([row("500.00", reference=order.number)])).rows.get()
    answers = at_once([lambda: banking.settle(people[0], line.pk), lambda: banking.settle(people[1], line.pk)])
    assert paid(order) == [Decimal(-500)]
    assert sorted(getattr(answer, "code", "settled") for answer in answers) == ["line_settled", "settled"]


@pytest.mark.django_db(transaction=True)
def test_the_same_statement_matched_by_two_people_at_once_is_kept_once() -> None:
    shop = makers.shop("RSB")
    people = [factories.staff(Role.ACCOUNTANT, shop.branch) for _n in range(2)]
    content = csv_of([row("500.00", f"n {n}") for n in range(4)])
    batches = [banking.upload(one, shop.branch.pk, "ZA1", "bank.csv", content) for one in people]
    works = [
        lambda: banking.dry_run(people[0], batches[0].pk, batches[0].columns),
        lambda: banking.dry_run(people[1], batches[1].pk, batches[1].columns),
    ]
    at_once(works)
    assert BankLine.objects.filter(is_kept=True).count() == 4
    assert BankLine.objects.filter(verdict="before").count() == 4


@pytest.mark.django_db(transaction=True)
def test_the_last_two_lines_settled_at_once_close_the_statement() -> None:
    shop = makers.shop("RSB")
    people = [factories.staff(Role.ACCOUNTANT, shop.branch) for _n in range(2)]
    batch = checked(people[0], csv_of([row("5.00"), row("6.00")]))
    first, second = batch.rows.order_by("row_number")
    works = [
        lambda: banking.not_ours(people[0], first.pk, "Interest"),
        lambda: banking.not_ours(people[1], second.pk, "Interest"),
    ]
    at_once(works)
    batch.refresh_from_db()
    assert (batch.state, batch.rows.filter(state=LineState.NOT_OURS).count()) == (FileState.APPLIED, 2)


@pytest.mark.django_db(transaction=True)
def test_a_line_settled_while_its_statement_is_matched_again_keeps_its_payment() -> None:
    shop = makers.shop("RSB")
    people = [factories.staff(Role.ACCOUNTANT, shop.branch) for _n in range(2)]
    order = makers.confirmed(shop)
    batch = checked(people[0], csv_of([row("500.00", reference=order.number)]))
    line = batch.rows.get()
    at_once(
        [
            lambda: banking.dry_run(people[0], batch.pk, batch.columns),
            lambda: banking.settle(people[1], line.pk),
        ]
    )
    line.refresh_from_db()
    assert (line.state, paid(order), line.entry) == (
        LineState.POSTED,
        [Decimal(-500)],
        order.ledger.get(kind="payment"),
    )
