"""The broker seen directly: for a probe and for the length of its queues."""

import redis
from django.conf import settings

_SECONDS = 1.5


def connect() -> redis.Redis:
    """A client that gives up soon: a broker that hangs must not hang us. Close it after use."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS)


def waiting_messages() -> int:
    """How many messages lie in the queues of jobs."""
    with connect() as client:
        return sum(client.llen(name) for name in settings.JOB_QUEUES)
