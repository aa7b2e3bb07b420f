"""The database that the tests and the practice run on."""

import pytest
from django.db import connection


@pytest.mark.django_db
@pytest.mark.parametrize("extension", ["pg_trgm", "unaccent", "btree_gist"])
def test_migrations_bring_the_extensions(extension: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = %s", [extension])
        assert cursor.fetchone() == (1,)
