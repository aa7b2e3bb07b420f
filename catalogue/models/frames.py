"""Suppliers and the frames that can be sold."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class Supplier(models.Model):
    name = models.CharField(_("name"), max_length=120, unique=True)
    code = models.CharField(_("code"), max_length=20, unique=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    is_active = models.BooleanField(default=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Mount(models.TextChoices):
    FULL_RIM = "full_rim", _("Full rim")
    NYLOR = "nylor", _("Nylon groove")
    RIMLESS = "rimless", _("Rimless")


class FrameMaterial(models.TextChoices):
    PLASTIC = "plastic", _("Plastic")
    METAL = "metal", _("Metal")
    TITANIUM = "titanium", _("Titanium")
    OTHER = "other", _("Other")


class Frame(models.Model):
    """One stock item: model, colour, eye size and bridge. Boxing system (ISO 8624), millimetres."""

    sku = models.CharField(_("SKU"), max_length=40, unique=True)
    gtin = models.CharField(_("GTIN"), max_length=14, blank=True, db_index=True)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="frames")
    brand = models.CharField(_("brand"), max_length=80)
    model = models.CharField(_("model"), max_length=80)
    colour_code = models.CharField(_("colour code"), max_length=20, blank=True)
    colour = models.CharField(_("colour"), max_length=60)
    material = models.CharField(_("material"), max_length=12, choices=FrameMaterial.choices)
    mount = models.CharField(_("mount"), max_length=12, choices=Mount.choices, default=Mount.FULL_RIM)
    eye_size_mm = models.DecimalField(_("eye size"), max_digits=5, decimal_places=2)
    bridge_mm = models.DecimalField(_("bridge"), max_digits=5, decimal_places=2)
    temple_mm = models.DecimalField(_("temple"), max_digits=5, decimal_places=1, null=True, blank=True)
    a_mm = models.DecimalField(_("A"), max_digits=5, decimal_places=2)
    b_mm = models.DecimalField(_("B"), max_digits=5, decimal_places=2)
    dbl_mm = models.DecimalField(_("DBL"), max_digits=5, decimal_places=2)
    ed_mm = models.DecimalField(_("ED"), max_digits=5, decimal_places=2)
    circumference_mm = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    trace = models.JSONField(_("trace"), null=True, blank=True)
    cost = models.DecimalField(_("cost"), max_digits=12, decimal_places=2)
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2)
    image = models.FileField(_("picture"), upload_to="frames/", blank=True)
    discontinued_on = models.DateField(_("discontinued"), null=True, blank=True)
    search_text = models.TextField(editable=False, default="")
    version = models.PositiveIntegerField(default=1)
    history = HistoricalRecords(excluded_fields=["search_text"])

    class Meta:
        ordering = ["brand", "model", "colour", "eye_size_mm"]
        indexes = [GinIndex(OpClass(F("search_text"), name="gin_trgm_ops"), name="frame_search_trgm")]
        constraints = [
            models.CheckConstraint(condition=Q(cost__gte=0, price__gte=0), name="frame_prices_not_negative"),
            models.CheckConstraint(condition=Q(a_mm__gt=0, b_mm__gt=0, dbl_mm__gt=0, ed_mm__gt=0), name="frame_sizes"),
        ]

    def __str__(self) -> str:
        return f"{self.brand} {self.model}, {self.colour}"

    @property
    def is_discontinued(self) -> bool:
        return self.discontinued_on is not None

    @property
    def size_mark(self) -> str:
        """`52□18 140`: the square means boxing."""
        temple = f" {self.temple_mm.normalize():f}" if self.temple_mm else ""
        return f"{self.eye_size_mm.normalize():f}□{self.bridge_mm.normalize():f}{temple}"
