"""A supplier's lens list: rows with one code are one lens, each row a range of powers at a blank diameter."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from catalogue.imports import lens_rows
from catalogue.models import CatalogueImport, ImportRow, LensProduct, LensRange, RowVerdict
from catalogue.services import common, lenses
from catalogue.services.importing import base
from catalogue.services.lenses import RangeData
from core.actor import Actor
from core.importing.columns import Column, Problem
from records.services.changes import FieldChange

RangeText = dict[str, str]


@dataclass
class Group:
    """The rows of one lens: the first says what it is, each gives a range."""

    first: int
    cells: Mapping[str, str]
    values: Mapping[str, Any]
    ranges: dict[tuple[str, ...], int] = field(default_factory=dict)
    problems: dict[int, list[Problem]] = field(default_factory=dict)


class LensJudge(base.Rows):
    """Reads the file once to gather each lens's rows, then decides row by row."""

    def __init__(self, batch: CatalogueImport) -> None:
        super().__init__(batch)
        self.supplier_id = batch.supplier_id
        self.groups: dict[str, Group] = {}
        self.known = {
            product.code.lower(): product for product in LensProduct.objects.prefetch_related("ranges").order_by("pk")
        }
        for row in batch.rows.order_by("row_number").iterator(chunk_size=base.BATCH):
            self._gather(row)

    def _gather(self, row: ImportRow) -> None:
        cells = self.cells(row)
        code = cells.get("code", "").lower()
        group = self.groups.get(code) if code else None
        is_first = group is None and code not in self.known
        values, problems = lens_rows.understand(cells, is_first)
        if group is None:
            group = Group(row.row_number, cells, values)
            self.groups[code or f"row {row.row_number}"] = group
            problems += self._foreign(code, cells)
        else:
            problems += _contradictions(group, cells)
        made = tuple(lens_rows.range_of(values).values())
        earlier = group.ranges.setdefault(made, row.row_number)
        if earlier != row.row_number:
            words = _("The same powers and diameter are on row %(row)d already.")
            problems.append(Problem("diameter_mm", cells.get("diameter_mm", ""), words % {"row": earlier}))
        if problems:
            group.problems[row.row_number] = problems

    def _foreign(self, code: str, cells: Mapping[str, str]) -> list[Problem]:
        known = self.known.get(code)
        if known is None or known.supplier_id == self.supplier_id:
            return []
        return [Problem("code", cells["code"], _("Another supplier's lens has this code."))]

    def decide(self, row: ImportRow) -> None:
        base.blank(row)
        cells = self.cells(row)
        code = cells.get("code", "").lower()
        group = self.groups[code or f"row {row.row_number}"]
        if group.problems:
            base.reject(row, group.problems.get(row.row_number) or [_held_back(group, cells)])
        elif row.row_number != group.first:
            row.verdict = RowVerdict.PART
            row.values = {"code": cells["code"], "row": group.first}
        else:
            self._compare(row, group)

    def _compare(self, row: ImportRow, group: Group) -> None:
        said = lens_rows.said(group.cells)
        ranges = [dict(zip(lens_rows.RANGE, made, strict=True)) for made in group.ranges]
        row.values = {name: base.plain(group.values[name]) for name in said} | {"ranges": ranges}
        product = self.known.get(group.cells["code"].lower())
        if product is None:
            row.verdict = RowVerdict.NEW
            return
        row.target_id, row.target_version = product.pk, product.version
        moved = [name for name in said if getattr(product, name) != group.values[name]]
        before: dict[str, Any] = {name: base.plain(getattr(product, name)) for name in moved}
        stood = lenses.ranges_of(product)
        if _alike(stood) != _alike([_range(one) for one in ranges]):
            before["ranges"] = [{name: base.plain(value) for name, value in asdict(one).items()} for one in stood]
        row.before = before
        row.verdict = RowVerdict.CHANGED if before else RowVerdict.SAME


def _contradictions(group: Group, cells: Mapping[str, str]) -> list[Problem]:
    """A later row of a lens that says something else than its first."""
    words = _("Row %(row)d of this lens says “%(value)s”.")
    return [
        Problem(name, cells[name], words % {"row": group.first, "value": group.cells.get(name) or "–"})
        for name in lens_rows.said(cells)
        if name != "code" and cells[name] != group.cells.get(name)
    ]


