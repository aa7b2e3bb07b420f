"""What the app adds to the shell: settings and the pages listed there."""

from django.utils.translation import gettext_lazy as _

from branches import help as help_topics
from branches import notices, palette
from branches.roles import Can
from core.navigation import Item, register


def register_items() -> None:
    register(Item("settings", _("Settings"), "gear", "branches:settings", 90, group="last"))
    for item in (
        Item("first_steps", _("First steps"), "todo", "branches:first_steps", 5, "settings", Can.MANAGE_SETTINGS, hint=_("What a new branch needs before its first customer")),
        Item("practice", _("Practice"), "brand", "branches:practice", 10, "settings", Can.MANAGE_SETTINGS, hint=_("Name, legal name and tax number, as printed on paper and in messages")),
        Item("branches", _("Branches"), "flag", "branches:branches", 20, "settings", Can.MANAGE_SETTINGS, hint=_("Address, opening hours, tax, deposit and how long quotations hold")),
        Item("rooms", _("Rooms"), "eye", "branches:rooms", 25, "settings", Can.MANAGE_SETTINGS, hint=_("Where tests and fittings take place, one appointment at a time")),
        Item("staff", _("Staff"), "people", "branches:staff", 30, "settings", Can.MANAGE_STAFF, hint=_("Who works here, in which role, and who gave it")),
        Item("roles", _("Roles"), "lock", "branches:roles", 40, "settings", Can.MANAGE_STAFF, hint=_("What each role may do, in sentences")),
        Item("computers", _("Shared computers"), "gear", "branches:computers", 50, "settings", Can.MANAGE_STAFF, hint=_("Where a six-digit PIN unlocks")),
    ):  # fmt: skip
        register(item)
    palette.register(palette.Searcher("commands", _("Commands"), 90, palette.commands, prefix=">"))
    palette.register(palette.Searcher("help", _("Help"), 95, help_topics.search))
    notices.register_jobs()
