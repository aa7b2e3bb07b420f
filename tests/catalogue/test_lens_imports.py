"""Importing a supplier's lenses, add-ons and surcharges: what is written, what is refused, the way back."""

import csv
import io
import time
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from branches.roles import Role
from catalogue import finder
from catalogue.demand import Demand, EyeDemand
from catalogue.imports.samples import SAMPLES
from catalogue.models import CatalogueImport, LensAddOn, LensProduct, LensRange, PriceBand
from catalogue.services import imports, lenses
from catalogue.services.lenses import BandData, LensChange
from core.errors import DomainError
from lensmath.powers import EyePower
from lensmath.prism import Eye
from records.models import Event
from tests.factories import branch, lens, staff, supplier, user

pytestmark = pytest.mark.django_db
HEADINGS = [
    "Code", "Name", "Family", "Design", "Made as", "Material", "Index", "Min fitting height", "Days", "Cost", "Price",
    "Diameter", "Sphere from", "Sphere to", "Cylinder to", "Combined to", "Add from", "Add to", "Prism to",
]  # fmt: skip
MAKER = "VIS"


def row(code: str, **cells: str) -> list[str]:
    values = {
        "Code": code, "Name": f"Clara {code}", "Family": "Clara", "Design": "SV", "Made as": "Stock", "Material": "MR-8",
        "Index": "1.60", "Min fitting height": "", "Days": "1", "Cost": "310", "Price": "890", "Diameter": "65",
        "Sphere from": "-8.00", "Sphere to": "+6.00", "Cylinder to": "-2.00", "Combined to": "-8.00", "Add from": "",
        "Add to": "", "Prism to": "",
    }  # fmt: skip
    return [(values | cells)[heading] for heading in HEADINGS]


def further(code: str, **cells: str) -> list[str]:
    """A later row of a lens: only its powers."""
    said = {"Diameter": "70", "Sphere from": "-6.00", "Sphere to": "+4.00", "Cylinder to": "-2.00"} | cells
    return [({"Code": code} | said).get(heading, "") for heading in HEADINGS]


def csv_of(rows: list[list[str]], headings: list[str] = HEADINGS) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([headings, *rows])
    return out.getvalue().encode()


@pytest.fixture
def keeper():
    return staff(Role.FRAME_CONTROLLER, branch("RSB", name="Rosebank"))


def checked(keeper, content: bytes, kind: str = "lenses", name: str = "list.csv") -> CatalogueImport:
    batch = imports.upload(keeper, supplier(MAKER).pk, name, content, kind)
    return imports.dry_run(keeper, batch.pk, batch.columns)


def reasons(batch: CatalogueImport) -> list[tuple[int, str, str]]:
    rows = batch.rows.filter(verdict="rejected").order_by("row_number")
    return [(line.row_number, one["column"], one["reason"]) for line in rows for one in line.problems]


def test_rows_with_one_code_become_one_lens_with_its_ranges(keeper):
    batch = checked(keeper, csv_of([row("SV160"), further("SV160"), row("SV167", Index="1.67")]))
    assert batch.counts == {"new": 2, "changed": 0, "same": 0, "rejected": 0, "part": 1}
    assert not LensProduct.objects.exists()
    imports.apply(keeper, batch.pk)
    made = LensProduct.objects.get(code="SV160")
    assert (made.design, made.form, made.index_nd, made.price, made.lead_days) == (
        "single_vision", "stock", Decimal("1.600"), Decimal(890), 1,
    )  # fmt: skip
    found = made.ranges.order_by("diameter_mm").values_list("diameter_mm", "sphere_min", "cylinder_min", "combined_min")
    assert list(found) == [(65, Decimal(-8), Decimal(-2), Decimal(-8)), (70, Decimal(-6), Decimal(-2), None)]
    assert made.history.count() == 1
    imports.take_back(keeper, batch.pk)
    assert (LensProduct.objects.count(), LensRange.objects.count()) == (0, 0)


