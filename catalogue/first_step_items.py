"""What can be sold has to be known first."""

from django.utils.translation import gettext_lazy as _

from branches.first_steps import FirstStep, register
from branches.roles import Can
from catalogue.models import Frame, LensProduct, Supplier

register(
    FirstStep(
        "suppliers",
        _("Suppliers"),
        _("Who frames and lenses are bought from"),
        "catalogue:suppliers",
        45,
        Can.MANAGE_CATALOGUE,
        lambda branch: Supplier.objects.filter(is_active=True),
    )
)
register(
    FirstStep(
        "frames",
        _("Frames"),
        _("Typed, or imported from a supplier's list"),
        "catalogue:frames",
        50,
        Can.MANAGE_CATALOGUE,
        lambda branch: Frame.objects.all(),
    )
)
register(
    FirstStep(
        "lenses",
        _("Lenses, coatings and services"),
        _("Typed, or imported from a laboratory's catalogue"),
        "catalogue:lenses",
        60,
        Can.MANAGE_CATALOGUE,
        lambda branch: LensProduct.objects.all(),
    )
)
