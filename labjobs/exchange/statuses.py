"""What a laboratory's own status means to us. There is no common list: each laboratory has its table, editable.

The vocabularies shipped as a start are those of optics notes, section 7.1.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .dcs import LabFile

STAGES = ("received", "at_lab", "surfacing", "coating", "edging", "assembly", "quality", "dispatch")
IN_PRODUCTION = "at_lab"
OUTCOMES = (
    "shipped", "received", "notified", "collected", "remade", "returned", "dropped", "cancelled", "collections",
)  # fmt: skip


@dataclass(frozen=True)
class Meaning:
    """One row of a laboratory's table: our stage, whether they wait for us, and whether the job left their hands."""

    stage: str = IN_PRODUCTION
    needs_us: bool = False
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class LabStatus:
    """A laboratory's message understood: its own code and text are kept; `known` is false where the table has no row."""

    code: str
    text: str
    meaning: Meaning
    known: bool


def _rows(stage: str, codes: str, *, needs_us: bool = False, outcome: str = "") -> dict[str, Meaning]:
    return dict.fromkeys(codes.split("|"), Meaning(stage, needs_us, outcome))


VSPONE: Mapping[str, Meaning] = {
    **_rows("received", "Order entry|Preproduction|Frame recvd"),
    **_rows("received", "Frame to come|Edit desk", needs_us=True),
    **_rows("surfacing", "Stock room|Lens on order|Surface"),
    **_rows("coating", "Coating"),
    **_rows("edging", "Finish"),
    **_rows("assembly", "Assembly"),
    **_rows("quality", "Inspection"),
    **_rows(IN_PRODUCTION, "In process|Estimated ship date"),
    **_rows(IN_PRODUCTION, "Customer service|Contact lab", needs_us=True),
    **_rows("dispatch", "Shipping"),
    **_rows("dispatch", "Shipped", outcome="shipped"),
    **_rows(IN_PRODUCTION, "Canceled", outcome="cancelled"),
}
EYEFINITY: Mapping[str, Meaning] = {
    **_rows("received", "Priced|Ready"),
    **_rows("received", "Hold", needs_us=True),
    **_rows(IN_PRODUCTION, "Lab on hold", needs_us=True),
    **_rows(IN_PRODUCTION, "In process"),
    **_rows("dispatch", "Received", outcome="received"),
    **_rows("dispatch", "Notified", outcome="notified"),
    **_rows("dispatch", "Delivered", outcome="collected"),
    **_rows("dispatch", "Remade", outcome="remade"),
    **_rows("dispatch", "Returned", outcome="returned"),
    **_rows("dispatch", "Merchandise drop", outcome="dropped"),
    **_rows("dispatch", "Voided", outcome="cancelled"),
    **_rows("dispatch", "Collections", outcome="collections"),
}
RX_UNIVERSE: Mapping[str, Meaning] = {
    **_rows("received", "U", needs_us=True),
    **_rows("received", "V"),
    **_rows(IN_PRODUCTION, "P"),
    **_rows(IN_PRODUCTION, "W", needs_us=True),
    **_rows("dispatch", "C"),
}
VOCABULARIES: Mapping[str, Mapping[str, Meaning]] = {
    "vspone": VSPONE,
    "eyefinity": EYEFINITY,
    "rx_universe": RX_UNIVERSE,
}


def understood(table: Mapping[str, Meaning], code: str, text: str = "") -> LabStatus:
    """A laboratory's code by its table, letter case and spaces apart; an unknown one counts as in production."""
    wanted = _key(code)
    for known, meaning in table.items():
        if _key(known) == wanted:
            return LabStatus(code, text, meaning, known=True)
    return LabStatus(code, text, Meaning(), known=False)


def to_be_mapped(statuses: Iterable[LabStatus]) -> list[tuple[str, int]]:
    """The codes that no table explains, with how often they came, most frequent first."""
    return Counter(status.code for status in statuses if not status.known).most_common()


def table_of(vocabulary: str, own: Mapping[str, Meaning]) -> dict[str, Meaning]:
    """A shipped vocabulary (or none) with the laboratory's own rows over it."""
    shipped = VOCABULARIES.get(vocabulary, {})
    overridden = {_key(code) for code in own}
    return {**{code: meaning for code, meaning in shipped.items() if _key(code) not in overridden}, **own}


def _key(code: str) -> str:
    return " ".join(code.split()).casefold()


@dataclass(frozen=True, slots=True)
class FileMessage:
    """What a file says about its own processing (`STATUS`, `XSTATUS`). `side` is R, L, or empty for the job."""

    side: str
    code: str
    text: str


def messages(file: LabFile) -> tuple[FileMessage, ...]:
    """The messages in a laboratory's answer, in order; `STATUS=0` means that all is well and says nothing."""
    found: list[FileMessage] = []
    for record in file.records:
        if record.name == "STATUS":
            code, _semicolon, text = record.data.partition(";")
            if code.strip() not in ("", "0"):
                found.append(FileMessage("", code.strip(), text.strip()))
        elif record.name == "XSTATUS":
            side, code, text, *_rest = (*(part.strip() for part in record.fields), "", "")
            found.append(FileMessage(side if side in ("R", "L") else "", code, text))
    return tuple(found)
