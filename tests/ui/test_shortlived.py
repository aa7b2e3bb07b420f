import pytest

from core import shortlived


@pytest.fixture
def asked(monkeypatch):
    monkeypatch.setattr(shortlived, "_kept", {})
    calls: list[int] = []

    def make() -> int:
        calls.append(1)
        return len(calls)

    return make


def test_a_value_is_made_once_and_again_after_its_seconds(settings, monkeypatch, asked):
    settings.SHELL_CACHE_SECONDS = 15
    clock = [100.0]
    monkeypatch.setattr(shortlived.time, "monotonic", lambda: clock[0])
    assert [shortlived.remembered("a", asked), shortlived.remembered("a", asked)] == [1, 1]
    clock[0] += 15
    assert shortlived.remembered("a", asked) == 2


def test_keys_are_apart_and_a_change_forgets(settings, asked):
    settings.SHELL_CACHE_SECONDS = 15
    assert (shortlived.remembered("a", asked), shortlived.remembered("b", asked)) == (1, 2)
    shortlived.forget("a")
    assert (shortlived.remembered("a", asked), shortlived.remembered("b", asked)) == (3, 2)


def test_switched_off_nothing_is_kept(settings, asked):
    settings.SHELL_CACHE_SECONDS = 0
    assert [shortlived.remembered("a", asked), shortlived.remembered("a", asked)] == [1, 2]
