"""What is always true is true of a shop at work, and each statement is broken once by hand and found."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from cases.services import cases, nightly
from cases.services.cases import CaseData
from core.models import Job as Work
from labjobs.services import remakes
from records import invariants
from records.models import Evidence, EvidenceKind
from records.services import evidence, filing
from tests import factories
from tests.labjobs import makers
from tests.labjobs.test_remakes import asked
from tests.orders import makers as selling


@pytest.fixture(scope="module")
def shop(django_db_setup: None, django_db_blocker: Any) -> Iterator[makers.Bench]:
    """One pair handed over and made again, one in the laboratory, a case; built once, rolled back after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        at = makers.bench(trays=5)
        job = makers.collected(at)
        remakes.approve(at.shop.manager, remakes.request(at.shop.optician, asked(job)).pk, "seen")
        makers.released(at)
        data = CaseData("complaint", job.order, at.shop.branch.pk, "waited long", owner_id=at.shop.manager.user_id)
        cases.open_case(at.shop.receptionist, data)
        yield at
        transaction.set_rollback(True)


@pytest.fixture
def undone(shop: makers.Bench, django_db_blocker: Any) -> Iterator[makers.Bench]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield shop
        transaction.set_rollback(True)


def broken() -> set[str]:
    return {violation.invariant.code for violation in invariants.violations()}


def test_a_shop_at_work_breaks_none(undone: makers.Bench) -> None:
    assert [(one.invariant.code, one.rows) for one in invariants.violations()] == []


BREAKS = {
    "I1": "UPDATE orders_ledgerentry e SET reverses_id = (SELECT min(id) FROM orders_ledgerentry x WHERE x.order_id <> e.order_id)"
    " WHERE id = (SELECT max(id) FROM orders_ledgerentry)",
    "I2": "UPDATE orders_quotation SET total = total + 1 WHERE state = 'approved'",
    "I2b": "UPDATE orders_ledgerentry SET kind = 'refund', reason = 'x', amount = abs(amount) WHERE kind = 'payment'",
    "I3a": "UPDATE inventory_stockitem SET on_hand = on_hand + 1",
    "I3b": "UPDATE inventory_reservation SET state = 'released', ended_at = now() WHERE state = 'held'",
    "I5 orders_order": "UPDATE orders_order SET version = version + 1",
    "I5 labjobs_job": "UPDATE labjobs_historicaljob SET version = version + 7",
    "I5a": "UPDATE records_approval SET out_of_date_at = now()",
    "I6b": "UPDATE records_event SET old = '{\"right far PD\": \"31\"}', reason = '', kind = 'order.measured'"
    " WHERE kind = 'labjob.released'",
    "I7": "UPDATE records_approval SET approved = false",
    "I8": "UPDATE labjobs_job SET state = 'collected', ended_at = now() WHERE state = 'released' AND remake_of_id IS NULL",
    "I8b": "UPDATE records_event SET data = '{\"balance\": \"5.00\"}' WHERE kind = 'order.collected'",
    "I10c": "UPDATE cases_case SET owner_id = NULL, recorded_at = now() - interval '2 hours'",
    "I15b": "UPDATE labjobs_job SET branch_id = %(other)s",
    "I15c": "UPDATE prescriptions_prescription SET customer_id = %(customer)s",
    "I19": "UPDATE orders_order SET first_promised_on = NULL",
}


@pytest.mark.parametrize("code", BREAKS)
def test_a_broken_statement_is_found(undone: makers.Bench, code: str) -> None:
    other = factories.branch()
    words = {"other": other.pk, "customer": factories.customer(other, number="C-990001").pk}
    with connection.cursor() as cursor:
        # Tampering by the owner: triggers and constraints off, as nobody else can.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, check in (("labjobs_job", "job_ended_with_time"), ("orders_order", "order_promised_with_first")):
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {check}")
        cursor.execute(BREAKS[code] % words)
    assert code in broken()


