"""What is always true of records themselves. (Other apps keep theirs in `invariants.py`; here that is the registry.)"""

from django.apps import apps

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


# A row without any history, such as the sample's copied year, is not judged; history that was removed breaks its seal.
_TRACKED = """
        SELECT t.id, t.version FROM <table> t
        JOIN (SELECT id, max(version) AS last, count(DISTINCT version) AS n, min(version) AS first
                   FROM <history> GROUP BY id) h ON h.id = t.id
        WHERE h.last IS DISTINCT FROM t.version OR h.n <> h.last - h.first + 1
        """


def load() -> None:
    """Declare them; called at start-up."""
    declare(*STATEMENTS, *WORK)


def load_tracked() -> None:
    """One statement for every tracked record: what it says now is its last version, and no version is missing.

    Called when every app is ready, so that no record is forgotten.
    """
    for model in apps.get_models():
        manager = getattr(model, "history", None)
        versioned = any(field.name == "version" for field in model._meta.concrete_fields)
        if versioned and manager is not None and hasattr(manager, "model"):
            declare(_tracked(model._meta.db_table, manager.model._meta.db_table, str(model._meta.verbose_name)))


def _tracked(table: str, history: str, name: str) -> Invariant:
    query = _TRACKED.replace("<table>", f'"{table}"').replace("<history>", f'"{history}"')
    return Invariant(
        f"I5 {table}", f"The version of each {name} is the last of its history, and none is missing", query
    )
