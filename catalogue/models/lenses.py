"""Lenses: products, the powers in which they are made, add-ons and surcharges. Prices are per lens."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from catalogue.models.frames import Supplier


class LensDesign(models.TextChoices):
    SINGLE_VISION = "single_vision", _("Single vision")
    BIFOCAL = "bifocal", _("Bifocal")
    TRIFOCAL = "trifocal", _("Trifocal")
    PROGRESSIVE = "progressive", _("Progressive")
    OCCUPATIONAL = "occupational", _("Occupational")
    CONTACT = "contact", _("Contact lens")


MULTIFOCAL = frozenset({"bifocal", "trifocal", "progressive", "occupational"})


class LensForm(models.TextChoices):
    STOCK = "stock", _("Stock finished")
    SURFACED = "surfaced", _("Surfaced")
    FREE_FORM = "free_form", _("Free-form")


class LensProduct(models.Model):
    """A lens that a supplier makes: design, material, form and built-in colour. Prices are per lens."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="lenses")
    name = models.CharField(_("name"), max_length=120)
    family = models.CharField(
        _("family"),
        max_length=80,
        blank=True,
        help_text=_("The name without the index: what the customer chooses first."),
    )
    design = models.CharField(_("design"), max_length=16, choices=LensDesign.choices)
    form = models.CharField(_("form"), max_length=12, choices=LensForm.choices)
    material = models.CharField(_("material"), max_length=40)
    index_nd = models.DecimalField(_("index n_d"), max_digits=5, decimal_places=3)
    index_ne = models.DecimalField(_("index n_e"), max_digits=5, decimal_places=3, null=True, blank=True)
    abbe = models.DecimalField(_("Abbe number"), max_digits=4, decimal_places=1, null=True, blank=True)
    density = models.DecimalField(_("density, g/cm³"), max_digits=4, decimal_places=2, null=True, blank=True)
    colour = models.CharField(_("built-in colour"), max_length=40, blank=True)
    coating_included = models.CharField(_("coating included"), max_length=60, blank=True)
    corridor_mm = models.DecimalField(_("corridor"), max_digits=4, decimal_places=1, null=True, blank=True)
    minimum_fitting_height_mm = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    minimum_above_mm = models.DecimalField(
        _("least depth above the fitting cross"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    base_curve = models.DecimalField(_("base curve"), max_digits=4, decimal_places=2, null=True, blank=True)
    minimum_centre_thickness_mm = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    lead_days = models.PositiveSmallIntegerField(_("working days"), default=3)
    cost = models.DecimalField(_("cost"), max_digits=12, decimal_places=2)
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2)
    lab_code = models.CharField(_("laboratory's code"), max_length=40, blank=True)
    available_from = models.DateField(null=True, blank=True)
    discontinued_on = models.DateField(_("discontinued"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    history = HistoricalRecords()

    class Meta:
        ordering = ["name", "index_nd"]
        indexes = [models.Index(fields=["design", "index_nd"], name="lens_design_index")]
        constraints = [
            models.CheckConstraint(condition=Q(cost__gte=0, price__gte=0), name="lens_prices_not_negative"),
            models.CheckConstraint(condition=Q(index_nd__gte=1, index_nd__lte=2), name="lens_index_plausible"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def index_label(self) -> str:
        """The index as the trade says it: at the e line where the maker gives it, two places."""
        return f"{self.index_ne or self.index_nd:.2f}"

    @property
    def is_multifocal(self) -> bool:
        return self.design in MULTIFOCAL


class LensRange(models.Model):
    """Powers in which a product is made, in minus-cylinder form, at one blank diameter. Ends are inclusive."""

    product = models.ForeignKey(LensProduct, on_delete=models.CASCADE, related_name="ranges")
    diameter_mm = models.PositiveSmallIntegerField(_("diameter"))
    sphere_min = models.DecimalField(max_digits=6, decimal_places=3)
    sphere_max = models.DecimalField(max_digits=6, decimal_places=3)
    cylinder_min = models.DecimalField(_("strongest minus cylinder"), max_digits=6, decimal_places=3, default=0)
    combined_min = models.DecimalField(
        _("least sphere plus cylinder"), max_digits=6, decimal_places=3, null=True, blank=True
    )
    add_min = models.DecimalField(max_digits=5, decimal_places=3, null=True, blank=True)
    add_max = models.DecimalField(max_digits=5, decimal_places=3, null=True, blank=True)
    prism_max = models.DecimalField(max_digits=5, decimal_places=2, default=0)

    class Meta:
        ordering = ["diameter_mm", "sphere_min"]


class AddOnKind(models.TextChoices):
    COATING = "coating", _("Coating")
    TINT = "tint", _("Tint")
    PHOTOCHROMIC = "photochromic", _("Photochromic")
    POLARISED = "polarised", _("Polarised")
    PRISM = "prism", _("Prism")
    EDGE = "edge", _("Edge")
    OTHER = "other", _("Other")


class LensAddOn(models.Model):
    """A coating, tint or working charged on top of a lens, per lens that has it."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="add_ons")
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=16, choices=AddOnKind.choices)
    cost = models.DecimalField(_("cost"), max_digits=12, decimal_places=2)
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2)
    extra_days = models.PositiveSmallIntegerField(_("extra working days"), default=0)
    is_default = models.BooleanField(_("included unless another is chosen"), default=False)
    products = models.ManyToManyField(LensProduct, related_name="add_ons", blank=True)
    lab_code = models.CharField(_("laboratory's code"), max_length=40, blank=True)
    discontinued_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    history = HistoricalRecords()

    class Meta:
        ordering = ["kind", "price"]

    def __str__(self) -> str:
        return self.name


class BandQuantity(models.TextChoices):
    SPHERE = "sphere", _("Sphere")
    CYLINDER = "cylinder", _("Cylinder")
    PRISM = "prism", _("Prism")
    ADD = "add", _("Add")
    DIAMETER = "diameter", _("Blank diameter, mm")


class PriceBand(models.Model):
    """A surcharge per lens whose absolute power (for the diameter: whose least blank in mm) lies in the band; both ends inclusive.

    Charges add up. A price list can put other bands in the place of all those for a quantity (`PriceEntry`).
    """

    product = models.ForeignKey(LensProduct, on_delete=models.CASCADE, related_name="bands")
    quantity = models.CharField(max_length=10, choices=BandQuantity.choices)
    from_dioptres = models.DecimalField(max_digits=5, decimal_places=2)
    to_dioptres = models.DecimalField(max_digits=5, decimal_places=2)
    cost = models.DecimalField(max_digits=12, decimal_places=2)
    price = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        ordering = ["quantity", "from_dioptres"]
        constraints = [
            models.CheckConstraint(condition=Q(to_dioptres__gte=F("from_dioptres")), name="band_ends_in_order")
        ]
