"""Five thousand lens products with three ranges each, and the finder without any page around it."""

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from catalogue import finder
from catalogue.demand import Demand, EyeDemand, FrameSizes
from catalogue.models import LensDesign, LensForm, LensProduct, LensRange, Supplier
from lensmath.powers import EyePower
from lensmath.prism import Eye

PRODUCTS, OFFERS = 5000, 50
INDEXES = tuple(Decimal(text) for text in ("1.498", "1.560", "1.600", "1.670", "1.740"))
DESIGNS = (LensDesign.SINGLE_VISION, LensDesign.PROGRESSIVE, LensDesign.BIFOCAL, LensDesign.OCCUPATIONAL)


def load() -> int:
    """Fill the catalogue up to so many products; more runs add nothing."""
    there = LensProduct.objects.count()
    supplier, _made = Supplier.objects.get_or_create(code="BENCH", defaults={"name": "Bench Lenses"})
    products = LensProduct.objects.bulk_create([_product(supplier, n) for n in range(there, PRODUCTS)])
    LensRange.objects.bulk_create(_range(product, nth) for product in products for nth in range(3))
    return LensProduct.objects.count()


def _product(supplier: Supplier, n: int) -> LensProduct:
    family = n // len(INDEXES)
    return LensProduct(
        code=f"BENCH-{n}",
        supplier=supplier,
        name=f"Bench {family} {INDEXES[n % 5]}",
        family=f"Bench {family}",
        design=DESIGNS[family % 4],
        form=LensForm.FREE_FORM if family % 2 else LensForm.SURFACED,
        material="MR-8",
        index_nd=INDEXES[n % 5],
        minimum_fitting_height_mm=Decimal(14 + n % 8),
        corridor_mm=Decimal(11 + n % 5),
        cost=Decimal(100 + n % 900),
        price=Decimal(500 + n % 3000),
    )


def _range(product: LensProduct, nth: int) -> LensRange:
    adds = {"add_min": Decimal("0.75"), "add_max": Decimal("3.50")} if product.is_multifocal else {}
    return LensRange(
        product=product,
        diameter_mm=65 + 5 * nth,
        sphere_min=Decimal(-8 + nth),
        sphere_max=Decimal(6 - nth),
        cylinder_min=Decimal(-2 - 2 * nth),
        prism_max=Decimal(3),
        **adds,
    )


def find(request: HttpRequest, sphere: str) -> HttpResponse:
    """The cheapest offers for a progressive pair in a frame of usual size; `sphere` in quarter dioptres."""
    power = EyePower(Decimal(int(sphere)) / 4, Decimal("-0.75"), 90, Decimal(2))
    frame = FrameSizes(Decimal(52), Decimal(38), Decimal(18), Decimal(55))
    eyes = {eye: EyeDemand(power, far_pd_mm=Decimal("31.5"), height_mm=Decimal(20)) for eye in Eye}
    found = finder.find(Demand(eyes, frame), timezone.localdate(), most=OFFERS)
    return HttpResponse(f"{found.total} {len(found.offers)}")
