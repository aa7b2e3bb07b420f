"""The envelope around records on a serial link. Files have none; on import its checksum is ignored."""

from binascii import crc_hqx
from collections.abc import Iterable

from django.utils.translation import gettext as _

from .errors import ExchangeError

FIELD_START = "\x1c"
RECORDS_END = "\x1e"
MESSAGE_END = "\x1d"
CR_LF = "\r\n"


def crc16(content: bytes) -> int:
    """CRC-16/XMODEM: polynomial 1021, start 0; 31C3 for `123456789`."""
    return crc_hqx(content, 0)


def framed(records: Iterable[object]) -> bytes:
    """A message for a serial link: FS, records, RS, the checksum of what follows FS up to and with RS, GS."""
    body = "".join(f"{record}{CR_LF}" for record in records) + RECORDS_END
    try:
        content = body.encode("ascii")
    except UnicodeEncodeError as error:
        raise ExchangeError(_("Only plain ASCII characters can be sent over a serial link.")) from error
    return FIELD_START.encode() + content + f"CRC={crc16(content)}{CR_LF}{MESSAGE_END}".encode()


def unframed(text: str) -> tuple[str, bool]:
    """The records inside an envelope, and whether there was one. Raises ExchangeError when it is torn."""
    if not text.startswith(FIELD_START):
        return text, False
    body, closed, tail = text[1:].partition(RECORDS_END)
    if not closed:
        raise ExchangeError(_("The message was cut off before its end mark."))
    if tail.partition(MESSAGE_END)[2].strip():
        raise ExchangeError(_("There is more than one message in this file; send them one by one."))
    return body, True