def test_work_that_nobody_does_and_work_given_up_without_a_case_are_found(undone: makers.Bench) -> None:
    late = timezone.now() - timedelta(minutes=11)
    Work.objects.create(kind="paper", key="a", not_before=late)
    Work.objects.create(kind="paper", key="b", not_before=late, state="dead", branch_id=undone.shop.branch.pk)
    assert {"I12", "I13"} <= broken()


def test_every_tracked_record_has_its_statement() -> None:
    codes = {one.code for one in invariants.declared()}
    wanted = {
        "customers_customer", "prescriptions_prescription", "catalogue_frame", "orders_lensspecification",
        "orders_measurement", "labjobs_job", "labjobs_qualitycheck", "labjobs_warranty", "orders_order", "cases_case",
    }  # fmt: skip
    assert {f"I5 {name}" for name in wanted} <= codes


def _scan(at: makers.Bench) -> Evidence:
    subject = evidence.Subject(at.shop.branch, at.shop.branch.pk)
    upload = evidence.Upload("scan.pdf", b"%PDF-1.4 the paper")
    return evidence.add(at.shop.optician, subject, evidence.EvidenceData(EvidenceKind.SCAN, "Paper", upload=upload))


def test_a_file_that_was_changed_lost_or_laid_beside_is_found_weekly(undone: makers.Bench, settings: Any) -> None:
    from pathlib import Path

    now = timezone.now()
    piece = _scan(undone)
    path = Path(piece.file.path)
    assert filing.faults(now) == []
    path.write_bytes(b"%PDF-1.4 another paper")
    assert ["was changed" in one for one in filing.faults(now)] == [True]
    path.unlink()
    assert ["is missing" in one for one in filing.faults(now)] == [True]
    (path.parent / "stranger.jpg").write_bytes(b"x")
    assert len(filing.faults(now)) == 1
    assert len(filing.faults(now + timedelta(hours=25))) == 2
    assert nightly.check_files(now) == 1


def test_the_web_role_may_add_to_history_and_read_it_and_nothing_else(undone: makers.Bench, settings: Any) -> None:
    """Even with the triggers away, as the owner could put them, the role of web and workers is refused."""
    from django.db import DatabaseError

    from records import append_only

    settings.DATABASE_WEB_ROLE = "test_web"
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE test_web")
        cursor.execute("GRANT USAGE ON SCHEMA public TO test_web")
        cursor.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO test_web")
        cursor.execute("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO test_web")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        append_only.restrict_web_role("default")
        cursor.execute("DROP TRIGGER append_only_rows ON records_event")
        cursor.execute("SET ROLE test_web")
        for statement in (
            "UPDATE records_event SET reason = 'x'",
            "DELETE FROM records_event",
            "TRUNCATE records_event",
            "DELETE FROM orders_historicalorder",
            "UPDATE records_seal SET sealed_hash = 'x'",
            "ALTER TABLE records_event DISABLE TRIGGER ALL",
            "DROP TABLE records_seal",
            "SET session_replication_role = replica",
        ):
            with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), transaction.atomic():
                cursor.execute(statement)
        selling.customer(undone.shop.branch, given_names="By", family_name="Web")
        cursor.execute("SELECT count(*) > 0 FROM records_event")
        assert cursor.fetchone() == (True,)
        cursor.execute("RESET ROLE")


def test_control_without_the_restriction_the_web_role_could_change_history(undone: makers.Bench) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE test_loose")
        cursor.execute("GRANT USAGE ON SCHEMA public TO test_loose")
        cursor.execute("GRANT SELECT, UPDATE ON records_event TO test_loose")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("DROP TRIGGER append_only_rows ON records_event")
        cursor.execute("SET ROLE test_loose")
        cursor.execute("UPDATE records_event SET reason = 'x'")
        assert cursor.rowcount > 0
        cursor.execute("RESET ROLE")
