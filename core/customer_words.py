"""Which words customers read: every one of them is there in every language that a customer may have.

`missing()` extracts them with Babel from the files named here and asks the languages' words for each.
"""

from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import cast

from babel.messages import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings
from django.utils.translation.template import templatize

from core import words

# Pages, papers and refusals for customers. Modules that also speak to staff are here when a customer meets most of them.
SOURCES = (
    "templates/portal/*.html",
    "templates/base_public.html",
    "templates/base_html.html",
    "templates/components/error_summary.html",
    "templates/components/field.html",
    "templates/components/field_errors.html",
    "templates/components/form.html",
    "templates/components/form_top.html",
    "templates/components/optional.html",
    "templates/documents/base.html",
    "templates/documents/_lines.html",
    "templates/documents/_shop.html",
    "templates/documents/credit.html",
    "templates/documents/delivery_note.html",
    "templates/documents/invoice.html",
    "templates/documents/quotation.html",
    "templates/documents/receipt.html",
    "templates/documents/return_slip.html",
    "templates/documents/statement.html",
    "portal/*.py",
    "aftersales/rules.py",
    "aftersales/selectors/public.py",
    "aftersales/services/asking.py",
    "aftersales/services/feedback.py",
    "aftersales/shipped.py",
    "core/forms.py",
    "core/idempotency.py",
    "notifications/bought.py",
    "notifications/event_facts.py",
    "notifications/facts.py",
    "notifications/offers.py",
    "notifications/rendering/mail.py",
    "notifications/saying.py",
    "orders/documents.py",
    "orders/services/online.py",
    "shipping/wording.py",
)
# Files of these places that only staff read.
_STAFF_FILES = ("portal/case_kinds.py", "portal/phrases.py")
# Words in the files above that are written for staff: titles of cases, names of evidence, sources, warnings at the packing table.
FOR_STAFF = frozenset(
    {
        "Problem reported by link, order %(number)s",
        "Photo from the customer",
        "Photo for the return",
        "Customer's link",
        "Low rating for order %(number)s",
        "Choose from 1 to 60 days.",
        "Lost",
        "The check digit does not fit: look at the label again.",
        "This carrier's numbers look different: is it the right carrier?",
        "This looks like another carrier's number.",
        "arrived at a depot",
        "left a depot",
        "arrived",
        "arrived in the country",
        "taken by the carrier",
        "passed on to the local carrier",
        "forwarded",
        "goes on",
        "picked up",
        "signed for",
    }
)
_NAMES = ("gettext", "gettext_lazy", "_", "_lazy", "_now")
_PLURALS = ("ngettext", "ngettext_lazy")
_IN_CONTEXT = ("pgettext", "pgettext_lazy")
# Between a context and its word, as gettext writes it.
BETWEEN = "\x04"
_Said = tuple[int, str, str | tuple[str, ...], list[str]]
_KNOWN = dict.fromkeys((*_NAMES, *_PLURALS, *_IN_CONTEXT))


def files() -> list[Path]:
    """The files of SOURCES that are there, in order."""
    base = Path(settings.BASE_DIR)
    found = {path for pattern in SOURCES for path in base.glob(pattern)}
    return sorted(found - {base / name for name in _STAFF_FILES})


def words_of(path: Path) -> Iterator[str]:
    """The msgids of one module or template; of a plural the singular; `context BETWEEN word` of one with a context."""
    text = path.read_text(encoding="utf-8")
    source = text if path.suffix == ".py" else "\n".join(line.strip() for line in templatize(text).splitlines())
    # What Babel yields is (line, function, said, comments); its own annotation names them in another order.
    found = cast("Iterator[_Said]", extract_python(BytesIO(source.encode()), _KNOWN, [], {}))
    for _line, name, said, _comments in found:
        first = said if isinstance(said, str) else _first(name, said)
        if first:
            yield first


def _first(name: str, said: tuple[str, ...] | None) -> str:
    """Of several words of one call those that a catalogue is asked by; empty where they are no plain words."""
    wanted = {**dict.fromkeys(_PLURALS, 1), **dict.fromkeys(_IN_CONTEXT, 2)}.get(name, 0)
    words_said = [word for word in (said or ())[:wanted] if isinstance(word, str)]
    return BETWEEN.join(words_said) if len(words_said) == wanted else ""


def needed() -> dict[str, str]:
    """Each word that customers read, with one file that says it."""
    base = Path(settings.BASE_DIR)
    found = {word: str(path.relative_to(base)) for path in files() for word in words_of(path)}
    return {word: place for word, place in found.items() if word not in FOR_STAFF}


def everywhere() -> dict[str, str]:
    """Each word of the product, pages for staff included, with one file that says it."""
    base = Path(settings.BASE_DIR)
    own = [Path(config.path) for config in apps.get_app_configs() if Path(config.path).parent == base]
    modules = (path for app in own for path in app.rglob("*.py") if "migrations" not in path.parts)
    paths = sorted([*base.glob("templates/**/*.html"), *modules])
    return {word: str(path.relative_to(base)) for path in paths for word in words_of(path)}


def catalog(language: str) -> Catalog:
    with (words.FOLDER / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


def missing(language: str, wanted: Mapping[str, str] | None = None) -> dict[str, str]:
    """What is wanted (else: what customers read) and not there, not whole, or marked as unsure ("fuzzy"), and where it is said."""
    said = catalog(language)
    found = {}
    for word, place in (needed() if wanted is None else wanted).items():
        context, _between, alone = word.rpartition(BETWEEN)
        message = said.get(alone, context or None)
        forms = () if message is None else (message.string,) if isinstance(message.string, str) else message.string
        if message is None or message.fuzzy or not forms or not all(forms):
            found[word] = place
    return found
