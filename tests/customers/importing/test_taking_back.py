"""The way back: all of an import or nothing, and the erased stay forgotten."""

import pytest
from django.utils import timezone

from branches.models import Branch
from branches.scope import Scope
from core.actor import Actor
from core.errors import DomainError
from customers import services
from customers.data import CustomerData, data_of
from customers.models import Customer
from customers.selectors import search
from customers.services import import_writing, importing
from records.import_models import FileState
from records.models import Event
from records.services import importing as steps
from tests.customers.importing.lists import applied, checked, csv_of, known, row

pytestmark = pytest.mark.django_db


def test_an_import_is_taken_back_as_a_whole(nomvula: Actor) -> None:
    thandi = known(nomvula)
    batch = checked(nomvula, csv_of([row(0, Cell="0825554417", Notes="VIP"), row(1), row(2)]))
    importing.choose_fields(nomvula, batch.pk, ["email", "notes"])
    importing.decide(nomvula, batch.pk, 2, "update", thandi.pk)
    import_writing.start(nomvula, batch.pk)
    import_writing.write(nomvula, batch.pk)
    batch = import_writing.take_back(nomvula, batch.pk, "Wrong branch")
    thandi.refresh_from_db()
    assert (thandi.email, thandi.notes, thandi.archived_at) == ("thandi@post.example", "", None)
    assert Customer.objects.filter(archived_at__isnull=False).count() == 2
    assert search(Scope.of(nomvula), "personb") == []
    assert (batch.state, batch.reversed_reason) == (FileState.REVERSED, "Wrong branch")
    assert Event.objects.filter(kind="customer.archived").count() == 2
    again = checked(nomvula, csv_of([row(1), row(2)]))
    assert again.counts["new"] == 2


def test_an_import_is_not_taken_back_once_somebody_works_with_its_customers(nomvula: Actor) -> None:
    batch = applied(nomvula, csv_of([row(0), row(1)]))
    touched = Customer.objects.get(email="p1@post.example")
    services.change(nomvula, touched.pk, touched.version, CustomerData(**{**vars(data_of(touched)), "called": "Pi"}))
    with pytest.raises(DomainError) as refused:
        import_writing.take_back(nomvula, batch.pk, "Wrong list")
    assert refused.value.code == "in_use" and touched.number in refused.value.message
    assert Customer.objects.filter(archived_at__isnull=False).count() == 0


def test_an_import_whose_customer_has_an_appointment_stays(nomvula: Actor, rosebank: Branch) -> None:
    from visits.services import visits

    batch = applied(nomvula, csv_of([row(0), row(1)]))
    visits.walk_in(nomvula, rosebank.pk, Customer.objects.get(email="p0@post.example").pk, "New glasses")
    with pytest.raises(DomainError) as refused:
        import_writing.take_back(nomvula, batch.pk, "Wrong list")
    assert refused.value.code == "in_use"
    assert Customer.objects.filter(archived_at__isnull=False).count() == 0


def test_taking_back_needs_a_reason(nomvula: Actor) -> None:
    batch = applied(nomvula, csv_of([row(0)]))
    with pytest.raises(DomainError) as refused:
        import_writing.take_back(nomvula, batch.pk, "  ")
    assert set(refused.value.fields) == {"reason"}


def test_what_a_file_said_of_an_erased_person_goes_too(nomvula: Actor) -> None:
    batch = applied(nomvula, csv_of([row(0), row(1)]))
    erased = Customer.objects.get(email="p0@post.example")
    assert importing.forget(erased.pk) == 1
    kept = batch.rows.get(customer=erased)
    assert (kept.cells, kept.values) == ([], {})
    assert checked(nomvula, csv_of([row(0)])).counts["before"] == 1


def test_a_customer_whom_two_rows_updated_gets_the_first_values_back(
    nomvula: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "PORTION", 1)
    thandi = known(nomvula)
    batch = checked(nomvula, csv_of([row(0, Cell="0825554417"), row(1, Cell="0825554417")]))
    importing.choose_fields(nomvula, batch.pk, ["email"])
    for number in (2, 3):
        importing.decide(nomvula, batch.pk, number, "update", thandi.pk)
    import_writing.start(nomvula, batch.pk)
    import_writing.write(nomvula, batch.pk)
    thandi.refresh_from_db()
    assert thandi.email == "p1@post.example"
    import_writing.take_back(nomvula, batch.pk, "Wrong list")
    thandi.refresh_from_db()
    assert (thandi.email, thandi.archived_at) == ("thandi@post.example", None)


def test_a_row_that_waits_to_update_an_erased_person_goes_and_the_rest_can_be_tried_again(nomvula: Actor) -> None:
    thandi = known(nomvula)
    batch = checked(nomvula, csv_of([row(0, Cell="0825554417"), row(1)]))
    importing.decide(nomvula, batch.pk, 2, "update", thandi.pk)
    assert importing.forget(thandi.pk) == 1
    assert list(batch.rows.values_list("row_number", flat=True)) == [3]
    again = importing.dry_run(nomvula, batch.pk, batch.columns)
    assert (again.counts["new"], again.counts["alike"]) == (1, 0)


def test_the_file_of_refused_rows_leaves_an_erased_person_out(nomvula: Actor) -> None:
    thandi = known(nomvula)
    batch = checked(nomvula, csv_of([row(0, Cell="12"), row(1, Cell="0825554417")]))
    batch.rows.filter(row_number=3).update(verdict="refused", target=thandi, done_at=timezone.now())
    importing.forget(thandi.pk)
    rows = list(steps.refused_rows(batch, batch.rows.filter(verdict="refused"), {}))
    assert [one[0] for one in rows[1:]] == ["4000"]
