"""E-mail through Django's backend: SMTP, or any provider of django-anymail by its setting."""

import errno
import smtplib
import socket
from datetime import timedelta
from email.mime.image import MIMEImage
from email.utils import formataddr, parseaddr
from typing import Any

from anymail.exceptions import AnymailAPIError, AnymailConfigurationError, AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import BadHeaderError

from notifications import pictures
from notifications.channels.base import (
    Adapter,
    Misconfigured,
    Outgoing,
    Permanent,
    RateLimited,
    Transient,
    Unreachable,
    refuse_line_breaks,
)
from notifications.rendering.mail import PICTURE_ID
from notifications.services.outbox import Sent

_NO_ROUTE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EHOSTDOWN, errno.ENETDOWN}
LOCAL_HOSTS = {"127.0.0.1", "localhost", "::1"}


def send(out: Outgoing) -> Sent:
    """Hand one e-mail to the server. Raises Permanent, Transient, RateLimited, Misconfigured."""
    refuse_line_breaks(out.recipient, out.subject, out.shop, out.answers_to)
    message = build(out)
    try:
        message.send()
    except BadHeaderError as error:
        raise Permanent("a line break in a header") from error
    except (smtplib.SMTPException, OSError) as error:
        raise _of_smtp(error) from error
    except AnymailError as error:
        raise _of_anymail(error) from error
    return Sent(adapter().code, _provider_id(message) or message.extra_headers["Message-ID"], _note())


class _Mail(EmailMultiAlternatives):
    """Text, HTML and the picture that the HTML shows belong together."""

    mixed_subtype = "related"


def build(out: Outgoing) -> EmailMultiAlternatives:
    """Plain text first, HTML beside it, the frame's picture inside. The Message-ID is the same at every try."""
    message = _Mail(out.subject, out.body, _sender(out.shop), [out.recipient])
    if out.answers_to:
        message.reply_to = [out.answers_to]
    message.extra_headers["Message-ID"] = f"<{out.key}@{_our_host()}>"
    message.extra_headers["Auto-Submitted"] = "auto-generated"
    if out.reference:
        message.extra_headers["X-Order"] = out.reference
    if out.unsubscribe:
        message.extra_headers["List-Unsubscribe"] = f"<{out.unsubscribe}>"
        message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if out.html:
        message.attach_alternative(out.html, "text/html")
    picture = _picture(out.picture)
    if picture is not None:
        message.attach(picture)
    if out.attachments:
        message.mixed_subtype = "mixed"
    for file in out.attachments:
        message.attach(file.name, file.content, file.kind)
    return message


def _sender(shop: str) -> str:
    """The shop's name before our address, unless the setting names somebody itself."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or shop, address))


def _picture(name: str) -> MIMEImage | None:
    found = pictures.read(name)
    if found is None:
        return None
    content, kind = found
    image = MIMEImage(content, kind)
    image.add_header("Content-ID", f"<{PICTURE_ID}>")
    image.add_header("Content-Disposition", "inline", filename=f"frame.{kind}")
    return image


def _our_host() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"


def _provider_id(message: EmailMultiAlternatives) -> str:
    status: Any = getattr(message, "anymail_status", None)
    return str(getattr(status, "message_id", "") or "")


def adapter() -> Adapter:
    """Which way e-mail goes now: `smtp`, `mail sink` on this machine, or the provider's name."""
    module = settings.EMAIL_BACKEND.rsplit(".", 2)[-2]
    if module == "smtp":
        return Adapter("mail sink" if is_local() else "smtp", send, is_local())
    return Adapter(module, send, module in {"console", "filebased", "locmem", "dummy"})


def is_local() -> bool:
    """Whether the mail server is on this machine without a log-in: the sink, which keeps what it gets."""
    return settings.EMAIL_HOST in LOCAL_HOSTS and not settings.EMAIL_HOST_USER


def _note() -> str:
    return "kept on this machine, no mail provider is set up" if adapter().local else ""


def _of_smtp(error: Exception) -> Exception:
    """4xx means later, 5xx means no; a refused log-in or sender is ours to mend."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Misconfigured("the mail server refuses our log-in")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
        text = f"recipient refused ({', '.join(map(str, codes))})"
        return Permanent(text) if codes and min(codes) >= 500 else Transient(text)
    if isinstance(error, smtplib.SMTPSenderRefused) and error.smtp_code >= 500:
        return Misconfigured(f"the mail server refuses our sender address ({error.smtp_code})")
    if isinstance(error, smtplib.SMTPConnectError):
        return Unreachable(f"mail server answered {error.smtp_code}")
    if isinstance(error, smtplib.SMTPResponseException):
        text = f"mail server answered {error.smtp_code}"
        return Permanent(text) if error.smtp_code >= 500 else Transient(text)
    if isinstance(error, socket.gaierror):
        return Misconfigured("the mail server's name is not known")
    if isinstance(error, (ConnectionRefusedError, TimeoutError)) or getattr(error, "errno", 0) in _NO_ROUTE:
        return Unreachable(f"mail server not reached ({type(error).__name__})")
    return Transient(f"mail server broke off ({type(error).__name__})")


def _of_anymail(error: AnymailError) -> Exception:
    if isinstance(error, AnymailRecipientsRefused):
        return Permanent("recipient refused by the provider")
    if isinstance(error, AnymailConfigurationError):
        return Misconfigured("the mail provider is not set up")
    code = getattr(error, "status_code", None) or 0
    if code in {401, 403}:
        return Misconfigured(f"the mail provider refuses our key ({code})")
    if code == 429:
        return RateLimited("the mail provider asks for a pause", timedelta(minutes=1))
    if isinstance(error, AnymailAPIError) and 400 <= code < 500:
        return Permanent(f"refused by the provider ({code})")
    return Transient(f"mail provider not reached ({code or type(error).__name__})")
