"""The small language of message texts: `{name}` and nothing else, so that an edited text can never run anything.

A line in which a variable is empty is left out: "Still to pay: {due}" goes away when nothing is due.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

_VARIABLE = re.compile(r"\{([^{}\n]*)\}")
_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
_LONE_BRACE = re.compile(r"[{}]")


@dataclass(frozen=True)
class Mistake:
    """What is wrong in a text, and in which line (from 1)."""

    line: int
    message: str


class UnknownVariable(ValueError):
    """A text names something the message does not know. `name` and `line` say what and where."""

    def __init__(self, name: str, line: int) -> None:
        super().__init__(_("Line %(line)s: {%(name)s} is not known to this message.") % {"line": line, "name": name})
        self.name, self.line = name, line


def variables_of(text: str) -> list[tuple[str, int]]:
    """Every variable with its line."""
    return [(match[1], number) for number, line in enumerate(text.split("\n"), 1) for match in _VARIABLE.finditer(line)]


def mistakes(text: str, allowed: set[str]) -> list[Mistake]:
    """Everything an editor has to mend before the text may be published."""
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        for match in _VARIABLE.finditer(line):
            if not _NAME.match(match[1]):
                found.append(
                    Mistake(number, _("Line %(line)s: “{%(name)s}” is not a variable.") % _at(number, match[1]))
                )
            elif match[1] not in allowed:
                found.append(
                    Mistake(
                        number, _("Line %(line)s: {%(name)s} is not known to this message.") % _at(number, match[1])
                    )
                )
        if _LONE_BRACE.search(_VARIABLE.sub("", line)):
            found.append(Mistake(number, _("Line %(line)s: a bracket { or } stands alone.") % {"line": number}))
    return found


def _at(line: int, name: str) -> dict[str, object]:
    return {"line": line, "name": name}


def fill(text: str, values: Mapping[str, str], *, keep: frozenset[str] = frozenset()) -> list[str]:
    """The lines of the text with their values; lines with an empty value are gone. Raises UnknownVariable.

    Variables in `keep` stay as `{name}`: blocks that the channel draws itself.
    """
    lines = []
    for number, line in enumerate(text.split("\n"), 1):
        names = [match[1] for match in _VARIABLE.finditer(line)]
        for name in names:
            if name not in values:
                raise UnknownVariable(name, number)
        if any(not values[name] for name in names):
            continue
        lines.append(_VARIABLE.sub(lambda match: match[0] if match[1] in keep else values[match[1]], line))
    return lines
