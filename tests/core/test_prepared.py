"""Queries whose text is kept answer as if they were composed anew."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError

from branches.models import Branch, Membership
from core.prepared import Prepared, Slot, one_of, prepared, written
from tests import factories

pytestmark = pytest.mark.django_db


@prepared
def _held_in(is_active: bool) -> QuerySet[Membership]:
    held = Membership.objects.filter(branch=Slot("branch"), user__is_active=is_active)
    return held.select_related("user", "branch").order_by("pk")


@prepared
def _codes() -> QuerySet[Branch, tuple[int, str]]:
    return Branch.objects.filter(one_of("pk", "keys")).order_by("code").values_list("pk", "code")


def test_the_same_question_with_other_values_gets_other_rows() -> None:
    rosebank, durban = factories.branch("RSB"), factories.branch("DUR")
    zanele = factories.user(at=rosebank)
    themba = factories.user(at=durban)
    assert [one.user for one in _held_in(True).rows(branch=rosebank.pk)] == [zanele]
    found = _held_in(True).row(branch=durban.pk)
    assert found is not None and (found.user, found.branch) == (themba, durban)
    assert _held_in(False).row(branch=durban.pk) is None


def test_related_rows_come_along_in_the_one_query(django_assert_num_queries: Any) -> None:
    rosebank = factories.branch("RSB")
    factories.user(at=rosebank)
    with django_assert_num_queries(1):
        held = _held_in(True).rows(branch=rosebank.pk)
        assert [(one.user.is_active, one.branch.code) for one in held if one.branch] == [(True, "RSB")]


def test_a_list_is_one_value_and_may_be_empty() -> None:
    rosebank, durban = factories.branch("RSB"), factories.branch("DUR")
    assert _codes().rows(keys=[rosebank.pk, durban.pk]) == [(durban.pk, "DUR"), (rosebank.pk, "RSB")]
    assert _codes().rows(keys=[durban.pk]) == [(durban.pk, "DUR")]
    assert _codes().rows(keys=[]) == []


def test_a_value_is_a_parameter_and_never_text() -> None:
    factories.branch("RSB")
    named: Prepared[Branch] = Prepared(Branch.objects.filter(name=Slot("name")))
    assert named.rows(name="' OR '1'='1") == []
    with pytest.raises(KeyError, match="name"):
        named.rows()


def test_the_text_is_put_together_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rosebank = factories.branch("RSB")
    asked: list[str] = []

    def listen(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    _codes().rows(keys=[rosebank.pk])
    monkeypatch.setattr("django.db.models.sql.compiler.SQLCompiler.pre_sql_setup", lambda *_all, **_named: 1 / 0)
    with connection.execute_wrapper(listen):
        assert _codes().rows(keys=[rosebank.pk]) == [(rosebank.pk, "RSB")]
    assert len(asked) == 1 and "= ANY(%s)" in asked[0]


def test_what_never_changes_is_written_into_the_text() -> None:
    rosebank = factories.branch("RSB", name="100 % \\ 'Rosebank'")
    kept: Prepared[Branch] = Prepared(Branch.objects.filter(name="100 % \\ 'Rosebank'", code=Slot("code")))
    assert kept.rows(code="RSB") == [rosebank] and kept.rows(code="DUR") == []
    text, values = written("SELECT %s, %s, '100 %%'", ["a%s", Slot("code")])
    assert (text, len(values)) == ("SELECT 'a%%s', %s, '100 %%'", 1)


def test_rows_are_locked_inside_of_a_transaction_only(monkeypatch: pytest.MonkeyPatch) -> None:
    rosebank = factories.branch("RSB")
    locked: Prepared[Branch] = Prepared(Branch.objects.select_for_update().filter(pk=Slot("branch")))
    assert locked.row(branch=rosebank.pk) == rosebank
    monkeypatch.setattr(connection, "get_autocommit", lambda: True)
    with pytest.raises(TransactionManagementError):
        locked.row(branch=rosebank.pk)
