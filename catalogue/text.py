"""The text a frame is searched by: unaccented lower case, every part a person would type or scan."""

from catalogue.models import Frame
from core.importing.plain import plain


def search_text(frame: Frame) -> str:
    size = f"{frame.eye_size_mm.normalize():f}-{frame.bridge_mm.normalize():f}"
    temple = f"-{frame.temple_mm.normalize():f}" if frame.temple_mm else ""
    parts = [frame.brand, frame.model, frame.colour, frame.colour_code, f"{size}{temple}", frame.sku, frame.gtin]
    return plain(" ".join(part for part in parts if part))
