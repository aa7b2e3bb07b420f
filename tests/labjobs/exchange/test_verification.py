"""The powers that a laboratory says to inspect."""

from decimal import Decimal

import pytest

from labjobs.exchange import verification
from labjobs.exchange.errors import ExchangeError
from lensmath.powers import EyePower
from lensmath.prism import Prism

from .reference import real_bytes


def test_a_real_file_gives_both_lenses_their_compensated_powers() -> None:
    both = verification.read(real_bytes("R360_3.oma"))
    assert both.left is not None
    assert both.left.source == "INS"
    assert both.left.power == EyePower(Decimal("0.43"), Decimal("-2.75"), Decimal("16.00"), Decimal("1.23"))
    assert both.left.prism == Prism()
    assert both.left.near == EyePower(Decimal("1.66"), Decimal("-2.76"), Decimal("16.65"))
    assert both.right is not None
    assert both.right.power.sphere == Decimal("-0.47")


def test_the_designs_own_powers_stand_in_when_nothing_is_said_to_inspect() -> None:
    both = verification.read("LDDRSPH=-0.47;\nLDDRCYL=-1.15;\nLDDRAX=137.27;\nLDADD=1.24;\nLDPRVM=1;\nLDPRVA=270;")
    assert both.left is None
    assert both.right is not None
    assert both.right.source == "LDDR"
    assert both.right.power == EyePower(Decimal("-0.47"), Decimal("-1.15"), Decimal("137.27"), Decimal("1.24"))
    assert both.right.prism == Prism(Decimal(0), Decimal(-1))


def test_a_file_without_such_powers_gives_none() -> None:
    both = verification.read("JOB=1\nSPH=1.00;2.00")
    assert both.right is None
    assert both.left is None


@pytest.mark.parametrize(
    "text",
    ["INSSPH=1\nINSCYL=-1", "INSSPH=1\nINSCYL=-1\nINSAX=200", "INSSPH=99", "INSSPH=1\nINSPRPRVM=1", "INSSPH=one"],
)
def test_powers_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(ExchangeError):
        verification.read(text)
