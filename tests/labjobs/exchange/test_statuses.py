"""A laboratory's own statuses, by its table."""

import pytest

from labjobs.exchange import dcs, statuses
from labjobs.exchange.profiles import LabProfile
from labjobs.exchange.statuses import FileMessage, Meaning
from labjobs.models import Stage


def test_stages_are_those_of_the_board() -> None:
    assert set(statuses.STAGES) == set(Stage.values)


@pytest.mark.parametrize("vocabulary", sorted(statuses.VOCABULARIES))
def test_shipped_vocabularies_use_known_stages_and_outcomes(vocabulary: str) -> None:
    assert LabProfile(status_vocabulary=vocabulary, statuses=statuses.VOCABULARIES[vocabulary]).problems() == {}


@pytest.mark.parametrize(
    ("vocabulary", "code", "meaning"),
    [
        ("vspone", "coating", Meaning("coating")),
        ("vspone", " EDIT  DESK ", Meaning("received", needs_us=True)),
        ("vspone", "Shipped", Meaning("dispatch", outcome="shipped")),
        ("rx_universe", "W", Meaning("at_lab", needs_us=True)),
        ("eyefinity", "Lab on hold", Meaning("at_lab", needs_us=True)),
    ],
)
def test_known_codes_are_understood(vocabulary: str, code: str, meaning: Meaning) -> None:
    status = statuses.understood(LabProfile(status_vocabulary=vocabulary).status_table(), code, "their words")
    assert (status.meaning, status.known, status.code, status.text) == (meaning, True, code, "their words")


def test_an_unknown_code_counts_as_in_production_and_is_listed_for_mapping() -> None:
    table = LabProfile(status_vocabulary="vspone").status_table()
    seen = [statuses.understood(table, code) for code in ("Q7", "Coating", "Q8", "Q7")]
    assert seen[0].meaning == Meaning("at_lab")
    assert not seen[0].known
    assert statuses.to_be_mapped(seen) == [("Q7", 2), ("Q8", 1)]


def test_a_laboratorys_own_rows_go_before_the_vocabulary() -> None:
    profile = LabProfile(
        status_vocabulary="vspone", statuses={"COATING": Meaning("surfacing"), "Q7": Meaning("edging")}
    )
    table = profile.status_table()
    assert statuses.understood(table, "Coating").meaning.stage == "surfacing"
    assert statuses.understood(table, "q7").meaning.stage == "edging"
    assert "Coating" not in table


def test_messages_in_an_answer_are_kept_in_order() -> None:
    file = dcs.parse("STATUS=0\nXSTATUS=R;1110;External module returns warning;W\nXSTATUS=;7;x\nSTATUS=3;Job not found")
    assert statuses.messages(file) == (
        FileMessage("R", "1110", "External module returns warning"),
        FileMessage("", "7", "x"),
        FileMessage("", "3", "Job not found"),
    )
