"""Customers from an earlier system: its columns, its rows as we understand them, and who they may be already."""
