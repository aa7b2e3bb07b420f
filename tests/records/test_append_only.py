import pytest
from django.db import DatabaseError, connection, transaction

from branches.models import Branch
from core import actor
from records import append_only, events
from records.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


def an_event() -> Event:
    event = events.record("order.note", actor.system(), events.Fact(factories.branch(), reason="kept"))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return event


def refused(statement: str) -> str:
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(caught.value)


def test_events_refuse_update_delete_and_truncate() -> None:
    event = an_event()
    assert "records_event is append-only: UPDATE is refused" in refused("UPDATE records_event SET reason = 'x'")
    assert "records_event is append-only: DELETE is refused" in refused("DELETE FROM records_event")
    assert "append-only: TRUNCATE is refused" in refused("TRUNCATE records_event CASCADE")
    assert Event.objects.get(pk=event.pk).reason == "kept"


def test_bulk_writes_through_the_orm_are_refused_too() -> None:
    an_event()
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.update(reason="changed")
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.all().delete()
    assert Event.objects.get().reason == "kept"


def test_every_history_table_is_append_only() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'append_only_rows'")
        guarded = {name.strip('"') for (name,) in cursor.fetchall()}
    assert guarded == set(append_only.tables())
    assert {"orders_historicalorder", "customers_historicalcustomer", "orders_ledgerentry"} <= guarded


def test_history_keeps_the_earlier_value() -> None:
    shop = factories.branch(phone="1")
    shop.phone = "2"
    shop.save()
    assert [row.phone for row in shop.history.order_by("history_id")] == ["1", "2"]
    assert "append-only" in refused("UPDATE branches_historicalbranch SET phone = '3'")
    assert Branch.objects.get(pk=shop.pk).phone == "2"


def test_control_without_the_trigger_the_update_goes_through() -> None:
    an_event()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE records_event DISABLE TRIGGER append_only_rows")
        cursor.execute("UPDATE records_event SET reason = 'tampered'")
    assert Event.objects.get().reason == "tampered"
