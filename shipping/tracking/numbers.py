"""Tracking numbers: which carrier prints such a number, and whether its check digit fits. A warning, never a refusal.

Check digits after the carriers' published schemes (UPS 1Z, UPU S10, FedEx, GS1 for USPS and SSCC, ISO 7064 for DPD);
many valid formats have none, so silence of these rules means nothing bad.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

_ALPHABET_36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ALLOWED = re.compile(r"[A-Z0-9]{4,40}")


class BadNumber(ValueError):
    """Signs that no carrier prints, or too few or too many."""


@dataclass(frozen=True)
class Format:
    """One shape of number. The check digit stands at `stop` and is computed from what lies between `start` and it."""

    carrier: str
    name: str
    shape: re.Pattern[str]
    start: int = 0
    stop: int = 0
    compute: Callable[[str], str] | None = None


@dataclass(frozen=True)
class NumberCheck:
    """`number` without blanks; `carrier` guessed from it, empty when nothing is known; `warning` is a code or empty.

    Warnings: `check_digit` (mistyped?), `shape` (not what this carrier prints), `other_carrier`.
    """

    number: str
    carrier: str = ""
    format: str = ""
    warning: str = ""

    @property
    def is_verified(self) -> bool:
        return bool(self.format) and not self.warning


def normalise(text: str) -> str:
    """Upper case without blanks and hyphens. Raises BadNumber outside `[A-Z0-9 -]` and 4 to 40 signs."""
    number = re.sub(r"[\s-]+", "", text).upper()
    if not _ALLOWED.fullmatch(number):
        raise BadNumber("A tracking number has 4 to 40 letters and digits.")
    return number


def check(text: str, carrier: str = "") -> NumberCheck:
    """What may be said about a number; `carrier` is the code of the chosen one. Raises BadNumber."""
    number = normalise(text)
    shaped = [one for one in FORMATS if one.shape.fullmatch(number)]
    fitting = [one for one in shaped if _fits(one, number)]
    own = [one for one in fitting if one.carrier == carrier]
    if own or not carrier:
        return _free(number, own or fitting, shaped)
    if carrier not in CARRIERS_WITH_FORMATS:
        return NumberCheck(number, carrier)
    if any(one.carrier == carrier for one in shaped):
        return NumberCheck(number, carrier, warning="check_digit")
    if fitting:
        return NumberCheck(number, fitting[0].carrier, fitting[0].name, "other_carrier")
    return NumberCheck(number, carrier, warning="shape")


def _free(number: str, fitting: list[Format], shaped: list[Format]) -> NumberCheck:
    if fitting:
        return NumberCheck(number, fitting[0].carrier, fitting[0].name)
    if shaped:
        return NumberCheck(number, shaped[0].carrier, warning="check_digit")
    return NumberCheck(number)


def _fits(one: Format, number: str) -> bool:
    return one.compute is None or one.compute(number[one.start : one.stop]) == number[one.stop]


def _value(sign: str) -> int:
    """A digit, or a letter as UPS counts it."""
    return int(sign) if sign.isdigit() else (ord(sign) - 63) % 10


def mod10(even: int, odd: int, *, from_right: bool = False) -> Callable[[str], str]:
    """Weighted sum to the next ten; `even` weighs places 0, 2, 4 … counted from one end."""

    def compute(body: str) -> str:
        signs = body[::-1] if from_right else body
        total = sum(_value(sign) * (odd if place % 2 else even) for place, sign in enumerate(signs))
        return str(-total % 10)

    return compute


def mod11(*weights: int) -> Callable[[str], str]:
    """FedEx: weighted sum modulo 11, ten counts as nought."""

    def compute(body: str) -> str:
        total = sum(int(sign) * weights[place % len(weights)] for place, sign in enumerate(body))
        return str(total % 11 % 10)

    return compute


def s10(body: str) -> str:
    """UPU S10: weights 8 6 4 2 3 5 9 7; 11 minus the rest, where 10 counts as 0 and 11 as 5."""
    total = sum(int(sign) * weight for sign, weight in zip(body, (8, 6, 4, 2, 3, 5, 9, 7), strict=True))
    digit = 11 - total % 11
    return str({10: 0, 11: 5}.get(digit, digit))


def mod7(body: str) -> str:
    """DHL Express: the number itself modulo 7."""
    return str(int(body) % 7)


def mod37_36(body: str) -> str:
    """DPD: ISO 7064, modulo 37,36 over digits and letters."""
    rest = 36
    for sign in body:
        rest = (rest + _ALPHABET_36.index(sign)) % 36 or 36
        rest = rest * 2 % 37
    return _ALPHABET_36[(37 - rest) % 36]


def _legacy_usps(body: str) -> str:
    """Numbers printed without their application identifier are checked with it."""
    return mod10(3, 1)(body if len(body) == 21 else f"91{body}")


_NO_ROUTING = r"(?:420\d{5}(?:\d{4})?)?"
_S10_COUNTRIES = (
    "AD AE AF AG AI AL AM AO AR AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BQ BR BS BT BW BY BZ CA CD CF CG CH CI CK CL "
    "CM CN CO CR CU CV CW CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FK FM FO FR GA GB GD GE GG GH GI GL GM GN GP GQ GR "
    "GT GU GW GY HK HN HR HT HU ID IE IL IM IN IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS "
    "LT LU LV LY MA MC MD ME MG MH MK ML MM MN MO MQ MR MS MT MU MV MW MX MY MZ NA NC NE NG NI NL NO NP NR NU NZ OM PA PE PF "
    "PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TG "
    "TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW"
).replace(" ", "|")

FORMATS: tuple[Format, ...] = (
    Format("ups", "UPS", re.compile(r"1Z[A-Z0-9]{15}\d"), 2, -1, mod10(1, 2)),
    Format("ups", "UPS Waybill", re.compile(r"[AHJKTV]\d{10}"), 1, -1, mod10(1, 2)),
    Format("post", "S10", re.compile(rf"[A-Z]{{2}}\d{{9}}(?:{_S10_COUNTRIES})"), 2, 10, s10),
    Format("fedex", "FedEx 12", re.compile(r"\d{12}"), 0, 11, mod11(3, 1, 7)),
    Format("usps", "USPS IMpb", re.compile(rf"{_NO_ROUTING}94\d{{20}}"), -22, -1, mod10(3, 1, from_right=True)),
    Format("usps", "USPS IMpb 26", re.compile(rf"{_NO_ROUTING}94\d{{24}}"), -26, -1, mod10(3, 1, from_right=True)),
    Format("usps", "USPS IMpb C", re.compile(rf"{_NO_ROUTING}9[235]\d{{20}}"), -22, -1, mod10(3, 1)),
    Format("usps", "USPS IMpb C 26", re.compile(rf"{_NO_ROUTING}9[235]\d{{24}}"), -26, -1, mod10(3, 1)),
    Format("usps", "USPS Legacy", re.compile(rf"{_NO_ROUTING}91\d{{20}}"), -22, -1, mod10(3, 1)),
    Format("fedex", "FedEx Ground GSN", re.compile(r"96\d{32}"), 20, 33, mod11(1, 7, 3)),
    Format("fedex", "FedEx 34", re.compile(r"[0-8]\d{33}"), 20, 33, mod11(1, 7, 3)),
    Format("fedex", "FedEx ASTRA", re.compile(r"3\d{31}"), 16, 27, mod11(3, 1, 7)),
    Format("fedex", "FedEx Ground 96", re.compile(r"96\d{20}"), 7, 21, mod10(1, 3)),
    Format("fedex", "FedEx Ground", re.compile(r"\d{15}"), 0, 14, mod10(1, 3)),
    Format("fedex", "SSCC-18", re.compile(r"\d{18}"), 2, 17, mod10(3, 1)),
    Format("usps", "USPS 20", re.compile(r"\d{20}"), 0, 19, mod10(3, 1)),
    Format("usps", "USPS Legacy 20", re.compile(rf"{_NO_ROUTING}\d{{20}}"), -20, -1, _legacy_usps),
    Format("dhl", "DHL Express", re.compile(r"\d{10}"), 0, 9, mod7),
    Format("dhl", "DHL Express 11", re.compile(r"\d{11}"), 0, 10, mod7),
    Format("dhl", "DHL piece", re.compile(r"(?:JJD|JVGL|GM|LX)[A-Z0-9]{8,24}")),
    Format("dpd", "DPD", re.compile(r"\d{14}[0-9A-Z]"), 0, 14, mod37_36),
    Format("dpd", "DPD without check digit", re.compile(r"\d{14}")),
    Format("canada_post", "Canada Post", re.compile(r"\d{16}"), 0, 15, mod10(3, 1)),
    Format("postnl", "PostNL", re.compile(r"3S[A-Z0-9]{8,16}")),
    Format("yodel", "Yodel", re.compile(r"JD\d{16}")),
)
CARRIERS_WITH_FORMATS = frozenset(one.carrier for one in FORMATS)
