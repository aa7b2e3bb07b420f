"""What is always true of records themselves. (Other apps keep theirs in `invariants.py`; here that is the registry.)"""

from django.apps import apps
from django.db import models

from records.invariants import Invariant, declare

STATEMENTS = (
    Invariant(
        "I5a",
        "An approval that is out of date has a review or has been replaced",
        """
        SELECT a.id FROM records_approval a
        WHERE a.out_of_date_at IS NOT NULL AND a.replaced_by_id IS NULL
          AND NOT EXISTS (SELECT 1 FROM records_review r WHERE r.approval_id = a.id
                          OR (r.order_id = a.order_id AND r.order_id IS NOT NULL))
        """,
    ),
    Invariant(
        "I6",
        "A review that was let stand has a reason and a person",
        """
        SELECT id FROM records_review
        WHERE state = 'overridden' AND (resolution_reason = '' OR resolved_by_id IS NULL)
        """,
    ),
    Invariant(
        "I17",
        "Every file of evidence has its hash and size",
        "SELECT id FROM records_evidence WHERE file <> '' AND (length(sha256) <> 64 OR size_bytes = 0)",
    ),
)


WORK = (
    Invariant(
        "I12",
        "No background work is overdue by more than ten minutes",
        """
        SELECT id, kind FROM core_job
        WHERE state = 'waiting' AND not_before < now() - interval '10 minutes'
          AND (lease_until IS NULL OR lease_until < now())
        """,
    ),
)


# Version and every value against the newest row of the history; a record without any history is found as well.
_TRACKED = """
        SELECT t.<key>, t.version FROM <table> t
        LEFT JOIN (SELECT <key>, max(version) AS last, count(DISTINCT version) AS n, min(version) AS first
                   FROM <history> GROUP BY <key>) h ON h.<key> = t.<key>
        LEFT JOIN (SELECT DISTINCT ON (<key>) * FROM <history> ORDER BY <key>, history_id DESC) l ON l.<key> = t.<key>
        WHERE h.last IS DISTINCT FROM t.version OR h.n <> h.last - h.first + 1
           OR (<values>) IS DISTINCT FROM (<kept>)
        """


def load() -> None:
    """Declare them; called at start-up."""
    declare(*STATEMENTS, *WORK)


def load_tracked() -> None:
    """One statement for every tracked record: its values are those of its last version, and no version is missing.

    Called when every app is ready, so that no record is forgotten.
    """
    for model in apps.get_models():
        manager = getattr(model, "history", None)
        versioned = any(field.name == "version" for field in model._meta.concrete_fields)
        if versioned and manager is not None and hasattr(manager, "model"):
            declare(_tracked(model, manager.model))


def _tracked(model: type[models.Model], history: type[models.Model]) -> Invariant:
    """`I5 <table>`: compared are the columns that the history keeps too."""
    kept = {field.column for field in history._meta.concrete_fields}
    columns = [field.column for field in model._meta.concrete_fields if field.column in kept]
    words = {
        "<table>": f'"{model._meta.db_table}"',
        "<history>": f'"{history._meta.db_table}"',
        "<key>": f'"{model._meta.pk.column}"',
        "<values>": ", ".join(f't."{column}"' for column in columns),
        "<kept>": ", ".join(f'l."{column}"' for column in columns),
    }
    query = _TRACKED
    for word, text in words.items():
        query = query.replace(word, text)
    name = str(model._meta.verbose_name)
    statement = f"Each {name} is what the newest row of its history says, and no version is missing"
    return Invariant(f"I5 {model._meta.db_table}", statement, query)
