"""What each row of a list of stock would do, against the catalogue and what the branch holds. Reads once, writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from catalogue.identifiers import BadIdentifier, gtin14
from catalogue.imports import frame_rows
from catalogue.models import Frame
from core.importing.columns import Problem
from inventory.models import OpeningImport, OpeningRow, OpeningVerdict, StockItem
from inventory.opening.columns import MOST, understand
from records.services.importing import Cells, told

_MAKING = frozenset(column.name for column in frame_rows.COLUMNS)


@dataclass
class Judge:
    """Decides the rows of one file in their order; the rows of one frame count together on the first of them."""

    batch: OpeningImport
    first: dict[str, OpeningRow] = field(default_factory=dict)
    serials: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cells = Cells(self.batch)
        frames = list(Frame.objects.only("pk", "sku", "gtin", "cost", "brand", "model", "colour"))
        self.by_sku = {frame.sku.lower(): frame for frame in frames}
        self.by_gtin = {frame.gtin: frame for frame in frames if frame.gtin}
        items = StockItem.objects.filter(branch=self.batch.branch)
        self.items = {item.frame_id: item for item in items}
        live = OpeningRow.objects.filter(item__branch=self.batch.branch, is_live=True, is_opening=True)
        self.opened = set(live.values_list("item__frame_id", flat=True))
        self.moved = set(items.filter(entries__isnull=False).values_list("frame_id", flat=True))

    def decide(self, row: OpeningRow) -> None:
        _blank(row)
        cells = self.cells.of(row)
        row.fingerprint = self.cells.fingerprint(row)
        values, problems = understand(cells)
        frame, unsure = (None, []) if problems else self._frame(values)
        problems += unsure + self._doubles(row, values)
        if problems:
            row.verdict, row.problems = OpeningVerdict.REFUSED, told(problems)
            return
        row.pieces, row.unit_cost = values["quantity"], values.get("cost")
        row.values = {"serials": values["serials"], "code": values.get("sku") or values.get("gtin", "")}
        first = self.first.setdefault(f"#{frame.pk}" if frame else row.values["code"].lower(), row)
        if first is not row:
            self._join(row, first)
        elif frame is None:
            self._unknown(row, cells)
        else:
            self._known(row, frame)

    def _frame(self, values: Mapping[str, Any]) -> tuple[Frame | None, list[Problem]]:
        """By SKU and GTIN; the two may not name different frames."""
        by_sku = self.by_sku.get(str(values.get("sku", "")).lower())
        if not values.get("gtin"):
            return by_sku, []
        try:
            by_gtin = self.by_gtin.get(gtin14(values["gtin"]))
        except BadIdentifier:
            return None, [Problem("gtin", values["gtin"], _("This is no GTIN: its digits do not fit each other."))]
        if by_sku and by_gtin and by_sku != by_gtin:
            words = _("The SKU is of %(sku)s, the GTIN of %(gtin)s.")
            return None, [Problem("gtin", values["gtin"], words % {"sku": by_sku, "gtin": by_gtin})]
        return by_sku or by_gtin, []

    def _doubles(self, row: OpeningRow, values: Mapping[str, Any]) -> list[Problem]:
        found = []
        for serial in values.get("serials", []):
            first = self.serials.setdefault(serial.lower(), row.row_number)
            if first != row.row_number:
                words = _("This serial number is on row %(row)d already.") % {"row": first}
                found.append(Problem("serials", serial, words))
        return found

    def _join(self, row: OpeningRow, first: OpeningRow) -> None:
        if first.pieces + row.pieces > MOST:
            row.verdict = OpeningVerdict.REFUSED
            words = _("Together with row %(row)d more than %(most)d pieces.") % {"row": first.row_number, "most": MOST}
            row.problems = told([Problem("quantity", str(row.pieces), words)])
            return
        if row.unit_cost is not None and first.unit_cost is not None and row.unit_cost != first.unit_cost:
            words = _("Counted with row %(row)d at its cost of %(cost)s.")
            said = {"row": first.row_number, "cost": first.unit_cost}
            row.notes = told([Problem("cost", str(row.unit_cost), words % said)])
        first.pieces += row.pieces
        row.verdict, row.values = OpeningVerdict.PART, {**row.values, "row": first.row_number}
        if first.verdict in (OpeningVerdict.READY, OpeningVerdict.DIFFERS, OpeningVerdict.SAME):
            self._compare(first)

    def _known(self, row: OpeningRow, frame: Frame) -> None:
        item = self.items.get(frame.pk)
        row.frame, row.held = frame, item.on_hand if item else 0
        row.opened_before = frame.pk in self.opened
        row.unit_cost = row.unit_cost if row.unit_cost is not None else frame.cost
        self._compare(row)

    def _compare(self, row: OpeningRow) -> None:
        """Nothing was ever booked here: ready. Else the list and the system may say the same, or a person decides."""
        if row.frame_id not in self.moved:
            row.verdict = OpeningVerdict.READY if row.pieces else OpeningVerdict.SAME
        else:
            row.verdict = OpeningVerdict.SAME if row.held == row.pieces else OpeningVerdict.DIFFERS

    def _unknown(self, row: OpeningRow, cells: Mapping[str, str]) -> None:
        """With enough in its row a frame can be made from it; what is missing is said at its column."""
        row.verdict = OpeningVerdict.UNKNOWN
        supplier = int(self.batch.options.get("supplier") or 0)
        made = frame_rows.understand({name: text for name, text in cells.items() if name in _MAKING}, supplier)
        problems = list(made.problems)
        if not supplier:
            problems.append(Problem("sku", row.values["code"], _("Choose the supplier of new frames at the upload.")))
        row.notes = told(problems)
        row.values = {**row.values, "can_make": not problems}


def _blank(row: OpeningRow) -> None:
    row.values, row.problems, row.notes, row.decision = {}, [], [], ""
    row.frame, row.pieces, row.unit_cost, row.held, row.opened_before = None, 0, None, 0, False


def judge(batch: OpeningImport, rows: Sequence[OpeningRow]) -> None:
    """Verdicts of all rows of a file."""
    deciding = Judge(batch)
    for row in rows:
        deciding.decide(row)
