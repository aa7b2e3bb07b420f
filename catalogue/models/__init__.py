"""What can be sold: frames, lens products with their ranges, price bands and add-ons, services, suppliers."""

from catalogue.models.frames import Frame, FrameMaterial, Mount, Supplier
from catalogue.models.imports import CatalogueImport, ImportKind, ImportRow, ImportState, RowVerdict
from catalogue.models.lenses import (
    MULTIFOCAL,
    AddOnKind,
    BandQuantity,
    LensAddOn,
    LensDesign,
    LensForm,
    LensProduct,
    LensRange,
    PriceBand,
)
from catalogue.models.prices import ListState, PriceEntry, PriceList
from catalogue.models.services import Service

__all__ = [
    "MULTIFOCAL",
    "AddOnKind",
    "BandQuantity",
    "CatalogueImport",
    "Frame",
    "FrameMaterial",
    "ImportKind",
    "ImportRow",
    "ImportState",
    "LensAddOn",
    "LensDesign",
    "LensForm",
    "LensProduct",
    "LensRange",
    "ListState",
    "Mount",
    "PriceBand",
    "PriceEntry",
    "PriceList",
    "RowVerdict",
    "Service",
    "Supplier",
]
