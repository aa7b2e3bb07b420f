"""The page of roles and permissions, from the table that the product itself asks."""

from branches.roles import DISCOUNT_LIMIT_PERCENT, MATRIX, SUMMARY, Can, Role
from core.reference import page, table


@page("reference/permissions.md")
def permissions() -> str:
    roles = [
        [str(Role(role).label), f"`{role}`", str(SUMMARY[role]), f"{DISCOUNT_LIMIT_PERCENT[role]} %"] for role in Role
    ]
    head = ["may", "permission", *(str(role.label) for role in Role)]
    rows = [[str(can.label), f"`{can.value}`", *("yes" if can in MATRIX[role] else "" for role in Role)] for can in Can]
    return (
        "# Roles and permissions\n\n"
        "Who holds which role in which branch is data with a history; what a role may do is this table.\n"
        "What lies outside your branches does not exist for you (404); what you see but may not do is refused (403).\n\n"
        f"{table(['role', 'name in code', 'what it is for', 'discount without approval'], roles)}\n{table(head, rows)}"
    )
