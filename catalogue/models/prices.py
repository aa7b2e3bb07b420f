"""Price lists with validity: what a frame, lens, add-on or service costs and is sold for from one day to another."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from branches.models import Branch
from catalogue.models.frames import Frame, Supplier
from catalogue.models.imports import CatalogueImport
from catalogue.models.lenses import BandQuantity, LensAddOn, LensProduct
from catalogue.models.services import Service
from records.models import Record


class ListState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class PriceList(Record):
    """Prices that hold from `valid_from` to `valid_until`, both days included, in one branch or in all.

    Where several published lists name an item on a day, the branch's own goes before the general one, then the later beginning.
    Without a list the price on the item's own page holds.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    state = models.CharField(_("state"), max_length=10, choices=ListState.choices, default=ListState.DRAFT)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, null=True, blank=True, related_name="price_lists")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    imported = models.ForeignKey(
        CatalogueImport, on_delete=models.PROTECT, null=True, blank=True, related_name="price_lists"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["-valid_from", "-pk"]
        indexes = [models.Index(fields=["state", "valid_from"], name="price_list_valid")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="price_list_ends_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="price_list_published_with_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class PriceEntry(models.Model):
    """One item of a price list; `price` or `cost` None leaves that amount as it stands elsewhere.

    With a quantity it is a surcharge of the lens for powers from .. to, both ends inclusive. As long as the list holds, its
    bands take the place of all the bands that the lens has for that quantity, price and cost each for itself.
    """

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="entries")
    lens = models.ForeignKey(LensProduct, on_delete=models.CASCADE, null=True, blank=True, related_name="listed")
    add_on = models.ForeignKey(LensAddOn, on_delete=models.CASCADE, null=True, blank=True, related_name="listed")
    frame = models.ForeignKey(Frame, on_delete=models.CASCADE, null=True, blank=True, related_name="listed")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, blank=True, related_name="listed")
    quantity = models.CharField(_("surcharge for"), max_length=10, choices=BandQuantity.choices, blank=True)
    from_dioptres = models.DecimalField(_("from"), max_digits=5, decimal_places=2, null=True, blank=True)
    to_dioptres = models.DecimalField(_("to"), max_digits=5, decimal_places=2, null=True, blank=True)
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2, null=True, blank=True)
    cost = models.DecimalField(_("cost"), max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(lens__isnull=False, add_on=None, frame=None, service=None)
                    | Q(lens=None, add_on__isnull=False, frame=None, service=None)
                    | Q(lens=None, add_on=None, frame__isnull=False, service=None)
                    | Q(lens=None, add_on=None, frame=None, service__isnull=False)
                ),
                name="price_entry_of_one_item",
            ),
            models.CheckConstraint(
                condition=(Q(price__isnull=False) | Q(cost__isnull=False))
                & (Q(price__isnull=True) | Q(price__gte=0))
                & (Q(cost__isnull=True) | Q(cost__gte=0)),
                name="price_entry_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(quantity="", from_dioptres=None, to_dioptres=None)
                | (
                    ~Q(quantity="")
                    & Q(lens__isnull=False, from_dioptres__isnull=False, to_dioptres__isnull=False)
                    & Q(from_dioptres__gte=0, to_dioptres__gte=F("from_dioptres"))
                ),
                name="price_entry_band_of_a_lens",
            ),
            *(
                models.UniqueConstraint(
                    fields=["price_list", item],
                    condition=Q(**{f"{item}__isnull": False}, quantity=""),
                    name=f"price_entry_{item}_once",
                )
                for item in ("lens", "add_on", "frame", "service")
            ),
            models.UniqueConstraint(
                fields=["price_list", "lens", "quantity", "from_dioptres"],
                condition=~Q(quantity=""),
                name="price_entry_band_once",
            ),
        ]

    @property
    def item(self) -> LensProduct | LensAddOn | Frame | Service:
        """What the entry prices."""
        for found in (self.lens, self.add_on, self.frame, self.service):
            if found is not None:
                return found
        raise LookupError(f"Price entry {self.pk} prices nothing, which a constraint forbids.")
