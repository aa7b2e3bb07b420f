"""Importing a supplier's frame list: nothing before Apply, only good rows after, and the way back."""

import csv
import importlib
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from branches.roles import Role
from catalogue.imports import frame_rows
from catalogue.models import CatalogueImport, Frame, ImportState
from catalogue.services import frames, imports
from catalogue.views import imports as pages
from core import job_runs
from core.errors import DomainError, IllegalTransition, NotAllowed
from core.importing import reading
from inventory.services import stock
from records.models import Event
from tests.factories import actor, branch, frame, staff, supplier, user

pytestmark = pytest.mark.django_db
HEADINGS = ["SKU", "Brand", "Model", "Colour", "EAN", "Size", "B", "ED", "Material", "Rim type", "Wholesale", "RRP"]


def row(number: int, **cells: str) -> list[str]:
    values = {
        "SKU": f"KAR-{number:05d}", "Brand": "Karoo", "Model": f"M{number}", "Colour": "black", "EAN": "",
        "Size": "52-18-140", "B": "38", "ED": "55", "Material": "Acetate", "Rim type": "Full rim", "Wholesale": "900",
        "RRP": "2 450,00",
    }  # fmt: skip
    return [(values | cells)[heading] for heading in HEADINGS]


def csv_of(rows: list[list[str]], delimiter: str = ",", headings: list[str] = HEADINGS) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([headings, *rows])
    return out.getvalue().encode()


