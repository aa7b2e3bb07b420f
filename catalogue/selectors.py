"""What screens and other apps read of the catalogue. It belongs to the organisation: every branch sees all of it."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from catalogue.identifiers import BadIdentifier, gtin14
from catalogue.models import Frame, LensProduct, ListState, PriceEntry
from core.errors import DomainError
from core.importing.plain import plain


def frames_matching(text: str) -> QuerySet[Frame]:
    """Frames that have every typed word somewhere: brand, model, colour, size `52-18`, SKU or GTIN. Current ones first."""
    found = Frame.objects.all()
    for word in plain(text.replace("□", "-")).split():
        found = found.filter(search_text__contains=word)
    return found


def search_frames(text: str, limit: int = 20) -> Sequence[Frame]:
    """The first matches, those still supplied before the discontinued."""
    if not text.strip():
        return []
    return list(
        frames_matching(text).order_by("discontinued_on", "brand", "model", "colour", "eye_size_mm", "pk")[:limit]
    )


def frame_by_code(text: str) -> Frame | None:
    """The frame with exactly this SKU or GTIN, as a scanner sends it (a leading `~` is its mark)."""
    code = text.strip().removeprefix("~")
    by_sku = Frame.objects.filter(sku__iexact=code).first()
    if by_sku is not None:
        return by_sku
    try:
        return Frame.objects.filter(gtin=gtin14(code)).first()
    except BadIdentifier:
        return None


def one_frame(text: str) -> Frame:
    """The one frame meant by a chosen row (`#12`), a scan or a search. Raises DomainError when none or several match."""
    if not text.strip():
        message = _("Scan or choose a frame.")
        raise DomainError(message, fields={"frame": message}, code="frame_missing")
    if text.startswith("#") and text[1:].isdecimal() and len(text) < 18:
        chosen = Frame.objects.filter(pk=int(text[1:])).first()
        if chosen is not None:
            return chosen
    exact = frame_by_code(text)
    if exact is not None:
        return exact
    found = search_frames(text, limit=2)
    if len(found) == 1:
        return found[0]
    if not found:
        message = _("No frame matches “%(text)s”. Check the code, or type model and colour.") % {"text": text[:60]}
    else:
        message = _("Several frames match “%(text)s”: choose one of the list.") % {"text": text[:60]}
    raise DomainError(message, fields={"frame": message}, code="frame_unclear")


def lens_families() -> QuerySet[LensProduct]:
    """Every lens with what its page and price need."""
    return LensProduct.objects.select_related("supplier").prefetch_related("ranges", "bands", "add_ons")


def listed_of(lens: LensProduct, today: date) -> QuerySet[PriceEntry]:
    """What published lists say of a lens from today on: its price first, then its surcharges, list by list."""
    still = Q(price_list__valid_until=None) | Q(price_list__valid_until__gte=today)
    found = PriceEntry.objects.filter(still, lens=lens, price_list__state=ListState.PUBLISHED)
    order = ("price_list__valid_from", "price_list_id", "quantity", "from_dioptres")
    return found.select_related("price_list", "price_list__branch").order_by(*order)
