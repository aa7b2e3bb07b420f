"""Gap-free numbers, drawn inside the transaction that uses them: a rollback gives the number back."""

from django.db import connection

_NEXT = """
INSERT INTO branches_numberseries (branch_id, kind, year, last) VALUES (%s, %s, %s, 1)
ON CONFLICT (branch_id, kind, year) DO UPDATE SET last = branches_numberseries.last + 1
RETURNING last
"""


def draw(kind: str, *, branch_id: int | None = None, year: int = 0) -> int:
    """The next number of a series. Holds the series' row lock until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [branch_id, kind, year])
        row = cursor.fetchone()
    return int(row[0])
