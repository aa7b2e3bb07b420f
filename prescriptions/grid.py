"""What the grid shows around the cells: the last prescription as a ghost, what is unusual or wrong, what follows from it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import dated, ltr
from core.states import Words
from lensmath.notation import TRUE_MINUS
from lensmath.prism import Eye
from prescriptions import comparing, derived, ghosts, judging
from prescriptions.data import EyeData, PrescriptionData
from prescriptions.fields import eye_label
from prescriptions.ghosts import Ghost, Turned
from prescriptions.sheets import EYES, SheetForm
from prescriptions.verdicts import EYE_LETTERS, EYE_NAMES, Level, Verdict

SPECTACLE_COLUMNS: list[tuple[str, Words]] = [
    ("sphere", gettext_lazy("SPH")),
    ("cylinder", gettext_lazy("CYL")),
    ("axis", gettext_lazy("AXIS")),
    ("add", gettext_lazy("ADD")),
    ("prism_horizontal", gettext_lazy("PRISM H")),
    ("prism_vertical", gettext_lazy("PRISM V")),
    ("va", gettext_lazy("VA")),
]
CONTACT_COLUMNS: list[tuple[str, Words]] = [
    ("power", gettext_lazy("POWER")),
    ("cylinder", gettext_lazy("CYL")),
    ("axis", gettext_lazy("AXIS")),
    ("add", gettext_lazy("ADD")),
    ("base_curve", gettext_lazy("BC")),
    ("diameter", gettext_lazy("DIA")),
    ("va", gettext_lazy("VA")),
]
LETTERS = {Eye.RIGHT: gettext_lazy("OD"), Eye.LEFT: gettext_lazy("OS")}


@dataclass(frozen=True)
class Says:
    """A line under an eye: an error, or a warning with the box that confirms it. `title` is its bold beginning."""

    id: str
    tone: str
    cell: str
    text: str
    title: str = ""
    key: str = ""
    confirmed: str = ""
    is_ticked: bool = False


@dataclass(frozen=True)
class CellView:
    """One cell: its box, the tone of what is said about it, and the ids of those lines."""

    name: str
    bound: BoundField
    tone: str = ""
    described_by: str = ""

    @property
    def box(self) -> str:
        """The input with what belongs to it for a screen reader."""
        attrs: dict[str, str | bool] = {"aria-describedby": self.described_by} if self.described_by else {}
        if self.tone == "danger":
            attrs["aria-invalid"] = "true"
        return self.bound.as_widget(attrs=attrs)


@dataclass(frozen=True)
class EyeRow:
    """One eye of the grid."""

    eye: str
    name: Words
    letter: Words
    short: Words
    ghosts: Sequence[Ghost]
    turned: Turned
    cells: Sequence[CellView]
    says: Sequence[Says]


@dataclass(frozen=True)
class Grid:
    """The whole grid. `both` are findings about the pair."""

    columns: Sequence[Words]
    rows: Sequence[EyeRow]
    both: Sequence[Says]
    ghost_title: str
    derived: Sequence[tuple[str, str]] = field(default_factory=tuple)
    form_word: str = ""

    @property
    def warnings(self) -> int:
        return sum(says.tone == "warning" for says in self._all())

    @property
    def open_warnings(self) -> int:
        return sum(says.tone == "warning" and not (says.is_ticked or says.confirmed) for says in self._all())

    @property
    def errors(self) -> int:
        return sum(says.tone == "danger" for says in self._all())

    def _all(self) -> list[Says]:
        return [*self.both, *(says for row in self.rows for says in row.says)]


def build(form: SheetForm, written: PrescriptionData, previous: PrescriptionData | None) -> Grid:
    """For the page and for the live check alike. `written` is what the cells hold, as far as it could be read."""
    columns = CONTACT_COLUMNS if written.is_contact_lens else SPECTACLE_COLUMNS
    cells = {f"{eye}_{name}" for eye in EYES for name, _label in columns}
    says = [line for line in _says(form, written, previous) if line.tone != "danger" or line.cell in cells]
    rows = [_row(eye, columns, form, written, previous, says) for eye in EYES]
    placed = {line for row in rows for line in row.says}
    return Grid(
        columns=[label for _name, label in columns],
        rows=rows,
        both=[line for line in says if line not in placed],
        ghost_title=_last(previous),
        derived=list(derived.values(written)),
        form_word=_form_word(written),
    )


def _last(previous: PrescriptionData | None) -> str:
    if previous is None or previous.issued_on is None:
        return ""
    return _("Last, %(day)s") % {"day": dated(previous.issued_on, "j M Y")}


def _row(
    eye: Eye,
    columns: Sequence[tuple[str, Words]],
    form: SheetForm,
    written: PrescriptionData,
    previous: PrescriptionData | None,
    says: Sequence[Says],
) -> EyeRow:
    names = [name for name, _label in columns]
    before = getattr(previous, eye.value) if previous else None
    now = getattr(written, eye.value) or EyeData()
    return EyeRow(
        eye=eye.value,
        name=EYE_NAMES[eye],
        letter=LETTERS[eye],
        short=EYE_LETTERS[eye],
        ghosts=[ghosts.ghost(eye, name, before or EyeData(), now) for name in names] if previous else [],
        turned=ghosts.turned(before or EyeData(), now),
        cells=[_cell(form[f"{eye}_{name}"], says) for name in names],
        says=[line for line in says if line.cell.startswith(f"{eye}_")],
    )


def _cell(bound: BoundField, says: Sequence[Says]) -> CellView:
    lines = [line for line in says if line.cell == bound.name]
    tone = next((tone for tone in ("danger", "warning") if any(line.tone == tone for line in lines)), "")
    return CellView(bound.name, bound, tone, " ".join(line.id for line in lines))


def _says(form: SheetForm, written: PrescriptionData, previous: PrescriptionData | None) -> Iterator[Says]:
    for name, messages in form.errors.items():
        if name in form.fields and not _is_warned(form, name):
            yield Says(f"says-{name}", "danger", name, " ".join(str(message) for message in messages))
    kept = {confirmation["key"]: confirmation for confirmation in form.confirmations}
    for number, verdict in enumerate(form.found):
        cell = judging.field_of(verdict) if judging.field_of(verdict) in form.fields else ""
        if verdict.level is Level.NOTE:
            yield Says(f"says-note-{number}", "info", cell, verdict.message)
        if verdict.level is not Level.WARN:
            continue
        key = judging.key_of(verdict, written.values)
        title, text = _sentence(verdict, written, previous)
        yield Says(
            f"says-{number}", "warning", cell, text, title, key, _confirmed(kept.get(key)), key in form.confirmed
        )


def _sentence(verdict: Verdict, written: PrescriptionData, previous: PrescriptionData | None) -> tuple[str, str]:
    """`Right axis differs by 25°` and `from 12 Oct 2024 (090°). Check the trial frame, ...`; others as the rule says it."""
    if verdict.code != "large_change_warning" or verdict.eye is None or previous is None:
        return "", verdict.message
    change = ltr(str(verdict.params["change"]).replace("-", TRUE_MINUS))
    title = _("%(cell)s differs by %(change)s") % {"cell": eye_label(verdict.eye, verdict.field), "change": change}
    eye = verdict.eye.value
    before = ghosts.in_form_of(getattr(written, eye), getattr(previous, eye))
    day = dated(previous.issued_on, "j M Y") if previous.issued_on else _("the last one")
    was = comparing.shown(before, verdict.eye, verdict.field) or "–"
    told = _("from %(day)s (%(was)s). Check the trial frame, then confirm or retype.") % {"day": day, "was": was}
    return title, told


def _is_warned(form: SheetForm, name: str) -> bool:
    """A field whose only error is a warning that waits: its line with the box says it already."""
    waiting = judging.messages(form.unconfirmed(form.written().values)) if form.is_signing else {}
    return name in waiting and [waiting[name]] == [str(message) for message in form.errors[name]]


def _confirmed(confirmation: judging.Confirmation | None) -> str:
    if confirmation is None:
        return ""
    at = timezone.localtime(datetime.fromisoformat(str(confirmation["at"])))
    return _("Confirmed by %(who)s %(time)s") % {"who": confirmation["by"], "time": f"{at:%H:%M}"}


def _form_word(written: PrescriptionData) -> str:
    cylinders = [eye.cylinder for _eye, eye in written.eyes() if eye.cylinder]
    if not cylinders:
        return ""
    if all(cylinder < 0 for cylinder in cylinders):
        return _("written in minus cylinder; these are shown beside, never instead")
    if all(cylinder > 0 for cylinder in cylinders):
        return _("written in plus cylinder; these are shown beside, never instead")
    return _("written in both cylinder forms; these are shown beside, never instead")
