"""The labels of the Data Communication Standard that we read or write, and the form of their data.

Facts from the standard's public samples and two public implementations (optics notes, section 3.3). A label that is not
listed here is text: it is kept word for word and never interpreted.
"""

from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """What the fields of a record hold."""

    TEXT = "text"
    NUMBER = "number"
    INTEGER = "integer"


@dataclass(frozen=True, slots=True)
class LabelKind:
    """How the data of one label is to be read and written.

    `sided`: the fields are right;left. `decimals`: places when writing a number. `repeats`: each record is one row.
    `prescribed`: a power ordered in eighths, whose third place is dropped as the trade does (0.125 prints 0.12).
    """

    sided: bool = False
    form: Form = Form.TEXT
    decimals: int = 2
    repeats: bool = False
    prescribed: bool = False


PRESCRIBED_POWERS = "SPH CYL ADD"
POWERS = (
    "PRVM PRVIN PRVUP INSSPH INSCYL INSADD INSPRPRVM INSDRSPH INSDRCYL INSNRSPH INSNRCYL"
    " LDADD LDDRSPH LDDRCYL LDNRSPH LDNRCYL LDSGSPH LDSGCYL LDPRVM MADD MBASE BACK GBASE GCROS"
    " MINFRT MAXFRT OPTFRNT"
)
COMPUTED_AXES = "INSAX INSDRAX INSNRAX LDDRAX LDNRAX LDSGAX"
PRISM_BASES = "PRVA INSPRPRVA LDPRVA"
LENGTHS = (
    "IPD NPD OCHT SEGHT HBOX VBOX FED FCSGIN FCSGUP FCOCIN FCOCUP SGOCIN SGOCUP BVD CRIB DIA CTHICK MINEDG THKP THNP"
    " BCTHK BETHK BCOCIN BCOCUP BCSGIN BCSGUP MPD FWD"
)
ANGLES = "PANTO ZTILT FCRV"
SIDED_TEXTS = "LTYP LTYPE LTYPEF LTYPEB LNAM LDNAM LDVEN LMFR OPC LMATID TINT ACOAT COLR"
SINGLE_LENGTHS = "DBL EYESIZ"
CODES = "STATUS FTYP ETYP POLISH"
SINGLE_TEXTS = "REQ ANS JOB DO OMAV CLIENT ACCN CLNAME RXNM FMFR FRAM FUPC LIB VEN HVER"
REPEATING = "XSTATUS DRILLE"
DATA_LINES = frozenset(["R", "A", "Z", "ZA", "T"])


def _kinds(labels: str, kind: LabelKind) -> dict[str, LabelKind]:
    return dict.fromkeys(labels.split(), kind)


def _sided_number(decimals: int = 2, *, prescribed: bool = False) -> LabelKind:
    return LabelKind(sided=True, form=Form.NUMBER, decimals=decimals, prescribed=prescribed)


KINDS: dict[str, LabelKind] = {
    **_kinds(PRESCRIBED_POWERS, _sided_number(prescribed=True)),
    **_kinds(POWERS, _sided_number()),
    **_kinds(LENGTHS, _sided_number()),
    **_kinds(ANGLES, _sided_number()),
    **_kinds(COMPUTED_AXES, _sided_number()),
    **_kinds(PRISM_BASES, _sided_number(1)),
    **_kinds("AX", _sided_number(0)),
    **_kinds("CIRC FRNT", _sided_number(3)),
    **_kinds("LIND TIND PIND", _sided_number(3)),
    **_kinds("LMATTYPE", LabelKind(sided=True, form=Form.INTEGER)),
    **_kinds(SIDED_TEXTS, LabelKind(sided=True)),
    **_kinds(SINGLE_LENGTHS, LabelKind(form=Form.NUMBER)),
    **_kinds(CODES, LabelKind(form=Form.INTEGER)),
    **_kinds(SINGLE_TEXTS, LabelKind()),
    **_kinds("REM", LabelKind(repeats=True)),
    **_kinds(REPEATING, LabelKind(repeats=True)),
}
TEXT = LabelKind()


def kind_of(label: str) -> LabelKind:
    """The form of a label's data; unknown labels are plain text."""
    return KINDS.get(label.strip(), TEXT)