def xlsx_of(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for cells in [HEADINGS, *rows]:
        book.active.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def rosebank():
    return branch("RSB", name="Rosebank")


@pytest.fixture
def keeper(rosebank):
    return staff(Role.FRAME_CONTROLLER, rosebank)


def checked(keeper, content: bytes, name: str = "list.csv") -> CatalogueImport:
    batch = imports.upload(keeper, supplier().pk, name, content)
    return imports.dry_run(keeper, batch.pk, batch.columns)


def test_a_thousand_frames_with_seven_bad_ones(keeper):
    rows = [row(number) for number in range(1000)]
    bad = {
        10: {"SKU": ""}, 20: {"Size": "round"}, 30: {"B": "abc"}, 40: {"ED": "20"}, 50: {"Material": "wood"},
        60: {"EAN": "6001234567895"}, 70: {"SKU": "KAR-00071"},
    }  # fmt: skip
    for number, cells in bad.items():
        rows[number] = row(number, **cells)
    rows[70], rows[71] = rows[71], rows[70]
    batch = checked(keeper, csv_of(rows))
    assert batch.counts == {"new": 993, "changed": 0, "same": 0, "rejected": 7, "part": 0}
    assert Frame.objects.count() == 0
    found = [
        (one["column"], line.row_number)
        for line in batch.rows.filter(verdict="rejected").order_by("row_number")
        for one in line.problems
    ]
    assert found == [
        ("sku", 12), ("size", 22), ("b_mm", 32), ("ed_mm", 42), ("material", 52), ("gtin", 62), ("sku", 73),
    ]  # fmt: skip
    imports.apply(keeper, batch.pk)
    assert Frame.objects.count() == 993
    made = Frame.objects.get(sku="KAR-00001")
    assert (made.price, made.eye_size_mm, made.version, made.history.count()) == (Decimal(2450), Decimal(52), 1, 1)
    assert "m1 black" in made.search_text
    assert Event.objects.get(kind="catalogue.imported").data["new"] == 993
    imports.take_back(keeper, batch.pk)
    assert Frame.objects.count() == 0


def test_changed_same_and_new_rows_are_told_apart_and_taken_back(keeper):
    imports.apply(keeper, checked(keeper, csv_of([row(1), row(2)])).pk)
    batch = checked(keeper, csv_of([row(1, RRP="2990"), row(2), row(3)]))
    assert batch.counts == {"new": 1, "changed": 1, "same": 1, "rejected": 0, "part": 0}
    imports.apply(keeper, batch.pk)
    changed = Frame.objects.get(sku="KAR-00001")
    assert (changed.price, changed.version) == (Decimal(2990), 2)
    assert Event.objects.get(kind="catalogue.frame_changed").old == {"price": "2450"}
    imports.take_back(keeper, batch.pk)
    changed.refresh_from_db()
    assert (changed.price, changed.version) == (Decimal(2450), 3)
    assert list(Frame.objects.values_list("sku", flat=True)) == ["KAR-00001", "KAR-00002"]


def test_an_empty_cell_leaves_a_measured_value_alone(keeper):
    imports.apply(keeper, checked(keeper, csv_of([row(1)])).pk)
    made = Frame.objects.get()
    Frame.objects.filter(pk=made.pk).update(a_mm=Decimal("51.70"))
    assert checked(keeper, csv_of([row(1)])).counts["same"] == 1


def test_an_import_whose_frames_were_touched_is_not_taken_back(keeper):
    batch = imports.apply(keeper, checked(keeper, csv_of([row(1), row(2)])).pk)
    frames.discontinue(keeper, Frame.objects.get(sku="KAR-00002").pk, batch.applied_at.date())
    with pytest.raises(DomainError, match="KAR-00002"):
        imports.take_back(keeper, batch.pk)
    assert Frame.objects.count() == 2


def test_an_import_whose_frames_are_in_stock_is_not_taken_back(keeper, rosebank):
    batch = imports.apply(keeper, checked(keeper, csv_of([row(1), row(2)])).pk)
    stock.receive(keeper, rosebank.pk, Frame.objects.get(sku="KAR-00001").pk, 1)
    with pytest.raises(DomainError) as refused:
        imports.take_back(keeper, batch.pk)
    assert refused.value.code == "in_use"
    assert (Frame.objects.count(), CatalogueImport.objects.get().state) == (2, ImportState.APPLIED)


def test_a_catalogue_that_moved_since_the_dry_run_is_not_overwritten(keeper):
    imports.apply(keeper, checked(keeper, csv_of([row(1)])).pk)
    batch = checked(keeper, csv_of([row(1, RRP="2990"), row(2)]))
    frames.discontinue(keeper, Frame.objects.get().pk, batch.checked_at.date())
    with pytest.raises(DomainError) as refused:
        imports.apply(keeper, batch.pk)
    assert refused.value.code == "catalogue_moved"
    assert Frame.objects.count() == 1


def test_an_import_is_applied_once(keeper):
    batch = imports.apply(keeper, checked(keeper, csv_of([row(1)])).pk)
    with pytest.raises(IllegalTransition):
        imports.apply(keeper, batch.pk)


def test_the_columns_of_a_suppliers_last_list_are_remembered(keeper):
    odd = ["Art", *HEADINGS[1:]]
    batch = imports.upload(keeper, supplier().pk, "list.csv", csv_of([row(1)], headings=odd))
    assert "sku" not in batch.columns
    with pytest.raises(DomainError) as refused:
        imports.dry_run(keeper, batch.pk, batch.columns)
    assert set(refused.value.fields) == {"sku"}
    imports.dry_run(keeper, batch.pk, {**batch.columns, "sku": "Art"})
    imports.apply(keeper, batch.pk)
    again = imports.upload(keeper, supplier().pk, "list.csv", csv_of([row(2)], headings=odd))
    assert again.columns["sku"] == "Art"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_usual_separator_is_read(keeper, delimiter):
    assert checked(keeper, csv_of([row(1)], delimiter)).counts["new"] == 1


def test_a_workbook_is_read_like_a_csv(keeper):
    cells: list[object] = list(row(1))
    cells[6], cells[11] = 38.0, 2450.5
    batch = checked(keeper, xlsx_of([cells]), "list.xlsx")
    assert batch.counts["new"] == 1, batch.rows.get().problems
    assert batch.rows.get().values["price"] == "2450.50"


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    return out.getvalue()


def crowd() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(400):
            archive.writestr(f"part{number}.xml", b"")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (bomb(), "unpacks to"),
        (crowd(), "parts"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"\x00\x01\x02\x00", "neither text"),
        (b"", "headings"),
        (b"SKU,Brand\n", "no row"),
        (b"SKU,SKU\n1,2\n", "twice"),
        (b"SKU\n" + b"1\n" * 50_001, "rows"),
        (b"x" * (reading.MOST_BYTES + 1), "MB"),
    ],
)
def test_a_file_past_a_limit_is_refused_saying_which(keeper, content, word):
    with pytest.raises(DomainError) as refused:
        imports.upload(keeper, supplier().pk, "list.csv", content)
    assert word in refused.value.fields["file"]
    assert not CatalogueImport.objects.exists()


