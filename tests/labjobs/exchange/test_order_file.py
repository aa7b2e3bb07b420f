"""Orders to a laboratory: what is written, and that it comes back."""

from decimal import Decimal

import pytest
from hypothesis import given

from labjobs.exchange import dcs, order_file
from labjobs.exchange.errors import ExchangeError
from labjobs.exchange.fields import Sided
from labjobs.exchange.order import EyeOrder, Fitting, LensChoice
from labjobs.exchange.profiles import COMPONENTS, LabProfile
from labjobs.exchange.traces import Trace
from lensmath.powers import EyePower
from lensmath.prism import Prism

from .orders import order, orders
from .reference import real_bytes

TRACE = Trace("R", (2500, 2400, 2300, 2200))


def lines(content: bytes) -> list[str]:
    return content.decode("ascii").split("\r\n")[:-1]


def test_an_order_is_written_right_first_in_the_standards_labels() -> None:
    written = order_file.write(order(account="4711", remark="as thin as possible"))
    assert written.name == "L424775600.oma"
    assert set(lines(written.content)) == {
        "JOB=L424775600", "DO=B", "ACCN=4711", "REM=as thin as possible",
        "SPH=-0.50;0.50", "CYL=-1.25;-3.00", "AX=140;15", "ADD=1.25;1.25",
        "IPD=31.00;31.00", "OCHT=16.00;16.00", "BVD=14.00;14.00", "PANTO=6.00;6.00",
        "LNAM=2950;2950", "LMATTYPE=1;1", "LIND=1.498;1.498", "LTYP=PR;PR", "ACOAT=SC;SC", "TINT=GREY 20;GREY 20",
        "HBOX=51.00;51.00", "VBOX=44.01;44.01", "DBL=20.00", "FTYP=2", "ETYP=1",
    }  # fmt: skip


def test_an_eye_that_is_not_ordered_has_empty_fields() -> None:
    left = EyeOrder(EyePower.of("-2.25", "-0.75", 180), fitting=Fitting(far_pd_mm=Decimal(31)))
    written = order_file.write(
        order(job="A2", eyes=Sided(None, left), make="L", frame=order_file.LabOrder("", None).frame)
    )
    assert lines(written.content) == ["JOB=A2", "DO=L", "SPH=;-2.25", "CYL=;-0.75", "AX=;180", "IPD=;31.00"]


def test_eighths_and_an_oblique_prism_come_back_as_prescribed() -> None:
    right = EyeOrder(EyePower.of("+0.12", "-1.87", 25), prism=Prism(Decimal(2), Decimal("1.5")))
    left = EyeOrder(EyePower.of("-0.62"), prism=Prism(Decimal("0.5"), Decimal(-3)))
    sent = order(eyes=Sided(right, left))
    written = order_file.write(sent)
    assert {"SPH=0.12;-0.62", "CYL=-1.87;", "PRVM=2.50;3.04", "PRVA=36.9;260.5"} <= set(lines(written.content))
    assert order_file.read(written.content).order == sent
    assert sent.eyes.right.power.sphere == Decimal("0.125")


def test_prism_can_be_sent_by_components() -> None:
    right = EyeOrder(EyePower.of("1.00"), prism=Prism(Decimal(2), Decimal("-1.5")))
    sent = order(eyes=Sided(right, None), make="R")
    profile = LabProfile(prism_form=COMPONENTS)
    written = order_file.write(sent, profile)
    assert {"PRVIN=2.00;", "PRVUP=-1.50;"} <= set(lines(written.content))
    assert order_file.read(written.content, profile).order == sent


def test_near_and_far_distances_stand_under_their_own_labels() -> None:
    eye = EyeOrder(EyePower.of("1.00"), fitting=Fitting(far_pd_mm=Decimal(32), near_pd_mm=Decimal("29.5")))
    written = order_file.write(order(eyes=Sided(eye, eye)))
    assert {"IPD=32.00;32.00", "NPD=29.50;29.50"} <= set(lines(written.content))


def test_a_profile_renames_omits_and_adds() -> None:
    profile = LabProfile(
        label_map={"LNAM": "_STYLE"},
        omit=("OCHT", "TINT"),
        extra={"_TRAY": "{tray}", "_SHOP": "Shop 7", "_REF": "{order}/{tray}"},
        file_name="{account}-{job}.vca",
        line_end="lf",
    )
    sent = order(account="47/11", references={"tray": "T-12", "order": "1009"})
    written = order_file.write(sent, profile)
    text = written.content.decode()
    assert written.name == "47_11-L424775600.vca"
    assert "\r" not in text
    assert {"_STYLE=2950;2950", "_TRAY=T-12", "_SHOP=Shop 7", "_REF=1009/T-12"} <= set(text.split("\n"))
    assert "OCHT" not in text
    assert "TINT" not in text
    back = order_file.read(written.content, profile).order
    assert back.references == {"tray": "T-12"}
    assert back.eyes.right.lens.style == "2950"
    assert back.other == ()


def test_an_extra_label_without_its_value_is_not_written() -> None:
    written = order_file.write(order(), LabProfile(extra={"_TRAY": "{tray}"}))
    assert b"_TRAY" not in written.content


def test_letters_the_file_lacks_are_simplified_and_said() -> None:
    written = order_file.write(order(remark="für Müller – Łódź"))
    assert "REM=fur Muller - Lodz" in lines(written.content)
    assert len(written.notes) == 1
    assert "Müller" in written.notes[0]


def test_a_richer_encoding_keeps_the_letters() -> None:
    profile = LabProfile(encoding="latin-1")
    written = order_file.write(order(remark="für Müller"), profile)
    assert "REM=für Müller".encode("latin-1") in written.content
    assert order_file.read(written.content, profile).order.remark == "für Müller"


