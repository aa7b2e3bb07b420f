"""What one laboratory wants differently: label names, extra labels, file name, line ends. Plain data, kept per lab."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from django.utils.translation import gettext as _
from pydantic import ConfigDict, TypeAdapter, ValidationError

from .dcs import ASCII, ENCODINGS
from .errors import ExchangeError
from .order import REFERENCES
from .statuses import OUTCOMES, STAGES, VOCABULARIES, Meaning, table_of

FRAME_TYPES: Mapping[str, int] = {"undefined": 0, "plastic": 1, "metal": 2, "rimless": 3, "optyl": 4}
EDGE_TYPES: Mapping[str, int] = {"uncut": -1, "bevel": 1, "rimless": 2, "groove": 3}
MATERIALS: Mapping[str, int] = {
    "undefined": 0, "plastic": 1, "polycarbonate": 2, "glass": 3, "pattern": 4, "high_index": 5, "trivex": 6,
}  # fmt: skip
LENS_TYPE_CODES: Mapping[str, str] = {
    "distance": "SV", "near": "SV", "intermediate": "SV", "plano": "SV", "bifocal": "BI", "trifocal": "TR",
    "progressive": "PR", "occupational": "PR",
}  # fmt: skip

BALANCE = "_BAL"
ORDER_LABELS = frozenset(
    [
        "JOB",
        "DO",
        "ACCN",
        "CLIENT",
        "RXNM",
        "REM",
        "SPH",
        "CYL",
        "AX",
        "ADD",
        "PRVM",
        "PRVA",
        "PRVIN",
        "PRVUP",
        "IPD",
        "NPD",
        "SEGHT",
        "OCHT",
        "BVD",
        "PANTO",
        "ZTILT",
        "LNAM",
        "LDNAM",
        "LMFR",
        "OPC",
        "LMATID",
        "LMATTYPE",
        "LTYP",
        "LIND",
        "DIA",
        "ACOAT",
        "TINT",
        "COLR",
        "HBOX",
        "VBOX",
        "FED",
        "CIRC",
        "DBL",
        "EYESIZ",
        "FTYP",
        "ETYP",
        "FMFR",
        "FRAM",
        "FUPC",
        "_BAL",
    ]
)
ESSENTIAL_LABELS = frozenset(("JOB", "SPH", "CYL", "AX"))
TRACE_LABELS = frozenset(("TRCFMT", "R", "A"))
LINE_ENDS: Mapping[str, str] = {"crlf": "\r\n", "lf": "\n", "cr": "\r"}
POLAR, COMPONENTS = "polar", "components"
PLACEHOLDERS = ("job", "account", "client", "rx_number", *REFERENCES)
LABEL = re.compile(r"[A-Z_][A-Z0-9_]{0,19}", re.ASCII)
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
UNSAFE_IN_FILE_NAME = re.compile(r"[^A-Za-z0-9._-]+")
MAX_FILE_NAME = 100


@dataclass(frozen=True)
class LabProfile:
    """How files for one laboratory are written and read. Fields are explained in docs/reference/lab-files.md.

    `extra` maps a label to its text, in which `{job}`, `{tray}` and the other PLACEHOLDERS are filled in.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    label_map: Mapping[str, str] = field(default_factory=dict)
    omit: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)
    file_name: str = "{job}.oma"
    line_end: str = "crlf"
    encoding: str = ASCII
    simplify_text: bool = True
    prism_form: str = POLAR
    send_trace: bool = True
    trace_values_per_line: int = 10
    frame_types: Mapping[str, int] = field(default_factory=lambda: dict(FRAME_TYPES))
    edge_types: Mapping[str, int] = field(default_factory=lambda: dict(EDGE_TYPES))
    status_vocabulary: str = ""
    statuses: Mapping[str, Meaning] = field(default_factory=dict)

    def label(self, standard: str) -> str:
        """The laboratory's own label for a standard one."""
        return self.label_map.get(standard, standard)

    def standard(self, label: str) -> str:
        """The standard label for the laboratory's own."""
        return {own: standard for standard, own in self.label_map.items()}.get(label, label)

    def status_table(self) -> dict[str, Meaning]:
        """What this laboratory's status codes mean: the vocabulary it starts from, and its own rows."""
        return table_of(self.status_vocabulary, self.statuses)

    def problems(self) -> dict[str, str]:
        """What is wrong with this profile, by field; empty when it can be used."""
        checks = {
            "label_map": _label_map_problem(self),
            "omit": _omit_problem(self),
            "extra": _extra_problem(self),
            "file_name": _file_name_problem(self.file_name),
            "line_end": _choice_problem(self.line_end, tuple(LINE_ENDS)),
            "encoding": _choice_problem(self.encoding, ENCODINGS),
            "prism_form": _choice_problem(self.prism_form, (POLAR, COMPONENTS)),
            "trace_values_per_line": _per_line_problem(self.trace_values_per_line),
            "frame_types": _codes_problem(self.frame_types, FRAME_TYPES),
            "edge_types": _codes_problem(self.edge_types, EDGE_TYPES),
            "status_vocabulary": _choice_problem(self.status_vocabulary, ("", *VOCABULARIES)),
            "statuses": _statuses_problem(self.statuses),
        }
        return {name: problem for name, problem in checks.items() if problem}


