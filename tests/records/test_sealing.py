import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core import actor
from records import events
from records.models import Event
from records.services import sealing
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests beside this one keep transactions open on the same server; what they hold back is not the matter here."""
    monkeypatch.setattr(sealing, "_SETTLED", "true")


def note(text: str) -> Event:
    return events.record("order.note", actor.system(), events.Fact(factories.branch(), reason=text))


def tamper(statement: str) -> None:
    """As the owner of the database could: with the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET session_replication_role = DEFAULT")


def test_sealed_history_verifies_and_the_chain_goes_on(settled: None) -> None:
    note("one")
    assert sealing.seal_new() >= 1
    note("two")
    sealing.seal_new()
    assert sealing.verify() == []
    assert sealing.seal_new() == 0


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE records_event SET reason = 'other'", "a row was changed after it was sealed"),
        ("DELETE FROM records_event", "2 rows were sealed, 0 are there"),
    ],
)
def test_tampering_by_the_owner_is_found(statement: str, what: str, settled: None) -> None:
    note("one"), note("two")
    sealing.seal_new()
    tamper(statement)
    assert [(fault.table, fault.what) for fault in sealing.verify()] == [("records_event", what)]
    with pytest.raises(CommandError, match="tampered"):
        call_command("verify_history")


def test_a_row_put_into_a_sealed_range_is_found(settled: None) -> None:
    first = note("one")
    note("two")
    sealing.seal_new()
    assert first.pk < Event.objects.latest("pk").pk
    tamper("UPDATE records_event SET id = id + 1000 WHERE reason = 'one'")
    assert len(sealing.verify()) == 1


def test_rows_of_an_unfinished_transaction_are_not_sealed_past() -> None:
    """An id drawn earlier may still appear; sealing past it would make an honest row look like tampering."""
    import threading

    drawn, finish = threading.Event(), threading.Event()

    def slow() -> None:
        from django.db import transaction

        with transaction.atomic():
            note("slow")
            drawn.set()
            finish.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    drawn.wait(10)
    note("quick")
    sealing.seal_new()
    finish.set()
    thread.join()
    sealing.seal_new()
    assert sealing.verify() == []
    assert Event.objects.count() == 2


def test_the_nightly_check_opens_one_case_for_broken_data() -> None:
    from cases.models import Case
    from cases.services import nightly
    from records.models import Review

    shop = factories.branch()
    assert nightly.check() == 0
    Review.objects.create(
        subject_type="branches.branch",
        subject_id=shop.pk,
        decision="x",
        state="overridden",
        resolved_at="2026-01-01T00:00Z",
        what_changed="a",
        why_it_matters="b",
        before_next_stage="c",
        cause_type="d",
        cause_id=1,
        owner_role="head_office",
    )
    assert nightly.check() == 1
    assert nightly.check() == 1
    case = Case.objects.get()
    assert "A review that was let stand has a reason" in case.description
    with pytest.raises(CommandError, match="do not hold"):
        call_command("check_invariants")
