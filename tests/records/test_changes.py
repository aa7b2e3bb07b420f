import pytest

from branches.roles import Role
from core import actor
from records.models import ApprovalMethod, ReviewState
from records.services import approvals, changes, reviews
from records.services.changes import Affected, Change, Dependency, FieldChange
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def basis():
    """A branch stands for any record on which an approval of another branch rests."""
    return factories.branch("BASE"), factories.branch("SUBJ")


def approve(basis, actor_):
    record, subject = basis
    return approvals.record(
        approvals.Decision(
            subject=subject,
            kind="quotation",
            method=ApprovalMethod.STAFF,
            inputs=[approvals.Input("branches.branch", record.pk, 1, "Base v1", {"axis": "065"})],
        ),
        actor_,
    )


@pytest.fixture
def table(basis, monkeypatch):
    _record, subject = basis
    rows: list[Dependency] = []
    monkeypatch.setattr(changes, "_table", rows)

    def find(changed):
        return [
            Affected(subject, "Approval", approval=approval, branch_id=subject.pk)
            for approval in approvals.resting_on(changed)
        ]

    rows.append(Dependency("branches.branch", "approval", "Approval", "It was", "Approve", Role.BRANCH_MANAGER, find))
    return rows


def the_change() -> Change:
    return Change([FieldChange("axis", "Right axis", "065°", "090°")], "written_wrong", "Written down wrong.")


def test_a_change_puts_the_approval_out_of_date_and_opens_one_review(basis, table) -> None:
    approval = approve(basis, actor.system())
    opened = changes.announce(basis[0], the_change(), actor.system())
    approval.refresh_from_db()
    assert [review.what_changed for review in opened] == ["Right axis 065° → 090°. Written down wrong."]
    assert approval.out_of_date_because == "Right axis 065° → 090°"
    assert approvals.current(basis[1], "quotation") is None
    assert reviews.open_reviews().count() == 1


def test_preview_names_the_effect_and_changes_nothing(basis, table) -> None:
    approval = approve(basis, actor.system())
    effects = changes.preview(basis[0])
    approval.refresh_from_db()
    assert [effect.affected.title for effect in effects] == ["Approval"]
    assert approval.is_current
    assert reviews.open_reviews().count() == 0


def test_control_without_a_declared_dependency_nothing_is_reopened(basis, table) -> None:
    approval = approve(basis, actor.system())
    table.clear()
    assert changes.announce(basis[0], the_change(), actor.system()) == []
    approval.refresh_from_db()
    assert approval.is_current


def test_deciding_again_settles_the_review(basis, table) -> None:
    approve(basis, actor.system())
    changes.announce(basis[0], the_change(), actor.system())
    approve(basis, actor.system())
    assert reviews.settle(basis[1], "approval", actor.system()) == 1
    assert reviews.open_reviews().count() == 0


def test_override_needs_the_right_and_a_reason(basis, table) -> None:
    from core.errors import DomainError, NotAllowed

    approve(basis, actor.system())
    review = changes.announce(basis[0], the_change(), actor.system())[0]
    technician = factories.staff(Role.LAB_TECHNICIAN, basis[1])
    manager = factories.staff(Role.BRANCH_MANAGER, basis[1])
    with pytest.raises(NotAllowed):
        reviews.override(review.pk, technician, "Fine")
    with pytest.raises(DomainError, match="Say why"):
        reviews.override(review.pk, manager, "  ")
    review.refresh_from_db()
    assert review.state == ReviewState.OPEN
    assert reviews.override(review.pk, manager, "Lens not yet ground").state == ReviewState.OVERRIDDEN


def test_the_same_decision_gives_the_same_hash() -> None:
    first = approvals.Input("a.b", 1, 1, "x", {"p": "1", "q": "2"})
    again = approvals.Input("a.b", 1, 1, "other words", {"q": "2", "p": "1"})
    moved = approvals.Input("a.b", 1, 2, "x", {"p": "1", "q": "2"})
    assert approvals.content_hash([first], None, "t") == approvals.content_hash([again], None, "t")
    assert approvals.content_hash([first], None, "t") != approvals.content_hash([moved], None, "t")