def test_a_changed_price_and_range_are_written_told_and_taken_back(keeper):
    imports.apply(keeper, checked(keeper, csv_of([row("SV160"), further("SV160")])).pk)
    batch = checked(keeper, csv_of([row("SV160", Price="950"), further("SV160", **{"Sphere from": "-7.00"})]))
    assert (batch.counts["changed"], batch.counts["part"]) == (1, 1)
    imports.apply(keeper, batch.pk)
    made = LensProduct.objects.get()
    assert (made.price, made.version) == (Decimal(950), 2)
    assert sorted(made.ranges.values_list("sphere_min", flat=True)) == [Decimal(-8), Decimal(-7)]
    event = Event.objects.get(kind="catalogue.lens_changed")
    assert event.old["price"] == "890"
    assert "powers made" in event.new
    imports.take_back(keeper, batch.pk)
    made.refresh_from_db()
    assert (made.price, made.version) == (Decimal(890), 3)
    assert sorted(made.ranges.values_list("sphere_min", flat=True)) == [Decimal(-8), Decimal(-6)]


def test_the_same_list_again_changes_nothing(keeper):
    rows = [row("SV160"), further("SV160")]
    imports.apply(keeper, checked(keeper, csv_of(rows)).pk)
    batch = checked(keeper, csv_of(rows))
    assert (batch.counts["same"], batch.counts["part"]) == (1, 1)
    with pytest.raises(DomainError, match="no row to apply"):
        imports.apply(keeper, batch.pk)


def test_a_lens_changed_since_is_not_taken_back(keeper):
    batch = imports.apply(keeper, checked(keeper, csv_of([row("SV160")])).pk)
    lenses.discontinue(keeper, LensProduct.objects.get().pk, date(2026, 1, 1))
    with pytest.raises(DomainError, match="SV160") as refused:
        imports.take_back(keeper, batch.pk)
    assert refused.value.code == "touched"
    assert LensProduct.objects.count() == 1


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"Cylinder to": "4.00"}, "cylinder_min", "as minus"),
        ({"Sphere from": "+6.00", "Sphere to": "-8.00"}, "sphere_min", "strongest minus comes first"),
        ({"Add from": "-0.75", "Add to": "3.50"}, "add_min", "An add is positive"),
        ({"Add from": "3.50", "Add to": "0.75"}, "add_min", "least add comes first"),
        ({"Sphere from": "-8.10"}, "sphere_min", "steps of 0.25"),
        ({"Sphere from": "minus eight"}, "sphere_min", "not a number"),
        ({"Diameter": "650"}, "diameter_mm", "40 to 90"),
        ({"Diameter": "65.5"}, "diameter_mm", "whole number"),
        ({"Index": "16"}, "index_nd", "between 1.4 and 1.95"),
        ({"Price": "-890"}, "price", "not negative"),
        ({"Price": "1,890"}, "price", "Thousands or decimals"),
        ({"Price": "=1+1"}, "price", "not a number"),
        ({"Name": "=HYPERLINK(evil)"}, "name", "formula"),
        ({"Name": "@SUM(A1)"}, "name", "formula"),
        ({"Design": "magic"}, "design", "Not known"),
        ({"Name": ""}, "name", "Nothing is written"),
        ({"Code": ""}, "code", "Nothing is written"),
        ({"Name": "x" * 121}, "name", "At most 120"),
    ],
)
def test_a_wrong_cell_is_named_with_its_reason(keeper, cells, column, words):
    batch = checked(keeper, csv_of([row("SV160", **cells), row("SV167")]))
    assert (batch.counts["new"], batch.counts["rejected"]) == (1, 1)
    [(number, where, reason)] = reasons(batch)
    assert (number, where) == (2, column)
    assert words in reason


def test_one_bad_range_keeps_the_whole_lens_out(keeper):
    batch = checked(keeper, csv_of([row("SV160"), further("SV160", Diameter="7")]))
    assert batch.counts["rejected"] == 2
    assert reasons(batch)[0] == (2, "code", "Row 3 of this lens cannot be read, so the whole lens stays out.")


def test_a_row_that_contradicts_the_first_one_is_refused(keeper):
    batch = checked(keeper, csv_of([row("SV160"), row("SV160", Price="900", Diameter="70")]))
    assert (3, "price", "Row 2 of this lens says “890”.") in reasons(batch)


def test_the_same_range_twice_is_refused(keeper):
    batch = checked(keeper, csv_of([row("SV160"), row("SV160")]))
    assert (3, "diameter_mm", "The same powers and diameter are on row 2 already.") in reasons(batch)


