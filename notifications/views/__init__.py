from notifications.views import log

__all__ = ["log"]
