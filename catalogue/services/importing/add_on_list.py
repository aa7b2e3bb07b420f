"""A list of coatings, tints and workings: one row, one add-on, with the lenses it goes with."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from catalogue.imports import extra_rows
from catalogue.models import CatalogueImport, ImportRow, LensAddOn, LensProduct, RowVerdict
from catalogue.services import common
from catalogue.services.importing import base
from core.actor import Actor
from core.errors import DomainError
from core.importing.columns import Column, Problem
from records.services.changes import FieldChange

FIELDS = ("code", "name", "kind", "cost", "price", "extra_days", "is_default", "lab_code")
EVERY = "*"


class AddOnJudge(base.Rows):
    """Decides rows against the add-ons and lens families of the catalogue, which are read once."""

    def __init__(self, batch: CatalogueImport) -> None:
        super().__init__(batch)
        self.supplier_id = batch.supplier_id
        self.known = {one.code.lower(): one for one in LensAddOn.objects.prefetch_related("products")}
        self.lenses = lenses_by_word(batch.supplier_id)
        self.seen: dict[str, int] = {}

    def decide(self, row: ImportRow) -> None:
        base.blank(row)
        cells = self.cells(row)
        values, problems = extra_rows.add_on(cells)
        products, unknown = self._products(cells.get("families", ""))
        problems += [
            Problem("families", one, _("No lens of this supplier has this family or code.")) for one in unknown
        ]
        problems += self._clashes(cells, row.row_number)
        if problems:
            base.reject(row, problems)
            return
        row.values = {name: base.plain(values[name]) for name in FIELDS if name in values}
        if products is not None:
            row.values["products"] = sorted(products)
        self._compare(row, values, products)

    def _products(self, text: str) -> tuple[set[int] | None, list[str]]:
        """The lenses named by families or codes; None when the row names none."""
        words = [" ".join(word.split()) for word in re.split(r"[;|]", text) if word.strip()]
        if not words:
            return None, []
        found = [self.lenses.get(word.lower()) for word in words]
        unknown = [word for word, pks in zip(words, found, strict=True) if not pks]
        return {pk for pks in found if pks for pk in pks}, unknown

    def _clashes(self, cells: Mapping[str, str], number: int) -> list[Problem]:
        code = cells.get("code", "")
        first, known = self.seen.setdefault(code.lower(), number), self.known.get(code.lower())
        if first != number:
            return [Problem("code", code, _("This code is on row %(row)d already.") % {"row": first})]
        if known is not None and known.supplier_id != self.supplier_id:
            return [Problem("code", code, _("Another supplier's add-on has this code."))]
        return []

    def _compare(self, row: ImportRow, values: Mapping[str, Any], products: set[int] | None) -> None:
        known = self.known.get(str(values["code"]).lower())
        if known is None:
            row.verdict = RowVerdict.NEW
            return
        row.target_id, row.target_version = known.pk, known.version
        said = [name for name in FIELDS if name in values and getattr(known, name) != values[name]]
        before: dict[str, Any] = {name: base.plain(getattr(known, name)) for name in said}
        stood = {product.pk for product in known.products.all()}
        if products is not None and stood != products:
            before["products"] = sorted(stood)
        row.before = before
        row.verdict = RowVerdict.CHANGED if before else RowVerdict.SAME


def lenses_by_word(supplier_id: int) -> dict[str, list[int]]:
    """Lens ids of a supplier by lower-case code, by family, and all of them under `*`."""
    found: dict[str, list[int]] = {EVERY: []}
    for pk, code, family in LensProduct.objects.filter(supplier_id=supplier_id).values_list("pk", "code", "family"):
        found[EVERY].append(pk)
        found.setdefault(code.lower(), []).append(pk)
        if family and family.lower() != code.lower():
            found.setdefault(family.lower(), []).append(pk)
    return found


class AddOnList:
    """Add-ons of one supplier."""

    columns: Sequence[Column] = extra_rows.ADD_ONS

    def missing(self, chosen: Mapping[str, str]) -> Sequence[Column]:
        return base.required(self.columns, chosen)

    def judge(self, batch: CatalogueImport) -> AddOnJudge:
        return AddOnJudge(batch)

    def write(self, actor: Actor, batch: CatalogueImport, rows: Sequence[ImportRow]) -> None:
        known = _locked(rows)
        for row in rows:
            if row.verdict == RowVerdict.NEW:
                add_on = _new(batch, row)
            else:
                found = known.get(row.target_id or 0)
                if found is None or found.version != row.target_version:
                    raise base.moved()
                add_on = found
            wanted = row.values if row.verdict == RowVerdict.NEW else {name: row.values[name] for name in row.before}
            _put(actor, add_on, wanted, base.reason(batch))
            row.target_id, row.target_version = add_on.pk, add_on.version

    def finish(self, actor: Actor, batch: CatalogueImport) -> None:
        """Every row stands for itself."""

    def undo(self, actor: Actor, batch: CatalogueImport, rows: Sequence[ImportRow]) -> None:
        written = {row.target_id: row for row in rows if row.target_id is not None}
        add_ons = _locked(rows)
        base.require_untouched(written, add_ons, "code")
        for pk, row in written.items():
            if row.verdict == RowVerdict.NEW:
                _require_unused(add_ons[pk])
                base.remove(add_ons[pk])
            else:
                _put(actor, add_ons[pk], row.before, base.undo_reason(batch))


def _locked(rows: Sequence[ImportRow]) -> dict[int, LensAddOn]:
    return LensAddOn.objects.select_for_update().in_bulk([row.target_id for row in rows if row.target_id])


def _new(batch: CatalogueImport, row: ImportRow) -> LensAddOn:
    if LensAddOn.objects.filter(code__iexact=row.values["code"]).exists():
        raise base.moved()
    return LensAddOn(supplier_id=batch.supplier_id)


def _put(actor: Actor, add_on: LensAddOn, wanted: Mapping[str, Any], why: str) -> None:
    values = base.typed(LensAddOn, {name: value for name, value in wanted.items() if name != "products"})
    is_new = add_on.pk is None
    moved = [FieldChange("code", _("code"), "", values["code"])] if is_new else common.differences(add_on, values)
    common.write(add_on, values)
    if "products" in wanted:
        add_on.products.set(wanted["products"])
        moved.append(FieldChange("products", _("goes with"), "", str(len(wanted["products"]))))
    common.tell("catalogue.add_on_saved", actor, add_on, moved, why)


def _require_unused(add_on: LensAddOn) -> None:
    """An order that chose the add-on must not lose it silently: many-to-many rows are not protected by the database."""
    for relation in LensAddOn._meta.related_objects:
        through: type[models.Model] | None = getattr(relation, "through", None)
        if relation.many_to_many and through is not None:
            field = next(one for one in through._meta.get_fields() if one.related_model is LensAddOn)
            if through._default_manager.filter(**{field.name: add_on.pk}).exists():
                message = _("%(record)s is in an order already, so the import cannot be taken back.")
                raise DomainError(message % {"record": add_on}, code="in_use")
