"""Signs of life of the worker and of the clock. Without models, so that the clock need not load the product."""

from django.db import connection


def beat_heart(name: str) -> None:
    """Write a sign of life for `worker` or `beat`, with the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_heartbeat (name, beaten_at) VALUES (%s, clock_timestamp()) "
            "ON CONFLICT (name) DO UPDATE SET beaten_at = excluded.beaten_at",
            [name],
        )
