"""A product's rows and a demand as the pure rule of `availability` reads them."""

from decimal import Decimal

from catalogue.availability import LensNeed, PowerRange, ProductRanges
from catalogue.demand import Demand
from catalogue.models import LensProduct
from lensmath.prism import Eye


def needs_of(demand: Demand) -> dict[Eye, LensNeed]:
    """Every eye to make, worked out once for all products: the least blank of a trace takes a moment."""
    return {eye: need_of(demand, eye) for eye, _need in demand}


def need_of(demand: Demand, eye: Eye) -> LensNeed:
    """One eye of the demand as the pure rule reads it."""
    need = demand.eyes[eye]
    return LensNeed(
        power=need.power,
        prism_amount=need.prism.amount,
        minimum_blank_mm=demand.blank_mm(eye),
        fitting_height_mm=need.height_mm,
        frame_b_mm=demand.frame.b_mm if demand.frame else None,
    )


def ranges_of(product: LensProduct) -> ProductRanges:
    """A product as the pure rule reads it; `ranges` should be prefetched."""
    rows = [
        PowerRange(
            diameter_mm=Decimal(row.diameter_mm),
            sphere_min=row.sphere_min,
            sphere_max=row.sphere_max,
            cylinder_min=row.cylinder_min,
            combined_min=row.combined_min,
            add_min=row.add_min,
            add_max=row.add_max,
            prism_max=row.prism_max,
        )
        for row in product.ranges.all()
    ]
    return ProductRanges(product.design, rows, product.minimum_fitting_height_mm, product.minimum_above_mm)
