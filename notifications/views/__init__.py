from notifications.views import log, texts

__all__ = ["log", "texts"]
