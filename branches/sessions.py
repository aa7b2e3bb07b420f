"""Sessions in the database (`SESSION_ENGINE`), found by a query that is put together once: every request asks it."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from core.prepared import Slot, prepared


@prepared
def _live() -> QuerySet[Session]:
    return Session.objects.filter(session_key=Slot("key"), expire_date__gt=Slot("now"))


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        found = _live().row(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found
