"""What is ours in mail: by which a form or a list of ours is known from a stranger's."""

from collections.abc import Collection
from dataclasses import dataclass, field

from answerable.channels.email.mailboxes import Address, spellings


@dataclass(frozen=True, slots=True)
class House:
    """The addresses of all our inboxes, in lower case, those given up included."""

    inboxes: Collection[str]
    domains: Collection[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "domains", {each.rpartition("@")[2] for each in self.inboxes})

    def owns(self, address: str) -> bool:
        """Whether it is an inbox's, as it is or with a +token."""
        return any(each in self.inboxes for each in spellings(address))

    def is_home(self, domain: str) -> bool:
        """Whether an inbox has an address in this domain."""
        return domain in self.domains

    def sends(self, sender: Address) -> bool:
        """Whether it is an address of our own domain."""
        return self.is_home(sender.domain)
