"""The tags of the design system by room; `core/templatetags/ui.py` joins them."""
