"""Lenses and numbers for the property tests."""

from decimal import Decimal

from hypothesis import strategies as st

from lensmath.powers import EyePower
from lensmath.prism import Prism


def steps(lowest: int, highest: int, step: str) -> st.SearchStrategy[Decimal]:
    """Multiples of a step."""
    return st.integers(lowest, highest).map(lambda count: count * Decimal(step))


eighths = steps(-160, 160, "0.125")
axes = st.integers(1, 180)
prisms = st.builds(Prism, steps(-40, 40, "0.25"), steps(-40, 40, "0.25"))


@st.composite
def lenses(draw: st.DrawFn) -> EyePower:
    """A lens in eighths to 20 dioptres, with a cylinder to 8 or none."""
    cylinder = draw(st.none() | steps(-64, 64, "0.125").filter(bool))
    axis = None if cylinder is None else draw(axes)
    return EyePower(draw(eighths), cylinder, axis, draw(st.none() | steps(4, 32, "0.125")))
