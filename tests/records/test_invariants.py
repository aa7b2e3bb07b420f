"""What is always true is true of a shop at work, and each statement is broken once by hand and found."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from cases.services import cases, nightly
from cases.services.cases import CaseData
from labjobs.services import remakes
from records import invariants
from records.models import Evidence, EvidenceKind
from records.services import evidence, filing
from tests import factories
from tests.labjobs import makers
from tests.labjobs.test_remakes import asked
from tests.orders import makers as selling
from tests.records import tampering
from tests.shipping import makers as sending


@pytest.fixture(scope="module")
def shop(django_db_setup: None, django_db_blocker: Any) -> Iterator[makers.Bench]:
    """A pair handed over and made again, one in the laboratory, one sent, a case; built once, rolled back after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        at = makers.bench(trays=5)
        job = makers.collected(at)
        remakes.approve(at.shop.manager, remakes.request(at.shop.optician, asked(job)).pk, "seen")
        makers.released(at)
        data = CaseData("complaint", job.order, at.shop.branch.pk, "waited long", owner_id=at.shop.manager.user_id)
        cases.open_case(at.shop.receptionist, data)
        sending.sent(at)
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


TRACKED = sorted(one.code for one in invariants.declared() if one.code.startswith("I5 "))


def lied_to(at: makers.Bench) -> tampering.Shop:
    other = factories.branch()
    tampering.unguarded()
    return tampering.Shop(at, other, factories.customer(other, number="C-990001"))


@pytest.mark.parametrize("lie", tampering.BREAKS)
def test_a_lie_in_the_data_is_found_by_its_statement_and_no_other(undone: makers.Bench, lie: str) -> None:
    """Beside it only the statement about history may speak: the lie has no row there."""
    _scan(undone)
    tampering.BREAKS[lie](lied_to(undone))
    assert {code for code in broken() if not code.startswith("I5 ")} == {lie.partition(" ")[0]}


# What may exist once is laid down for something else.
ONLY_ONE = {"I5 aftersales_returnpolicy": {"brand": "Nobody"}}


@pytest.mark.parametrize("code", TRACKED)
def test_a_record_that_came_in_beside_its_history_is_found(undone: makers.Bench, code: str) -> None:
    model = next(one for one in apps.get_models() if one._meta.db_table == code.removeprefix("I5 "))
    lied_to(undone).put(model._meta.label, **ONLY_ONE.get(code, {}))
    assert {found for found in broken() if found.startswith("I5 ")} == {code}


CHANGES = {
    "I5 orders_order": "UPDATE orders_order SET version = version + 1",
    "I5 labjobs_job": "UPDATE labjobs_job SET promised_on = promised_on + 1",
    "I5 labjobs_fitting": "UPDATE labjobs_historicalfitting SET version = version + 7",
    "I5 prescriptions_prescription": "UPDATE prescriptions_prescription SET notes = 'x'",
    "I5 customers_customer": "UPDATE customers_customer SET family_name = 'X'",
    "I5 catalogue_frame": "UPDATE catalogue_frame SET price = 1",
    "I5 labjobs_qualitycheck": "UPDATE labjobs_qualitycheck SET passed = NOT passed",
    "I5 orders_measurement": "UPDATE orders_measurement SET right_far_pd_mm = 40",
}


@pytest.mark.parametrize("code", CHANGES)
def test_a_value_changed_beside_its_history_is_found(undone: makers.Bench, code: str) -> None:
    tampering.sql(CHANGES[code])(lied_to(undone))
    assert code in {found for found in broken() if found.startswith("I5 ")}


def test_no_statement_is_without_a_lie_that_it_finds() -> None:
    declared = {one.code for one in invariants.declared()}
    assert declared == {name.partition(" ")[0] for name in tampering.BREAKS} | set(TRACKED)


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
