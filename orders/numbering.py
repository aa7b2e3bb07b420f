"""Numbers people read: the order's number per branch, the public code, and the gap-free numbers of money documents."""

import secrets

from branches import numbers
from branches.models import Branch
from orders.models.money import EntryKind
from orders.models.order import Order

# Crockford's base 32: no I, L, O, U, so that nothing is misread on the phone. The check sign is the value modulo 37.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECK_SIGNS = f"{ALPHABET}*~$=U"
_LENGTH = 6
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})
_LETTER = {EntryKind.CHARGE: "I", EntryKind.PAYMENT: "R", EntryKind.REFUND: "C", EntryKind.ADJUSTMENT: "A"}


def order_number(branch: Branch) -> str:
    """`RSB-10482`, drawn in the caller's transaction."""
    return f"{branch.code}-{numbers.draw('order', branch_id=branch.pk):05d}"


def quotation_number(order: Order) -> str:
    return f"Q-{order.number}"


def ledger_number(branch: Branch, kind: str, year: int) -> str:
    """`RSB-R26-000123`: I invoice, R receipt, C credit note, A adjustment; gap-free per branch, kind and year."""
    letter = _LETTER[EntryKind(kind)]
    return (
        f"{branch.code}-{letter}{year % 100:02d}-{numbers.draw(f'ledger-{kind}', branch_id=branch.pk, year=year):06d}"
    )


def check_sign(body: str) -> str:
    value = 0
    for sign in body:
        value = value * 32 + ALPHABET.index(sign)
    return _CHECK_SIGNS[value % 37]


def public_code() -> str:
    """A fresh code such as `K7-4QF9-M` that no order has. Only check signs that are easy to say are used."""
    while True:
        body = "".join(secrets.choice(ALPHABET) for _place in range(_LENGTH))
        sign = check_sign(body)
        code = f"{body[:2]}-{body[2:]}-{sign}"
        if sign in ALPHABET and not Order.objects.filter(public_code=code).exists():
            return code


def read_public_code(typed: str) -> str | None:
    """What a customer typed or said, as the code; None when the check sign does not fit."""
    plain = typed.upper().translate(_MISREAD)
    if len(plain) != _LENGTH + 1 or any(sign not in ALPHABET for sign in plain):
        return None
    body, sign = plain[:_LENGTH], plain[_LENGTH]
    return f"{body[:2]}-{body[2:]}-{sign}" if check_sign(body) == sign else None