@pytest.mark.parametrize(
    ("text", "value"),
    [("2450", "2450.00"), ("2 450,50", "2450.50"), ("R 1,250.00", "1250.00"), ("52,5", "52.50")],
)
def test_numbers_are_read_as_suppliers_write_them(text, value):
    assert frame_rows.understand({"price": text}, 1).problems[0].column != "price"
    assert frame_rows._decimal("price", text) == {"price": Decimal(value)}


@pytest.mark.parametrize("text", ["52-18-140", "52□18 140", "52/18-140", "52 x 18 140", "52[]18 140"])
def test_sizes_are_read_as_marked(text):
    assert frame_rows._size("size", text) == {
        "eye_size_mm": Decimal(52),
        "bridge_mm": Decimal(18),
        "temple_mm": Decimal(140),
    }


def test_a_dispenser_may_not_import(rosebank):
    with pytest.raises(NotAllowed):
        imports.upload(staff(Role.DISPENSING_OPTICIAN, rosebank), supplier().pk, "list.csv", csv_of([row(1)]))


# ------------------------------------------------------------------- pages


@pytest.fixture
def person(client, rosebank):
    one = user(Role.FRAME_CONTROLLER, rosebank)
    client.force_login(one)
    return one


def test_the_pages_lead_from_upload_to_the_frames(client, person):
    frame(sku="KAR-00009")
    file = SimpleUploadedFile("list.csv", csv_of([row(1), row(2, B="=cmd()")]))
    answer = client.post(reverse("catalogue:imports"), {"kind": "frames", "supplier": supplier().pk, "file": file})
    batch = CatalogueImport.objects.get()
    assert answer["Location"] == reverse("catalogue:import", args=[batch.number])
    shown = client.get(answer["Location"]).content.decode()
    assert "Dry run" in shown
    answer = client.post(reverse("catalogue:import", args=[batch.number]), dict(batch.columns))
    assert answer.status_code == 303
    shown = client.get(reverse("catalogue:import", args=[batch.number])).content.decode()
    assert "This is not a number." in shown
    assert Frame.objects.count() == 1
    download = b"".join(
        client.get(reverse("catalogue:import_problems", args=[batch.number])).streaming_content
    ).decode()
    assert download.splitlines() == ["Row,Column,Value,Reason", "3,B,'=cmd(),This is not a number."]
    assert client.post(reverse("catalogue:import_apply", args=[batch.number])).status_code == 303
    assert Frame.objects.count() == 2
    assert client.post(reverse("catalogue:import_take_back", args=[batch.number])).status_code == 303
    assert Frame.objects.count() == 1


def test_a_bad_upload_says_why_at_the_field(client, person):
    answer = client.post(reverse("catalogue:imports"), {"kind": "frames", "supplier": supplier().pk})
    assert answer.status_code == 422
    assert "file" in answer.context["form"].errors
    file = SimpleUploadedFile("list.xls", b"\xd0\xcf\x11\xe0 old")
    answer = client.post(reverse("catalogue:imports"), {"kind": "frames", "supplier": supplier().pk, "file": file})
    assert answer.status_code == 422


def test_a_long_list_is_worked_off_in_the_background(client, person, monkeypatch):
    importlib.import_module("catalogue.tasks")
    monkeypatch.setattr(pages, "AT_ONCE_ROWS", 1)
    batch = imports.upload(actor(person), supplier().pk, "list.csv", csv_of([row(1), row(2)]))
    url = reverse("catalogue:import", args=[batch.number])
    client.post(url, dict(batch.columns))
    assert CatalogueImport.objects.get().state == ImportState.UPLOADED
    assert "Rows" in client.get(url).content.decode()
    job_runs.run_waiting()
    assert CatalogueImport.objects.get().state == ImportState.CHECKED
    client.post(reverse("catalogue:import_apply", args=[batch.number]))
    job_runs.run_waiting()
    assert Frame.objects.count() == 2


def test_only_those_who_keep_the_catalogue_see_imports(client, rosebank):
    client.force_login(user(Role.DISPENSING_OPTICIAN, rosebank))
    assert client.get(reverse("catalogue:imports")).status_code == 403
