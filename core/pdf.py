"""A page of ours as PDF. WeasyPrint and Pango are loaded only here and only when asked: by a worker, not by a page."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _

from core.errors import DomainError

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher


class NoPdf(DomainError):
    """The server lacks the library that sets the type of PDFs; the start command says how to install it."""


def render(page: str, styles: Sequence[str] = ("css/practice.css", "css/paper.css")) -> bytes:
    """The PDF of an HTML page with our style sheets (names below `static/`). Raises NoPdf where Pango is missing.

    Nothing is ever fetched: style is handed over, pictures are data addresses.
    """
    try:
        from weasyprint import CSS, HTML
    except OSError as error:
        raise NoPdf(_("PDFs cannot be made: Pango is not installed on the server."), code="no_pango") from error
    sheets = [CSS(string=style(name)) for name in styles]
    made: bytes = HTML(string=page, url_fetcher=locked_fetcher()).write_pdf(stylesheets=sheets)
    return made


def locked_fetcher() -> "URLFetcher":
    """A document can reach neither the network nor the disk."""
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=False)


@cache
def style(name: str) -> str:
    """A style sheet of ours, from where it is kept."""
    path = finders.find(name)
    if path is None:
        raise FileNotFoundError(name)
    return Path(str(path)).read_text(encoding="utf-8")