def test_another_suppliers_code_is_refused(keeper):
    lens(code="SV160", supplier=supplier("OTH", "Other Optics"))
    assert reasons(checked(keeper, csv_of([row("SV160")])))[0][2] == "Another supplier's lens has this code."


def test_eighths_are_read_as_the_trade_writes_them(keeper):
    imports.apply(keeper, checked(keeper, csv_of([row("SV160", **{"Sphere from": "-8.12", "Sphere to": "5,87"})])).pk)
    made = LensRange.objects.get()
    assert (made.sphere_min, made.sphere_max) == (Decimal("-8.125"), Decimal("5.875"))


def test_a_workbook_with_true_minus_signs_is_read(keeper):
    book = openpyxl.Workbook()
    sheet: Any = book.active
    cells: list[Any] = list(row("SV160", **{"Sphere from": "−8.00"}))
    cells[10], cells[13] = 890.5, 6
    sheet.append(HEADINGS)
    sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    batch = checked(keeper, out.getvalue(), name="list.xlsx")
    assert batch.counts["new"] == 1, reasons(batch)
    imports.apply(keeper, batch.pk)
    assert (LensProduct.objects.get().price, LensRange.objects.get().sphere_min) == (Decimal("890.50"), Decimal(-8))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (csv_of([row("A")]) + b"B,too,many," + b"," * 20 + b"cells\n", "Row 3 has more cells"),
        (b'Code,Name\n"never closed,1\n', "quotation mark"),
        ("Code;Name\nÄ;B\n".encode("utf-16-le"), "neither text"),
        (b"Code,Name\n\x81\x8d,1\n", "neither text"),
    ],
)
def test_hostile_text_is_refused_saying_why(keeper, content, words):
    with pytest.raises(DomainError) as refused:
        imports.upload(keeper, supplier(MAKER).pk, "list.csv", content, "lenses")
    assert words in refused.value.fields["file"]
    assert not CatalogueImport.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_usual_encodings_are_read(keeper, encoding):
    content = csv_of([row("SV160", Name="Clara größer")]).decode().encode(encoding)
    imports.apply(keeper, checked(keeper, content).pk)
    assert LensProduct.objects.get().name == "Clara größer"


def test_five_thousand_lenses_come_in_and_are_found(keeper):
    rows = [row(f"SV{n:04d}", Index=f"{1.5 + n % 5 * 0.05:.2f}", Price=str(500 + n)) for n in range(5000)]
    began = time.monotonic()
    batch = imports.apply(keeper, checked(keeper, csv_of(rows)).pk)
    assert time.monotonic() - began < 60
    assert (LensProduct.objects.count(), batch.counts["new"]) == (5000, 5000)
    demand = Demand({eye: EyeDemand(EyePower(Decimal("-2.25"), Decimal("-0.75"), 90)) for eye in Eye})
    found = finder.find(demand, date(2026, 1, 5))
    assert (found.total, found.offers[0].price) == (5000, Decimal(1000))


# ------------------------------------------------------------------- add-ons and surcharges


ADD_ON_HEADINGS = ["Code", "Name", "Kind", "Cost", "Price", "Extra days", "Included", "Goes with"]
BAND_HEADINGS = ["Lens code or family", "For", "From", "To", "Cost", "Price"]


def test_add_ons_come_with_the_lenses_they_go_with(keeper):
    one, two = lens(code="L1"), lens(code="L2", family="Office", supplier=supplier(MAKER))
    rows = [["AR", "Super AR", "coating", "180", "690", "1", "yes", "Vista HD progressive; L2"]]
    rows += [["TG", "Grey", "tint", "90", "290", "", "no", "*"], ["X", "Nowhere", "tint", "1", "2", "", "", "Moon"]]
    batch = checked(keeper, csv_of(rows, ADD_ON_HEADINGS), "add_ons")
    assert (batch.counts["new"], reasons(batch)[0][1:]) == (
        2, ("families", "No lens of this supplier has this family or code."),
    )  # fmt: skip
    imports.apply(keeper, batch.pk)
    made = LensAddOn.objects.get(code="AR")
    assert (made.price, made.extra_days, made.is_default) == (Decimal(690), 1, True)
    assert set(made.products.all()) == {one, two}
    again = checked(
        keeper, csv_of([["AR", "Super AR", "coating", "180", "720", "1", "yes", "L2"]], ADD_ON_HEADINGS), "add_ons"
    )
    assert again.counts["changed"] == 1
    imports.apply(keeper, again.pk)
    made.refresh_from_db()
    assert (made.price, list(made.products.all())) == (Decimal(720), [two])
    imports.take_back(keeper, again.pk)
    made.refresh_from_db()
    assert (made.price, set(made.products.all())) == (Decimal(690), {one, two})