STANDARD = LabProfile()


def to_dict(profile: LabProfile) -> dict[str, object]:
    """The profile as values that JSON can hold."""
    return asdict(profile) | {"omit": list(profile.omit)}


def from_dict(values: Mapping[str, object]) -> LabProfile:
    """A checked profile from stored values. Raises ExchangeError with `fields` naming each problem."""
    try:
        profile = TypeAdapter(LabProfile).validate_python(dict(values))
    except ValidationError as error:
        message = _("This value is not known or has the wrong form.")
        raise _unusable({str(part["loc"][0]): message for part in error.errors()}) from error
    problems = profile.problems()
    if problems:
        raise _unusable(problems)
    return profile


def _unusable(problems: Mapping[str, str]) -> ExchangeError:
    return ExchangeError(_("The laboratory's file profile cannot be used."), fields=problems)


def filled(template: str, values: Mapping[str, str]) -> str:
    """A template with its placeholders filled in; what is not known is left empty."""
    return PLACEHOLDER.sub(lambda match: values.get(match.group(1), ""), template)


def only_placeholder(template: str) -> str | None:
    """The placeholder a template consists of, when it is nothing else: only then can its value be read back."""
    match = PLACEHOLDER.fullmatch(template)
    return match.group(1) if match else None


def file_name(profile: LabProfile, values: Mapping[str, str]) -> str:
    """A file name that is safe everywhere: letters, digits, point, dash, underscore; no path, no leading point."""
    name = UNSAFE_IN_FILE_NAME.sub("_", filled(profile.file_name, values)).lstrip(".")
    stem, point, ending = name.rpartition(".")
    if not point:
        return name[:MAX_FILE_NAME]
    return f"{stem[: MAX_FILE_NAME - len(ending) - 1]}.{ending}"


def _label_map_problem(profile: LabProfile) -> str:
    own = list(profile.label_map.values())
    unchanged = ORDER_LABELS - set(profile.label_map)
    if strange := sorted(set(profile.label_map) - ORDER_LABELS):
        return _("These labels are not written in an order: %(labels)s.") % {"labels": ", ".join(strange)}
    if broken := [label for label in own if not LABEL.fullmatch(label)]:
        return _label_form_problem(broken)
    if len(set(own)) < len(own) or unchanged & set(own) or TRACE_LABELS & set(own):
        return _("Two different values would be written under the same label.")
    return ""


def _omit_problem(profile: LabProfile) -> str:
    if needed := sorted(ESSENTIAL_LABELS & set(profile.omit)):
        return _("An order cannot do without %(labels)s.") % {"labels": ", ".join(needed)}
    if strange := sorted(set(profile.omit) - ORDER_LABELS):
        return _("These labels are not written in an order: %(labels)s.") % {"labels": ", ".join(strange)}
    return ""


def _extra_problem(profile: LabProfile) -> str:
    if broken := [label for label in profile.extra if not LABEL.fullmatch(label)]:
        return _label_form_problem(broken)
    written = {profile.label(label) for label in ORDER_LABELS - set(profile.omit)} | TRACE_LABELS
    if taken := sorted(written & set(profile.extra)):
        return _("These labels are already written with the order: %(labels)s.") % {"labels": ", ".join(taken)}
    return _template_problem(*profile.extra.values())


def _template_problem(*templates: str) -> str:
    names = {name for template in templates for name in PLACEHOLDER.findall(template)}
    if unknown := sorted(names - set(PLACEHOLDERS)):
        return _("Unknown placeholders: %(names)s.") % {"names": ", ".join(unknown)}
    if any("{" in rest or "}" in rest for rest in (PLACEHOLDER.sub("", template) for template in templates)):
        return _("A curly bracket is not closed.")
    if any(not template.isprintable() for template in templates):
        return _("A text holds a line break or another control character.")
    return ""


def _file_name_problem(pattern: str) -> str:
    if "{job}" not in pattern:
        return _("The file name needs {job}, or files would overwrite each other.")
    return _template_problem(pattern)


def _label_form_problem(labels: Sequence[str]) -> str:
    message = _("A label has up to 20 capital letters, digits and underscores: %(labels)s.")
    return message % {"labels": ", ".join(labels)}


def _choice_problem(value: str, choices: Sequence[str]) -> str:
    return "" if value in choices else _("Choose one of %(choices)s.") % {"choices": ", ".join(choices)}


def _per_line_problem(count: int) -> str:
    return "" if 1 <= count <= 100 else _("Choose a number from 1 to 100.")


def _codes_problem(codes: Mapping[str, int], words: Mapping[str, int]) -> str:
    if unknown := sorted(set(codes) - set(words)):
        return _("Unknown words: %(words)s.") % {"words": ", ".join(unknown)}
    if len(set(codes.values())) < len(codes):
        return _("Each word needs a code of its own.")
    return ""


def _statuses_problem(statuses: Mapping[str, Meaning]) -> str:
    for meaning in statuses.values():
        problem = _choice_problem(meaning.stage, STAGES) or _choice_problem(meaning.outcome, ("", *OUTCOMES))
        if problem:
            return problem
    return ""
