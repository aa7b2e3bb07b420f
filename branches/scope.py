"""Which branches a reader sees. An explicit argument of every selector; it defaults to nothing."""

from dataclasses import dataclass, field

from core.actor import Actor


@dataclass(frozen=True)
class Scope:
    """`everything` is for head office and scheduled work; otherwise only `branch_ids`."""

    branch_ids: frozenset[int] = field(default_factory=frozenset)
    everything: bool = False

    def covers(self, *branch_ids: int | None) -> bool:
        """Whether any of the given branches is visible (sold at, made at, collected at: all three see an order)."""
        return self.everything or any(branch in self.branch_ids for branch in branch_ids)

    @classmethod
    def of(cls, actor: Actor) -> "Scope":
        if actor.is_system or any(branch is None for branch, _role in actor.roles):
            return cls(everything=True)
        return cls(branch_ids=frozenset(branch for branch, _role in actor.roles if branch is not None))