def test_surcharges_take_the_place_of_those_for_the_same_quantity(keeper):
    one, two = lens(code="L1"), lens(code="L2")
    stood = [BandData("cylinder", Decimal("4.25"), Decimal(6), Decimal(300))]
    data = lenses.LensData(
        code="L1", supplier_id=one.supplier_id, name=one.name, family=one.family, design=one.design, form=one.form,
        material=one.material, index_nd=one.index_nd, price=one.price, cost=one.cost,
    )  # fmt: skip
    lenses.change(keeper, one.pk, LensChange(data, None, stood))
    rows = [
        ["Vista HD progressive", "sphere", "6.25", "8.00", "120", "260"],
        ["Vista HD progressive", "sph", "8.25", "10", "200", "400"],
    ]
    batch = checked(keeper, csv_of(rows, BAND_HEADINGS), "bands")
    assert (batch.counts["changed"], batch.counts["part"]) == (1, 1)
    imports.apply(keeper, batch.pk)
    assert sorted(one.bands.values_list("quantity", "price")) == [
        ("cylinder", Decimal(300)), ("sphere", Decimal(260)), ("sphere", Decimal(400)),
    ]  # fmt: skip
    assert two.bands.count() == 2
    imports.take_back(keeper, batch.pk)
    assert list(PriceBand.objects.values_list("product", "quantity")) == [(one.pk, "cylinder")]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["L1", "sphere", "8", "6", "1", "2"]], "begins below its end"),
        ([["L1", "sphere", "6", "8", "1", "2"], ["L1", "sphere", "8", "9", "1", "2"]], "overlaps"),
        ([["Moon", "sphere", "6", "8", "1", "2"]], "No lens of this supplier"),
        ([["L1", "weight", "6", "8", "1", "2"]], "Not known"),
        ([["L1", "sphere", "6", "8", "1", "2"], ["Vista HD progressive", "sphere", "9", "9", "1", "2"]], "named by"),
    ],
)
def test_wrong_surcharges_are_refused(keeper, rows, words):
    lens(code="L1")
    assert any(
        words in reason for _row, _column, reason in reasons(checked(keeper, csv_of(rows, BAND_HEADINGS), "bands"))
    )
    assert not PriceBand.objects.exists()


# ------------------------------------------------------------------- pages


def test_the_sample_of_each_kind_is_read_by_its_own_import(client, keeper):
    client.force_login(user(Role.FRAME_CONTROLLER, branch()))
    for kind in ("lenses", "add_ons", "bands"):
        content = client.get(reverse("catalogue:import_sample") + f"?kind={kind}").content
        batch = checked(keeper, content, kind)
        assert batch.counts["rejected"] == 0, (kind, reasons(batch))
        imports.apply(keeper, batch.pk)
    assert client.get(reverse("catalogue:import_sample") + "?kind=nonsense").status_code == 404
    assert set(SAMPLES) == set(imports.TARGETS)


def test_the_pages_lead_from_a_lens_list_to_lenses(client):
    client.force_login(user(Role.FRAME_CONTROLLER, branch()))
    file = SimpleUploadedFile("list.csv", csv_of([row("SV160"), further("SV160"), row("BAD", Index="3")]))
    sent = {"kind": "lenses", "supplier": supplier(MAKER).pk, "file": file}
    assert client.post(reverse("catalogue:imports"), sent).status_code == 303
    batch = CatalogueImport.objects.get()
    url = reverse("catalogue:import", args=[batch.number])
    assert client.post(url, dict(batch.columns)).status_code == 303
    shown = client.get(url).content.decode()
    assert "Index n_d" in shown
    assert "It lies between 1.4 and 1.95." in shown
    assert client.post(reverse("catalogue:import_apply", args=[batch.number])).status_code == 303
    assert LensProduct.objects.get().code == "SV160"
    assert client.post(reverse("catalogue:import_take_back", args=[batch.number])).status_code == 303
    assert not LensProduct.objects.exists()
