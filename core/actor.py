"""Who acts: an argument of every write, never looked up inside."""

from dataclasses import dataclass, field
from enum import StrEnum


class Source(StrEnum):
    """Where an action entered the product."""

    COUNTER = "counter"
    LINK = "link"
    API = "api"
    IMPORT = "import"
    WEBHOOK = "webhook"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """A person or the system at the moment of an action.

    `roles` holds (branch id, role) pairs; a branch id of None means every branch of the organisation.
    `role` is the role this action is recorded under, `branch_id` the branch it happens in.
    """

    name: str
    role: str
    source: Source
    user_id: int | None = None
    branch_id: int | None = None
    roles: frozenset[tuple[int | None, str]] = field(default_factory=frozenset)

    @property
    def is_system(self) -> bool:
        return self.source in {Source.SYSTEM, Source.WEBHOOK} and self.user_id is None

    def roles_in(self, branch_id: int | None) -> frozenset[str]:
        """The roles held in one branch, organisation-wide roles included."""
        return frozenset(role for branch, role in self.roles if branch is None or branch == branch_id)


def system(name: str = "System", branch_id: int | None = None, source: Source = Source.SYSTEM) -> Actor:
    """The actor of scheduled work and verified webhooks; it may do everything."""
    return Actor(name=name, role="system", source=source, branch_id=branch_id)


def customer(name: str, branch_id: int | None = None) -> Actor:
    """A customer acting through a signed link; holds no role."""
    return Actor(name=name, role="customer", source=Source.LINK, branch_id=branch_id)
