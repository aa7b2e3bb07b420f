"""Opening stock from a list: nothing before Apply, each item opened once, unknown frames made when their row says enough."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from branches.models import Branch
from branches.roles import Role
from catalogue.models import Frame
from core.actor import Actor
from core.errors import DomainError, NotAllowed, NotVisible
from inventory.models import Movement, OpeningImport, OpeningRow, StockEntry, StockItem
from inventory.services import opening, stock
from records.import_models import FileState
from records.invariants import violations
from records.models import Event
from tests.factories import branch, frame, staff, supplier, user
from tests.racing import at_once

pytestmark = pytest.mark.django_db
HEADINGS = ["SKU", "GTIN", "Pieces", "Serial numbers", "Cost", "Brand", "Model", "Colour", "Size", "B", "ED", "Price"]


def row(sku: str, pieces: str = "2", **cells: str) -> list[str]:
    values = dict.fromkeys(HEADINGS, "") | {"SKU": sku, "Pieces": pieces} | cells
    return [values[heading] for heading in HEADINGS]


def whole(sku: str, pieces: str = "1", **cells: str) -> list[str]:
    """A row that says enough to make its frame."""
    said = {
        "Cost": "880",
        "Brand": "Karoo",
        "Model": "900",
        "Colour": "slate",
        "Size": "51-19-140",
        "B": "40",
        "ED": "54",
        "Price": "2290",
    }
    return row(sku, pieces, **(said | cells))


def csv_of(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([HEADINGS, *rows])
    return out.getvalue().encode()


@pytest.fixture
def rosebank() -> Branch:
    return branch("RSB", name="Rosebank")


@pytest.fixture
def sipho(rosebank: Branch) -> Actor:
    return staff(Role.FRAME_CONTROLLER, rosebank)


def checked(actor: Actor, rows: list[list[str]]) -> OpeningImport:
    batch = opening.upload(actor, actor.branch_id or 0, "stock.csv", csv_of(rows), supplier().pk)
    return opening.dry_run(actor, batch.pk, batch.columns)


def verdicts(batch: OpeningImport) -> list[str]:
    return list(batch.rows.order_by("row_number").values_list("verdict", flat=True))


def on_hand(one: Frame) -> int:
    return StockItem.objects.get(frame=one).on_hand


def test_a_list_becomes_stock_with_its_cost_and_reason(sipho: Actor) -> None:
    one, other = frame(sku="KAR-1"), frame(sku="KAR-2", gtin="06001234567899")
    batch = checked(sipho, [row("kar-1", "3", Cost="950"), row("", "2", GTIN="6001234567899")])
    assert (verdicts(batch), StockItem.objects.count()) == (["ready", "ready"], 0)
    batch = opening.apply(sipho, batch.pk)
    assert (on_hand(one), on_hand(other), batch.counts["pieces"]) == (3, 2, 5)
    entry = StockEntry.objects.get(item__frame=one)
    assert (entry.movement, entry.quantity, entry.unit_cost, entry.reference, entry.reason) == (
        Movement.OPENING, 3, Decimal(950), batch.number, "Opening stock",
    )  # fmt: skip
    assert StockEntry.objects.get(item__frame=other).unit_cost == other.cost
    assert Event.objects.filter(kind="stock.opened").count() == 2
    assert violations() == []


def test_serial_numbers_count_the_pieces_and_rows_of_one_frame_count_together(sipho: Actor) -> None:
    one = frame(sku="KAR-1")
    rows = [row("KAR-1", "", **{"Serial numbers": "A1; A2"}), row("KAR-1", "", **{"Serial numbers": "A3"})]
    batch = checked(sipho, rows)
    assert verdicts(batch) == ["ready", "part"]
    opening.apply(sipho, batch.pk)
    assert on_hand(one) == 3


def test_a_second_row_with_another_cost_says_that_the_first_ones_counts(sipho: Actor) -> None:
    one = frame(sku="KAR-1")
    batch = checked(sipho, [row("KAR-1", "2", Cost="950"), row("KAR-1", "1", Cost="990")])
    part = batch.rows.get(verdict="part")
    words = "Counted with row 2 at its cost of 950.00."
    assert part.notes == [{"column": "cost", "value": "990.00", "reason": words}]
    opening.apply(sipho, batch.pk)
    entry = StockEntry.objects.get(item__frame=one)
    assert (entry.quantity, entry.unit_cost) == (3, Decimal(950))


def test_refused_rows_say_why_at_their_column(sipho: Actor) -> None:
    frame(sku="KAR-1"), frame(sku="KAR-2", gtin="06001234567899")
    rows = [
        row("", "2"), row("KAR-1", ""), row("KAR-1", "-1"), row("KAR-1", "2.5"), row("KAR-1", "2", Cost="dear"),
        row("KAR-1", "2", GTIN="6001234567899"), row("KAR-1", "3", **{"Serial numbers": "A1; A2"}), row("KAR-2", "1", GTIN="12"),
    ]  # fmt: skip
    batch = checked(sipho, rows)
    assert verdicts(batch) == ["refused"] * 8
    columns = [one.problems[0]["column"] for one in batch.rows.order_by("row_number")]
    assert columns == ["sku", "quantity", "quantity", "quantity", "cost", "gtin", "serials", "gtin"]


def test_unknown_frames_are_made_when_their_row_says_enough(sipho: Actor) -> None:
    batch = checked(sipho, [whole("KAR-900-SLATE"), row("KAR-901")])
    assert verdicts(batch) == ["unknown", "unknown"]
    with pytest.raises(DomainError) as refused:
        opening.apply(sipho, batch.pk)
    assert refused.value.code == "undecided"
    with pytest.raises(DomainError) as refused:
        opening.decide(sipho, batch.pk, "make", 3)
    assert refused.value.code == "not_possible"
    assert opening.decide(sipho, batch.pk, "make") == 1
    assert opening.decide(sipho, batch.pk, "skip") == 1
    assert Frame.objects.count() == 0
    opening.apply(sipho, batch.pk)
    made = Frame.objects.get()
    assert (made.sku, made.a_mm, made.dbl_mm, made.price, on_hand(made)) == (
        "KAR-900-SLATE", Decimal(51), Decimal(19), Decimal(2290), 1,
    )  # fmt: skip


def test_what_the_system_holds_otherwise_is_decided_by_a_person(sipho: Actor, rosebank: Branch) -> None:
    frames = [frame(sku=f"KAR-{n}") for n in range(4)]
    for one in frames:
        stock.receive(sipho, rosebank.pk, one.pk, 2)
    batch = checked(sipho, [row("KAR-0", "5"), row("KAR-1", "5"), row("KAR-2", "5"), row("KAR-3", "2")])
    assert verdicts(batch) == ["differs", "differs", "differs", "same"]
    for number, decision in ((2, "correct"), (3, "add"), (4, "skip")):
        opening.decide(sipho, batch.pk, decision, number)
    opening.apply(sipho, batch.pk)
    assert [on_hand(one) for one in frames] == [5, 7, 2, 2]
    assert StockEntry.objects.get(item__frame=frames[0], quantity=3).movement == Movement.COUNTED


def test_an_item_is_opened_once_and_then_only_corrected(sipho: Actor) -> None:
    one = frame(sku="KAR-1")
    opening.apply(sipho, checked(sipho, [row("KAR-1", "3")]).pk)
    assert verdicts(checked(sipho, [row("KAR-1", "3")])) == ["same"]
    again = checked(sipho, [row("KAR-1", "4")])
    with pytest.raises(DomainError) as refused:
        opening.decide(sipho, again.pk, "add", 2)
    assert "only be corrected as a count" in refused.value.message
    opening.decide(sipho, again.pk, "correct", 2)
    opening.apply(sipho, again.pk)
    assert on_hand(one) == 4
    assert list(StockEntry.objects.values_list("movement", "quantity").order_by("pk")) == [
        ("opening", 3),
        ("counted", 1),
    ]


def test_stock_that_moved_since_the_dry_run_is_not_opened(sipho: Actor, rosebank: Branch) -> None:
    one, other = frame(sku="KAR-1"), frame(sku="KAR-2")
    batch = checked(sipho, [row("KAR-1"), row("KAR-2")])
    stock.receive(sipho, rosebank.pk, other.pk, 1)
    with pytest.raises(DomainError) as refused:
        opening.apply(sipho, batch.pk)
    assert refused.value.code == "stock_moved"
    assert not StockItem.objects.filter(frame=one).exists()


def test_an_opening_is_taken_back_whole_or_not_at_all(sipho: Actor, rosebank: Branch) -> None:
    one, other = frame(sku="KAR-1"), frame(sku="KAR-2")
    batch = opening.apply(sipho, checked(sipho, [row("KAR-1"), row("KAR-2")]).pk)
    manager = staff(Role.BRANCH_MANAGER, rosebank)
    stock.reserve(manager, rosebank.pk, other.pk, "orders.framechoice:1")
    with pytest.raises(DomainError) as refused:
        opening.take_back(sipho, batch.pk, "Wrong shop")
    assert (refused.value.code, on_hand(one), on_hand(other)) == ("in_use", 2, 2)
    stock.release(manager, "orders.framechoice:1")
    batch = opening.take_back(sipho, batch.pk, "Wrong shop")
    assert (batch.state, on_hand(one), on_hand(other)) == (FileState.REVERSED, 0, 0)
    again = checked(sipho, [row("KAR-1")])
    opening.decide(sipho, again.pk, "add")
    opening.apply(sipho, again.pk)
    assert on_hand(one) == 2
    assert violations() == []


def test_a_list_with_too_many_rows_is_refused_and_nothing_is_kept(
    sipho: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "MOST_ROWS", 2)
    assert opening.upload(sipho, sipho.branch_id or 0, "stock.csv", csv_of([row("K"), row("L")])).row_count == 2
    with pytest.raises(DomainError) as refused:
        opening.upload(sipho, sipho.branch_id or 0, "stock.csv", csv_of([row("K"), row("L"), row("M")]))
    words = "The file has 3 rows; at most 2 of this list are read at once. Split it."
    assert refused.value.fields == {"file": words}
    assert (OpeningImport.objects.count(), OpeningRow.objects.count()) == (1, 2)


def test_a_list_is_booked_with_the_same_reads_for_many_frames(sipho: Actor, django_assert_max_num_queries: Any) -> None:
    for n in range(12):
        frame(sku=f"KAR-{n}")
    batch = checked(sipho, [row(f"KAR-{n}") for n in range(12)])
    with django_assert_max_num_queries(30 + 12 * 4):
        opening.apply(sipho, batch.pk)


def test_only_keepers_of_the_stock_open_it_and_only_in_their_branch(sipho: Actor, rosebank: Branch) -> None:
    durban = branch("DUR", name="Durban")
    with pytest.raises(NotAllowed):
        opening.upload(staff(Role.RECEPTIONIST, rosebank), rosebank.pk, "stock.csv", csv_of([row("KAR-1")]))
    with pytest.raises(NotVisible):
        opening.upload(sipho, durban.pk, "stock.csv", csv_of([row("KAR-1")]))


def test_the_pages_lead_from_the_list_to_the_stock_and_back(client: Client, rosebank: Branch) -> None:
    client.force_login(user(Role.FRAME_CONTROLLER, rosebank))
    one = frame(sku="KAR-1")
    file = SimpleUploadedFile("stock.csv", csv_of([row("KAR-1"), whole("KAR-900"), row("KAR-1", "=cmd()")]))
    answer = client.post(
        reverse("inventory:openings"), {"branch": rosebank.pk, "supplier": supplier().pk, "file": file}
    )
    batch = OpeningImport.objects.get()
    url = reverse("inventory:opening", args=[batch.number])
    assert answer["Location"] == url
    assert client.post(url, dict(batch.columns)).status_code == 303
    assert "Decide 1 row" in client.get(url).content.decode()
    refused = client.get(reverse("inventory:opening_refused", args=[batch.number]))
    lines = b"".join(refused.streaming_content).decode().splitlines()
    assert len(lines) == 3 and "'=cmd()" in lines[2]
    decide = reverse("inventory:opening_decide", args=[batch.number])
    assert client.post(decide, {"row": "3", "choice": "make", "show": "unknown"}).status_code == 303
    assert client.post(reverse("inventory:opening_apply", args=[batch.number])).status_code == 303
    assert (on_hand(one), Frame.objects.count()) == (2, 2)
    back = reverse("inventory:opening_take_back", args=[batch.number])
    assert client.post(back, {"reason": ""}).status_code == 422
    assert client.post(back, {"reason": "Wrong shop"}).status_code == 303
    assert on_hand(one) == 0
    for view in ("ready", "differs", "unknown", "same", "part", "refused"):
        assert client.get(f"{url}?show={view}").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_same_list_applied_by_two_people_at_once_opens_each_frame_once() -> None:
    rosebank = branch("RSB", name="Rosebank")
    keepers = [staff(Role.FRAME_CONTROLLER, rosebank) for _n in range(2)]
    frames = [frame(sku=f"KAR-{n}") for n in range(6)]
    batches = [checked(one, [row(f"KAR-{n}", "2") for n in range(6)]) for one in keepers]
    works = [lambda: opening.apply(keepers[0], batches[0].pk), lambda: opening.apply(keepers[1], batches[1].pk)]
    answers = at_once(works)
    assert [on_hand(one) for one in frames] == [2] * 6
    assert OpeningRow.objects.filter(is_live=True).count() == 6
    assert sorted(getattr(answer, "code", "applied") for answer in answers) == ["applied", "stock_moved"]
