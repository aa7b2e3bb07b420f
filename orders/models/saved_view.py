"""Views of the list of orders that people keep under a name: a question, never its rows."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.models import Branch


class SavedView(models.Model):
    """`query` is the address behind the question mark. With a branch, the people who work there see it too."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="order_views")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("name"), max_length=40)
    # Room for the longest search, each of whose signs may take twelve in an address.
    query = models.CharField(max_length=1200)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="saved_view_name_once")]

    def __str__(self) -> str:
        return self.name


class DefaultView(models.Model):
    """The view with which a person's list of orders opens; their own or a shared one."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="default_order_view"
    )
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="+")
