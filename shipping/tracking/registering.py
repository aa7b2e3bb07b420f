"""How each tracking service is asked to follow a number: the request as its pages document it, and what its answer means.

EasyPost: docs.easypost.com, "Tracking Guide". AfterShip: its tracking API, "Create tracking". Shippo: docs.goshippo.com,
"Tracking". A carrier is named where we know the service's word for it; else the service guesses, but for Shippo, which must know.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

_SECONDS = 10
_CARRIERS: Mapping[str, Mapping[str, str]] = {
    "easypost": {"ups": "UPS", "usps": "USPS", "fedex": "FedEx", "dhl": "DHLExpress", "canada_post": "CanadaPost"},
    "aftership": {"ups": "ups", "usps": "usps", "fedex": "fedex", "dhl": "dhl", "canada_post": "canada-post"},
    "shippo": {"ups": "ups", "usps": "usps", "fedex": "fedex", "dhl": "dhl_express", "canada_post": "canada_post"},
}
# AfterShip's word for a number that it follows already.
_AFTERSHIP_KNOWN = 4003


class Refused(Exception):
    """Asking again cannot help: the key, the number or the carrier is not taken."""


class Later(Exception):
    """The service does not answer, or asks for a pause."""


@dataclass(frozen=True)
class Ask:
    """One HTTP request. `auth` is for basic authentication."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    auth: tuple[str, str] | None = None
    json: Mapping[str, Any] | None = None
    data: Mapping[str, str] | None = None


def ask_of(adapter: str, key: str, carrier: str, number: str) -> Ask:
    """The documented request. Raises Refused for a service that takes none, or that must know the carrier."""
    build = _BUILDERS.get(adapter)
    if build is None:
        raise Refused("this service takes no numbers")
    return build(key, _CARRIERS[adapter].get(carrier, ""), number)


def takes_numbers(adapter: str) -> bool:
    return adapter in _BUILDERS


def _easypost(key: str, carrier: str, number: str) -> Ask:
    tracker = {"tracking_code": number, **({"carrier": carrier} if carrier else {})}
    return Ask("https://api.easypost.com/v2/trackers", auth=(key, ""), json={"tracker": tracker})


def _aftership(key: str, carrier: str, number: str) -> Ask:
    body = {"tracking_number": number, **({"slug": carrier} if carrier else {})}
    return Ask("https://api.aftership.com/tracking/2026-07/trackings", {"as-api-key": key}, json=body)


def _shippo(key: str, carrier: str, number: str) -> Ask:
    if not carrier:
        raise Refused("Shippo has to be told its own word for the carrier")
    body = {"carrier": carrier, "tracking_number": number}
    return Ask("https://api.goshippo.com/tracks/", {"Authorization": f"ShippoToken {key}"}, data=body)


_BUILDERS: Mapping[str, Callable[[str, str, str], Ask]] = {
    "easypost": _easypost,
    "aftership": _aftership,
    "shippo": _shippo,
}


def send(ask: Ask, url: str = "") -> str:
    """The service's own number of the tracker, empty when it gives none. Raises Refused or Later.

    `url` sends the same request elsewhere. No redirect is followed: the key goes to this host and nowhere else.
    """
    try:
        answer = requests.post(
            url or ask.url,
            headers=dict(ask.headers),
            auth=ask.auth,
            json=ask.json,
            data=ask.data,
            timeout=_SECONDS,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        raise Later(f"not reached ({type(error).__name__})") from error
    told = _told(answer)
    if answer.status_code < 300 or _code(told) == _AFTERSHIP_KNOWN:
        return _ref(told)
    if answer.status_code in (408, 429) or answer.status_code >= 500:
        raise Later(f"answered {answer.status_code}")
    raise Refused(f"answered {answer.status_code}")


def _told(answer: requests.Response) -> Mapping[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _code(told: Mapping[str, Any]) -> int:
    meta = told.get("meta")
    code = meta.get("code") if isinstance(meta, dict) else None
    return code if isinstance(code, int) else 0


def _ref(told: Mapping[str, Any]) -> str:
    data = told.get("data")
    inner = data if isinstance(data, dict) else {}
    return str(told.get("id") or inner.get("id") or told.get("object_id") or "")[:80]
