"""The practice itself: its first day, its words on paper, its branches."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from branches import access
from branches.models import Branch, Membership, Organisation, User
from branches.roles import Can, Role
from core import practice_words, versions
from core.actor import Actor
from core.errors import IllegalTransition, NotVisible
from core.shortlived import forget

ORGANISATION_FIELDS = (
    *("name", "legal_name", "tax_number", "email", "website", "bank_details"),
    *practice_words.columns("invoice_words"),
)
_SETUP_LOCK = 7_201


@dataclass(frozen=True)
class FirstDay:
    """What a new practice is asked once."""

    organisation: str
    branch_name: str
    branch_code: str
    country: str
    time_zone: str
    full_name: str
    email: str
    password: str


def needs_setup() -> bool:
    """Nobody works here yet."""
    return not User.objects.exists()


@transaction.atomic
def set_up(day: FirstDay, at: datetime) -> User:
    """Organisation, first branch and first manager. Raises IllegalTransition once anybody works here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SETUP_LOCK])
    if not needs_setup():
        raise IllegalTransition(_("This practice is set up already. Sign in."), code="set_up_already")
    Organisation.objects.create(name=day.organisation, currency=settings.CURRENCY)
    transaction.on_commit(lambda: forget("organisation"))
    branch = Branch.objects.create(
        name=day.branch_name, code=day.branch_code, country=day.country, time_zone=day.time_zone
    )
    manager = User.objects.create_user(day.email, day.password, full_name=day.full_name, created_at=at)
    Membership.objects.create(user=manager, branch=None, role=Role.HEAD_OFFICE)
    Membership.objects.create(user=manager, branch=branch, role=Role.BRANCH_MANAGER)
    return manager


@transaction.atomic
def change_organisation(values: dict[str, object], *, version: int | None, actor: Actor) -> Organisation:
    """Name, legal name, tax number, e-mail, website, words on invoices. Raises StaleRecord when two people changed one field."""
    access.require_everywhere(actor, Can.MANAGE_SETTINGS)
    organisation = Organisation.objects.select_for_update().get()
    for name, value in versions.merged(organisation, version, values).items():
        setattr(organisation, name, value)
    organisation.save()
    transaction.on_commit(lambda: forget("organisation"))
    return organisation


@transaction.atomic
def add_branch(values: dict[str, object], *, actor: Actor) -> Branch:
    """Only who manages settings everywhere may open a branch."""
    access.require_everywhere(actor, Can.MANAGE_SETTINGS)
    return Branch.objects.create(**values)


@transaction.atomic
def change_branch(branch_id: int, values: dict[str, object], *, version: int | None, actor: Actor) -> Branch:
    """Address, tax, deposit, hours. Raises NotVisible outside the actor's branches, StaleRecord on a clash."""
    access.require(actor, Can.MANAGE_SETTINGS, branch_id)
    branch = Branch.objects.select_for_update().filter(pk=branch_id).first()
    if branch is None:
        raise NotVisible(_("Not found."), code="not_visible")
    for name, value in versions.merged(branch, version, values).items():
        setattr(branch, name, value)
    branch.save()
    return branch
