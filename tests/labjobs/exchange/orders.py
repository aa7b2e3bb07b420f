"""Laboratory orders to test with: a complete one, and any one."""

from decimal import Decimal

from hypothesis import strategies as st

from labjobs.exchange import profiles
from labjobs.exchange.fields import Sided, on_both
from labjobs.exchange.order import EyeOrder, Fitting, FrameOrder, LabOrder, LensChoice
from labjobs.exchange.traces import Trace
from lensmath.powers import EyePower
from lensmath.prism import Prism

LENS = LensChoice(
    style="2950", material="plastic", type_code="PR", index=Decimal("1.498"), coating="SC", tint="GREY 20"
)
FITTING = Fitting(far_pd_mm=Decimal(31), oc_height_mm=Decimal(16), bvd_mm=Decimal(14), pantoscopic_deg=Decimal(6))
FRAME = FrameOrder(
    a_mm=on_both(Decimal(51)), b_mm=on_both(Decimal("44.01")), dbl_mm=Decimal(20), kind="metal", edge="bevel"
)


def order(**changes: object) -> LabOrder:
    """A progressive pair, complete enough for a laboratory."""
    eyes = Sided(
        EyeOrder(EyePower.of("-0.50", "-1.25", 140, "1.25"), fitting=FITTING, lens=LENS),
        EyeOrder(EyePower.of("0.50", "-3.00", 15, "1.25"), fitting=FITTING, lens=LENS),
    )
    return LabOrder(**{"job": "L424775600", "eyes": eyes, "frame": FRAME, **changes})


def steps(lowest: int, highest: int, step: str) -> st.SearchStrategy[Decimal]:
    """Multiples of a step, from lowest to highest in that step."""
    return st.integers(lowest, highest).map(lambda count: count * Decimal(step))


def maybe(values: st.SearchStrategy) -> st.SearchStrategy:
    """A value or none."""
    return st.none() | values


POWERS = steps(-160, 160, "0.125")
LENGTHS = steps(1, 9000, "0.01")
TEXTS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters=";"), min_size=1, max_size=20)
WORDS = TEXTS.map(str.strip).filter(lambda text: text not in ("", "?"))


@st.composite
def eye_powers(draw: st.DrawFn) -> EyePower:
    """A prescription in whole eighths."""
    cylinder = draw(maybe(steps(-48, 48, "0.125").filter(bool)))
    axis = None if cylinder is None else draw(st.integers(1, 180))
    return EyePower(draw(POWERS), cylinder, axis, draw(maybe(steps(1, 32, "0.125"))))


PRISMS = st.builds(Prism, steps(-40, 40, "0.25"), steps(-40, 40, "0.25"))
FITTINGS = st.builds(Fitting, *[maybe(LENGTHS)] * 7)
LENSES = st.builds(
    LensChoice,
    *[maybe(WORDS)] * 5,
    maybe(st.sampled_from(sorted(profiles.MATERIALS))),
    *[maybe(WORDS)] * 4,
    maybe(steps(1400, 2000, "0.001")),
    maybe(LENGTHS),
)
EYES = st.builds(EyeOrder, eye_powers(), PRISMS, st.just(False), FITTINGS, LENSES) | st.builds(
    EyeOrder, st.none(), st.just(Prism()), st.just(True), FITTINGS, LENSES
)
SIZES = st.builds(Sided, maybe(LENGTHS), maybe(LENGTHS))
FRAMES = st.builds(
    FrameOrder,
    *[SIZES] * 4,
    maybe(LENGTHS),
    maybe(LENGTHS),
    maybe(st.sampled_from(sorted(profiles.FRAME_TYPES))),
    maybe(st.sampled_from(sorted(profiles.EDGE_TYPES))),
    *[maybe(WORDS)] * 3,
)
RADII = st.lists(st.integers(1000, 4000), min_size=4, max_size=40).map(tuple)


@st.composite
def orders(draw: st.DrawFn) -> LabOrder:
    """Any order whose eyes to make are described."""
    eyes = draw(st.builds(Sided, maybe(EYES), maybe(EYES)))
    described = {"B": True, "R": eyes.right, "L": eyes.left, "N": True}
    make = draw(st.sampled_from([code for code, eye in described.items() if eye is not None]))
    if make == "B" and None in (eyes.right, eyes.left):
        make = "N"
    traces = draw(st.sampled_from([(), ("R",), ("R", "L")]))
    return LabOrder(
        job=draw(WORDS),
        eyes=eyes,
        make=make,
        account=draw(maybe(WORDS)),
        client=draw(maybe(WORDS)),
        rx_number=draw(maybe(WORDS)),
        frame=draw(FRAMES),
        traces=tuple(Trace(side, draw(RADII)) for side in traces),
        remark="\n".join(draw(st.lists(WORDS, max_size=3))),
    )
