"""The bell: what waits for this person or finished for them. Apps register their sources.

A source gives its notices newest first and a cheap count of those still waiting; both see only the person's own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from branches.middleware import StaffRequest
from core.models import Job, JobState
from core.shortlived import forget
from core.states import Words

SEEN = "notices_seen_at"
KEPT_DAYS = 7
MOST = 50


@dataclass(frozen=True)
class Notice:
    """One line. `is_waiting`: it stays counted until it is dealt with; others are news until the page was opened."""

    text: Words
    at: datetime
    url: str = ""
    meta: Words = ""
    icon: str = "info"
    tone: str = "neutral"
    is_waiting: bool = False


@dataclass(frozen=True)
class Source:
    """`listed` for the page, `waiting` for the number beside the bell (`since`: when the page was last opened)."""

    key: str
    listed: Callable[[StaffRequest], Sequence[Notice]]
    waiting: Callable[[StaffRequest, datetime], int]


_sources: dict[str, Source] = {}
_job_words: dict[str, Words] = {}


def register(source: Source) -> None:
    """Add a source; the same key replaces it."""
    _sources[source.key] = source


def register_job(kind: str, words: Words) -> None:
    """Say in words what a kind of background job does, so that its end is announced to who asked for it."""
    _job_words[kind] = words


def count(request: StaffRequest) -> int:
    since = _seen(request)
    return sum(source.waiting(request, since) for source in _sources.values())


def listed(request: StaffRequest) -> list[Notice]:
    found = [notice for source in _sources.values() for notice in source.listed(request)]
    return sorted(found, key=lambda notice: (not notice.is_waiting, -notice.at.timestamp()))[:MOST]


def mark_seen(request: StaffRequest, at: datetime) -> None:
    request.session[SEEN] = at.isoformat()
    forget(("notices", request.user.pk))


def _seen(request: StaffRequest) -> datetime:
    seen = request.session.get(SEEN)
    return datetime.fromisoformat(seen) if seen else timezone.now() - timedelta(days=KEPT_DAYS)


# ----------------------------------------------------- background jobs that a person asked for


def _jobs(request: StaffRequest) -> list[Notice]:
    since = timezone.now() - timedelta(days=KEPT_DAYS)
    rows = Job.objects.filter(requested_by_id=request.user.pk, kind__in=list(_job_words), created_at__gte=since)
    return [_job_notice(job) for job in rows.order_by("-created_at")[:MOST]]


def _job_notice(job: Job) -> Notice:
    result = job.result if isinstance(job.result, dict) else {}
    words, url = _job_words[job.kind], str(result.get("url", ""))
    if job.state == JobState.DONE:
        return Notice(
            _("%(what)s: finished") % {"what": words},
            job.finished_at or job.created_at,
            url,
            icon="pass",
            tone="success",
        )
    if job.state == JobState.DEAD:
        return Notice(
            _("%(what)s: failed") % {"what": words},
            job.finished_at or job.created_at,
            url,
            job.last_error,
            "fail",
            "danger",
        )
    if job.state == JobState.CANCELLED:
        return Notice(_("%(what)s: cancelled") % {"what": words}, job.finished_at or job.created_at, url, icon="cross")
    done = _("%(done)d of %(total)d") % {"done": job.progress, "total": job.total} if job.total else ""
    return Notice(_("%(what)s: running") % {"what": words}, job.created_at, url, done, "hourglass", "info")


def _ended_jobs(request: StaffRequest, since: datetime) -> int:
    ended = Job.objects.filter(
        requested_by_id=request.user.pk,
        kind__in=list(_job_words),
        state__in=[JobState.DONE, JobState.DEAD],
        finished_at__gt=since,
    )
    return ended.count() if _job_words else 0


def register_jobs() -> None:
    register(Source("jobs", _jobs, _ended_jobs))
