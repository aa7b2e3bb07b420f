"""Ophthalmic optics for everyone who prescribes, dispenses, makes or checks a lens.

Pure functions and frozen values: no Django, no clock, no settings. Numbers go in and come out as ``Decimal``;
trigonometry and the thickness integral use binary floats inside and are rounded before they leave.
Units: dioptres, prism dioptres, millimetres, degrees, grams; `docs/reference/optics.md` lists each function.
"""
