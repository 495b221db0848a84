"""Which addresses are ours. Free-mail domains never make a stranger one of us."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inboxcrm.mail.addresses import domain_of, is_free_mail, match_key, plain_key


@dataclass(frozen=True, slots=True)
class OwnSet:
    """Match keys of our mailboxes and aliases, and our work domains."""

    keys: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()

    def holds(self, key: str) -> bool:
        """Also a plus-tagged form of an address of ours is ours."""
        if key in self.keys or domain_of(key) in self.domains:
            return True
        return "+" in key and plain_key(key) in self.keys

    def fingerprint(self) -> str:
        """Changes when the set does; stored so that a change of it recomputes what rested on it."""
        return " ".join(sorted(self.keys)) + " | " + " ".join(sorted(self.domains))


@dataclass(frozen=True, slots=True)
class CapturePolicy:
    """What the settings say of capture: domains that are ours, senders of contact forms (match keys or domains), and
    to how many people at once a mail of ours may go before its recipients are doubtful.
    """

    own_domains: tuple[str, ...] = ()
    form_senders: tuple[str, ...] = ()
    max_recipients: int = 10


def own_set(
    *, mailboxes: Iterable[str], aliases: Iterable[str] = (), domains: Iterable[str] = ()
) -> OwnSet:
    """Addresses as shown, domains as configured.

    The domain of a mailbox is ours unless it is free-mail; that of an alias is not, for a consultant may have an
    alias at a customer's domain.
    """
    main = {key for key in map(match_key, mailboxes) if key}
    others = {key for key in map(match_key, aliases) if key}
    named = {domain.strip().lower().lstrip("@") for domain in domains} | {
        domain_of(key) for key in main
    }
    ours = frozenset(domain for domain in named if domain and not is_free_mail(domain))
    return OwnSet(frozenset(main | others), ours)
