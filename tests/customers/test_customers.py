"""Making and changing a customer: what is kept, what is refused, and that a refusal saves nothing."""

from datetime import date

import pytest

from branches.roles import Role
from core.errors import DomainError, NotAllowed, StaleRecord
from customers import services
from customers.data import CustomerData, data_of
from customers.models import Customer
from records.models import Event
from tests import factories as make

pytestmark = pytest.mark.django_db

THANDI = CustomerData(
    given_names="Thandi",
    family_name="Mokoena",
    birth_date=date(1974, 3, 4),
    phone="082 123 4417",
    email="T.Mokoena@POST.example",
    preferred_channel="sms",
)


def with_(data: CustomerData, **changes: object) -> CustomerData:
    return CustomerData(**{**vars(data), **changes})


def test_a_new_customer_has_a_number_an_international_phone_and_an_event() -> None:
    zanele = make.staff(Role.RECEPTIONIST, make.branch("RSB"))
    made = services.create(zanele, THANDI)
    made.refresh_from_db()
    assert made.number == "C-100001"
    assert (made.phone, made.phone_as_typed) == ("+27821234417", "082 123 4417")
    assert made.email == "T.Mokoena@post.example"
    assert made.home_branch_id == zanele.branch_id
    assert (made.source, made.responsible_role, made.version) == ("counter", Role.RECEPTIONIST, 1)
    event = Event.objects.get()
    assert (event.kind, event.customer_id, event.actor_id) == ("customer.created", made.pk, zanele.user_id)
    assert made.history.get().history_user_id == zanele.user_id


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("given_names", "  "),
        ("given_names", "x" * 101),
        ("phone", "12"),
        ("phone", "call my son"),
        ("email", "thandi at post"),
        ("birth_date", date(2999, 1, 1)),
        ("birth_date", date(1850, 1, 1)),
        ("preferred_channel", "pigeon"),
        ("language", "xx"),
        ("time_zone", "Moon/Base"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(field: str, value: object) -> None:
    zanele = make.staff(Role.RECEPTIONIST, make.branch())
    typed = with_(THANDI, **{field: value})
    if field == "given_names" and str(value).isspace():
        typed = with_(typed, family_name="")
    with pytest.raises(DomainError) as refused:
        services.create(zanele, typed)
    assert list(refused.value.fields) == [field]
    assert not Customer.objects.exists()
    assert not Event.objects.exists()


def test_every_wrong_field_is_told_at_once() -> None:
    zanele = make.staff(Role.RECEPTIONIST, make.branch())
    with pytest.raises(DomainError) as refused:
        services.create(zanele, with_(THANDI, phone="1", email="x", birth_date=date(2999, 1, 1)))
    assert set(refused.value.fields) == {"phone", "email", "birth_date"}


def test_an_address_follows_the_rules_of_its_country_unless_kept_as_typed() -> None:
    zanele = make.staff(Role.RECEPTIONIST, make.branch())
    half = with_(THANDI, country="ZA", line1="5 Oxford Road", postal_code="21960")
    with pytest.raises(DomainError) as refused:
        services.create(zanele, half)
    assert set(refused.value.fields) == {"city", "postal_code"}
    made = services.create(zanele, with_(half, address_unverified=True))
    assert (made.postal_code, made.address_unverified) == ("21960", True)


def test_a_single_name_is_a_whole_name() -> None:
    made = services.create(make.staff(Role.RECEPTIONIST, make.branch()), CustomerData("", "Madonna"))
    assert (made.given_names, made.family_name, made.full_name) == ("Madonna", "", "Madonna")


def test_a_change_keeps_the_earlier_value_in_history_and_event() -> None:
    zanele = make.staff(Role.RECEPTIONIST, make.branch())
    made = services.create(zanele, THANDI)
    changed = services.change(zanele, made.pk, 1, with_(data_of(made), phone="083 555 0199"))
    assert (changed.phone, changed.version) == ("+27835550199", 2)
    event = Event.objects.get(kind="customer.changed")
    assert event.old == {"phone": "+27821234417"}
    assert event.new == {"phone": "+27835550199"}
    assert [row.phone for row in made.history.order_by("history_id")] == ["+27821234417", "+27835550199"]


def test_saving_without_a_change_leaves_no_trace() -> None:
    zanele = make.staff(Role.RECEPTIONIST, make.branch())
    made = services.create(zanele, THANDI)
    assert services.change(zanele, made.pk, 1, data_of(made)).version == 1
    assert Event.objects.count() == 1


def test_a_new_name_needs_a_reason() -> None:
    zanele = make.staff(Role.RECEPTIONIST, make.branch())
    made = services.create(zanele, THANDI)
    typed = with_(data_of(made), family_name="Mokoena-Dube")
    with pytest.raises(DomainError) as refused:
        services.change(zanele, made.pk, 1, typed)
    assert list(refused.value.fields) == ["reason"]
    made.refresh_from_db()
    assert made.family_name == "Mokoena"
    assert services.change(zanele, made.pk, 1, typed, "Married").search_text == " thandi mokoena dube c 100001"


def test_a_save_over_somebody_elses_shows_both_sides_and_keeps_theirs() -> None:
    zanele = make.staff(Role.RECEPTIONIST, make.branch())
    made = services.create(zanele, THANDI)
    opened = data_of(made)
    services.change(zanele, made.pk, 1, with_(opened, phone="083 555 0199"))
    with pytest.raises(StaleRecord) as stale:
        services.change(zanele, made.pk, 1, with_(opened, phone="084 555 0100", email="new@post.example"))
    clash = stale.value.clashes[0]
    assert (clash.field, clash.original, clash.theirs, clash.yours) == (
        "phone",
        "+27821234417",
        "+27835550199",
        "+27845550100",
    )
    assert len(stale.value.clashes) == 1
    assert stale.value.current_version == 2
    made.refresh_from_db()
    assert (made.phone, made.email) == ("+27835550199", "T.Mokoena@post.example")


def test_a_laboratory_technician_may_not_change_customers() -> None:
    home = make.branch()
    with pytest.raises(NotAllowed):
        services.create(make.staff(Role.LAB_TECHNICIAN, home), THANDI)
    assert not Customer.objects.exists()


def test_a_refused_number_is_not_lost() -> None:
    zanele = make.staff(Role.RECEPTIONIST, make.branch())
    with pytest.raises(DomainError):
        services.create(zanele, with_(THANDI, phone="1"))
    assert services.create(zanele, THANDI).number == "C-100001"


def test_identity_is_noted_with_the_document_not_its_number() -> None:
    zanele = make.staff(Role.RECEPTIONIST, make.branch())
    made = services.create(zanele, THANDI)
    services.check_identity(zanele, made.pk, "passport")
    made.refresh_from_db()
    assert made.identity_checked_at is not None
    assert Event.objects.get(kind="customer.identity_checked").reason == "passport"