def _held_back(group: Group, cells: Mapping[str, str]) -> Problem:
    words = _("Row %(row)d of this lens cannot be read, so the whole lens stays out.")
    return Problem("code", cells.get("code", ""), words % {"row": min(group.problems)})


def _range(text: Mapping[str, str]) -> RangeData:
    """A kept range; what it does not say has the defaults of a range."""
    return RangeData(**base.typed(LensRange, {name: value for name, value in text.items() if value}))


def _alike(ranges: Sequence[RangeData]) -> set[tuple[Any, ...]]:
    return {tuple(asdict(one).values()) for one in ranges}


class LensList:
    """Lens products of one supplier with their ranges."""

    columns: Sequence[Column] = lens_rows.COLUMNS

    def missing(self, chosen: Mapping[str, str]) -> Sequence[Column]:
        return base.required(self.columns, chosen)

    def judge(self, batch: CatalogueImport) -> LensJudge:
        return LensJudge(batch)

    def write(self, actor: Actor, batch: CatalogueImport, rows: Sequence[ImportRow]) -> None:
        _add(batch, [row for row in rows if row.verdict == RowVerdict.NEW])
        products = _locked([row for row in rows if row.verdict == RowVerdict.CHANGED])
        for row in rows:
            if row.verdict == RowVerdict.CHANGED:
                product = products.get(row.target_id or 0)
                if product is None or product.version != row.target_version:
                    raise base.moved()
                _put(actor, product, {name: row.values[name] for name in row.before}, base.reason(batch))
                row.target_version = product.version

    def finish(self, actor: Actor, batch: CatalogueImport) -> None:
        """Every row stands for itself."""

    def undo(self, actor: Actor, batch: CatalogueImport, rows: Sequence[ImportRow]) -> None:
        written = {row.target_id: row for row in rows if row.target_id is not None}
        products = _locked(list(written.values()))
        base.require_untouched(written, products, "code")
        for pk, row in written.items():
            if row.verdict == RowVerdict.NEW:
                base.remove(products[pk])
            else:
                _put(actor, products[pk], row.before, base.undo_reason(batch))


def _locked(rows: Sequence[ImportRow]) -> dict[int, LensProduct]:
    found = LensProduct.objects.select_for_update().prefetch_related("ranges")
    return found.in_bulk([row.target_id for row in rows if row.target_id])


def _add(batch: CatalogueImport, rows: Sequence[ImportRow]) -> None:
    made = [LensProduct(supplier_id=batch.supplier_id, **base.typed(LensProduct, _product(row.values))) for row in rows]
    if LensProduct.objects.filter(code__in=[one.code for one in made]).exists():
        raise base.moved()
    created = bulk_create_with_history(made, LensProduct, batch_size=base.BATCH, default_change_reason=batch.number)
    by_code = {one.code: one for one in created}
    for row in rows:
        row.target_id, row.target_version = by_code[row.values["code"]].pk, 1
    LensRange.objects.bulk_create(_new_ranges(rows, by_code), batch_size=base.BATCH)


def _new_ranges(rows: Sequence[ImportRow], by_code: Mapping[str, LensProduct]) -> Iterator[LensRange]:
    for row in rows:
        for text in row.values["ranges"]:
            yield LensRange(product=by_code[row.values["code"]], **asdict(_range(text)))


def _product(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "ranges"}


def _put(actor: Actor, product: LensProduct, wanted: Mapping[str, Any], why: str) -> None:
    """Set the named values and ranges; decisions that rest on the lens hear of it."""
    values = base.typed(LensProduct, _product(wanted))
    moved = common.differences(product, values)
    ranges = [_range(text) for text in wanted["ranges"]] if "ranges" in wanted else None
    if ranges is not None:
        old, new = lenses.words_of(lenses.ranges_of(product)), lenses.words_of(ranges)
        moved.append(FieldChange("ranges", _("powers made"), old, new))
    common.write(product, values)
    lenses.replace_rows(product, ranges, None)
    common.tell("catalogue.lens_changed", actor, product, moved, why)
