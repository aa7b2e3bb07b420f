"""A signature drawn on the tablet: a PNG as a data address, checked, on white."""

import base64
import binascii
import io

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from core.errors import DomainError

_PREFIX = "data:image/png;base64,"
MOST_BYTES = 400_000
_MOST_SIDE = 2000
# Fewer inked pixels than a short stroke is a touch by mistake.
_LEAST_INK = 60


def read(text: str) -> bytes:
    """PNG bytes on a white ground. Raises DomainError for anything else, and for an empty pad."""
    if not text.startswith(_PREFIX) or len(text) > MOST_BYTES:
        raise _refused(_("The signature could not be read. Sign again, or type the name."))
    try:
        picture = Image.open(io.BytesIO(base64.b64decode(text[len(_PREFIX) :], validate=True)))
        if picture.format != "PNG" or max(picture.size) > _MOST_SIDE:
            raise _refused(_("The signature could not be read. Sign again, or type the name."))
        ink = picture.convert("RGBA")
    except (binascii.Error, UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise _refused(_("The signature could not be read. Sign again, or type the name.")) from error
    return _on_white(ink)


def _on_white(ink: Image.Image) -> bytes:
    alpha = ink.getchannel("A")
    if sum(alpha.histogram()[128:]) < _LEAST_INK:
        raise _refused(_("Sign with a finger or pen, or type the name."))
    paper = Image.new("RGB", ink.size, "white")
    paper.paste(Image.new("RGB", ink.size, "#14181F"), mask=alpha)
    out = io.BytesIO()
    paper.save(out, "PNG", optimize=True)
    return out.getvalue()


def _refused(message: str) -> DomainError:
    return DomainError(message, code="signature_unreadable", fields={"signature": message})
