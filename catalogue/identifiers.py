"""Trade item numbers of frames and contact lenses: check digits, and the one stored form, GTIN-14.

Source: GS1 General Specifications, check digit calculation; shorter numbers are padded with zeros on the left.
"""

LENGTHS = (8, 12, 13, 14)
STORED_LENGTH = 14


class BadIdentifier(ValueError):
    """Not a trade item number: `not_digits`, `length` or `check_digit`."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text!r}")
        self.code = code


def check_digit(payload: str) -> int:
    """The digit that completes a number given without it: weights 3 and 1 from the right, up to the next ten.

    Raises BadIdentifier for anything but ASCII digits.
    """
    if not (payload.isascii() and payload.isdigit()):
        raise BadIdentifier("not_digits", payload)
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(payload)))
    return -total % 10


def completed(payload: str) -> str:
    """The number with its check digit appended."""
    return f"{payload}{check_digit(payload)}"


def gtin14(text: str) -> str:
    """A scanned or typed GTIN-8, UPC-A, EAN-13 or GTIN-14 as GTIN-14; blanks and hyphens are ignored.

    Raises BadIdentifier when it has other characters, another length or a wrong check digit.
    """
    digits = text.replace(" ", "").replace("-", "")
    if not (digits.isascii() and digits.isdigit()):
        raise BadIdentifier("not_digits", text)
    if len(digits) not in LENGTHS:
        raise BadIdentifier("length", text)
    if completed(digits[:-1]) != digits:
        raise BadIdentifier("check_digit", text)
    return digits.zfill(STORED_LENGTH)


def is_valid(text: str) -> bool:
    """Whether the text is a trade item number with the right check digit."""
    try:
        gtin14(text)
    except BadIdentifier:
        return False
    return True