def test_letters_that_cannot_be_simplified_are_refused() -> None:
    with pytest.raises(ExchangeError, match="outside the characters"):
        order_file.write(order(remark="薄く"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"job": " "}, "job number"),
        ({"eyes": Sided(EyeOrder(EyePower.of("1"), lens=LensChoice(style="A;B")), None)}, "semicolon"),
        ({"eyes": Sided(EyeOrder(EyePower.of("1"), lens=LensChoice(material="wood")), None)}, "no code for “wood”"),
        (
            {"eyes": Sided(EyeOrder(EyePower(Decimal(1), Decimal(-1), Decimal("90.5"))), None)},
            "whole degrees",
        ),
    ],
)
def test_what_a_file_cannot_hold_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ExchangeError, match=words):
        order_file.write(order(**changes))


def test_records_that_the_order_does_not_know_are_carried_along() -> None:
    content = b"JOB=1\r\nDO=R\r\nSPH=1.00;\r\n_OCONTROLS=  1 ;  1\r\nTRCFMT=6;8;E;R;F\r\nR=49AB\r\n"
    reading = order_file.read(content)
    assert [str(record) for record in reading.order.other] == ["_OCONTROLS=  1 ;  1", "TRCFMT=6;8;E;R;F", "R=49AB"]
    assert "format 6" in reading.notes[0]
    assert order_file.write(reading.order).content == content


def test_zero_cylinder_zero_add_and_axis_zero_are_mapped_and_said() -> None:
    reading = order_file.read("JOB=1\nSPH=1;2\nCYL=0.00;-1.00\nAX=0;0\nADD=0.00;2.00")
    assert reading.order.eyes.right.power == EyePower(Decimal(1))
    assert reading.order.eyes.left.power == EyePower(Decimal(2), Decimal(-1), 180, Decimal(2))
    assert len(reading.notes) == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SPH=1", "names no job"),
        ("JOB=1\nDO=X", "B, R, L or N"),
        ("JOB=1\nSPH=1\nCYL=-1", "a cylinder needs an axis"),
        ("JOB=1\nSPH=1\nAX=90", "an axis needs a cylinder"),
        ("JOB=1\nSPH=1\nCYL=-1\nAX=181", "whole number from 0 to 180"),
        ("JOB=1\nSPH=1\nCYL=-1\nAX=9.5", "whole number from 0 to 180"),
        ("JOB=1\nCYL=-1\nAX=90", "needs a sphere"),
        ("JOB=1\nSPH=1\nPRVM=2", "needs its base"),
        ("JOB=1\nSPH=1\nPRVM=-2\nPRVA=90", "direction is said by the base"),
        ("JOB=1\nSPH=1\nSPH=2", "more than once"),
        ("JOB=1\nSPH=x", "not a number"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(text: str, words: str) -> None:
    with pytest.raises(ExchangeError, match=words):
        order_file.read(text)


def test_a_distance_between_both_eyes_where_one_is_meant_is_said() -> None:
    notes = order_file.read("JOB=1\nSPH=1\nIPD=63\nNPD=30").notes
    assert [note[:5] for note in notes] == ["IPD R", "IPD L"]


def test_a_repeated_record_that_says_the_same_is_accepted() -> None:
    assert order_file.read("JOB=1\nSPH=1.00\nSPH=1.00").order.eyes.right.power == EyePower(Decimal("1.00"))


def test_a_code_that_is_not_known_is_said_and_not_taken_over() -> None:
    reading = order_file.read("JOB=1\nSPH=1\nFTYP=9")
    assert reading.order.frame.kind is None
    assert "9" in reading.notes[0]


def test_what_a_laboratory_would_ask_back_for_is_listed() -> None:
    assert order_file.missing(order(), glazed=True) == ()
    bare = order(
        eyes=Sided(EyeOrder(EyePower.of("1"), lens=LensChoice(type_code="PR")), None),
        frame=order_file.LabOrder("", None).frame,
    )
    codes = [gap.code for gap in order_file.missing(bare, glazed=True)]
    assert codes == ["lens", "pd", "add", "height", "power", "lens", "pd", "frame_size", "dbl"]
    assert "height" not in [gap.code for gap in order_file.missing(bare, glazed=False)]


@given(orders())
def test_an_order_survives_writing_and_reading(sent: order_file.LabOrder) -> None:
    assert order_file.read(order_file.write(sent).content).order == sent


@given(orders())
def test_an_order_survives_a_profile_of_its_own(sent: order_file.LabOrder) -> None:
    profile = LabProfile(
        label_map={"IPD": "_FPD", "SPH": "_S", "BVD": "VERTEX"}, line_end="cr", prism_form=COMPONENTS,
        encoding="utf-8", trace_values_per_line=8, extra={"_SHOP": "7"},
    )  # fmt: skip
    assert order_file.read(order_file.write(sent, profile).content, profile).order == sent


@pytest.mark.parametrize("name", ["R360_1.oma", "R360_3.oma"])
def test_real_files_read_as_orders_and_lose_nothing(name: str) -> None:
    content = real_bytes(name)
    reading = order_file.read(content)
    again = order_file.write(reading.order).content
    assert order_file.read(again).order == reading.order
    original = {record.name for record in dcs.parse(content).records}
    assert original <= {record.name for record in dcs.parse(again).records}


def test_a_real_progressive_pair_is_understood() -> None:
    reading = order_file.read(real_bytes("R360_3.oma")).order
    assert reading.job == "L424775600"
    assert reading.eyes.left.power == EyePower.of("0.50", "-3.00", 15, "1.25")
    assert reading.eyes.left.fitting.oc_height_mm == 16
    assert reading.frame.kind == "metal"
    assert [trace.side for trace in reading.traces] == ["R", "L"]
