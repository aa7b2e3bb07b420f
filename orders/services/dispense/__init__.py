"""Choosing and measuring: start an order, its prescription, frame, lenses and measurements. Each verb is one transaction."""

from orders.services.dispense.checks import fit_report, missing
from orders.services.dispense.common import NO_REASON, Why
from orders.services.dispense.frame import FrameData, OwnFrame, add_to_tray, choose_frame, take_off_tray
from orders.services.dispense.lenses import LensData, choose_lenses
from orders.services.dispense.measurements import MeasurementData, measure
from orders.services.dispense.starting import choose_prescription, second_pair, start

__all__ = [
    "NO_REASON",
    "FrameData",
    "LensData",
    "MeasurementData",
    "OwnFrame",
    "Why",
    "add_to_tray",
    "choose_frame",
    "choose_lenses",
    "choose_prescription",
    "fit_report",
    "measure",
    "missing",
    "second_pair",
    "start",
    "take_off_tray",
]
