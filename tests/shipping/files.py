"""Where the reference histories lie, and our own ones for when they do not."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

_HERE = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("REFERENCE_DATA", _HERE.parent / "shared" / "data")) / "tracking"
if not FOLDER.exists():
    FOLDER = _HERE.parent.parent / "shared" / "data" / "tracking"


def reference(name: str) -> bytes:
    """The bytes of a reference file; the test says that it was skipped where there is none."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip("reference data is not here")
    return path.read_bytes()


def reference_json(name: str) -> Any:
    return json.loads(reference(name))


def easypost(
    number: str = "EZ1000000001", *steps: tuple[str, str, str, str], status: str = "", eta: str = ""
) -> dict[str, Any]:
    """A tracker of EasyPost with `(time, status, detail, message)` as its history."""
    details = [
        {
            "object": "TrackingDetail", "datetime": at, "status": word, "status_detail": detail, "message": message,
            "tracking_location": {"city": "DURBAN", "state": None, "country": "ZA"},
        }
        for at, word, detail, message in steps
    ]  # fmt: skip
    return {
        "object": "Tracker", "tracking_code": number, "carrier": "UPS", "status": status or (steps[-1][1] if steps else "unknown"),
        "est_delivery_date": eta or None, "tracking_details": details, "updated_at": steps[-1][0] if steps else None,
    }  # fmt: skip


HISTORY = (
    ("2026-11-16T08:00:00Z", "pre_transit", "label_created", "Shipment information received"),
    ("2026-11-16T16:30:00Z", "in_transit", "received_at_origin_facility", "Picked up"),
    ("2026-11-17T05:10:00Z", "in_transit", "arrived_at_facility", "Arrived at hub"),
    ("2026-11-18T06:00:00Z", "out_for_delivery", "out_for_delivery", "On vehicle for delivery"),
    ("2026-11-18T11:20:00Z", "delivered", "arrived_at_destination", "Delivered, front desk"),
)
