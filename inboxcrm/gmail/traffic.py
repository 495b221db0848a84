"""The way to one mailbox at Gmail: the client, what a minute allows, and the calls that keep to it."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Protocol

from google.auth.credentials import Credentials

from inboxcrm.gmail.calls import Calls
from inboxcrm.gmail.client import GmailClient
from inboxcrm.gmail.purse import BucketBook, Purse
from inboxcrm.gmail.quota import load_prices
from inboxcrm.ports import Spending

PATIENCE_SECONDS = 30.0


class GmailSettings(Protocol):
    """What of the settings concerns a mailbox's traffic."""

    @property
    def api_endpoint(self) -> str: ...
    @property
    def price_table(self) -> str: ...
    @property
    def units_per_minute(self) -> int | None: ...


class Traffic:
    """`monotonic` gives the seconds the bucket is kept in: a clock that goes on over restarts. `chance` gives random
    numbers from 0 to 1, for the jitter. `mailbox` names it in remedies; empty where it was connected in the browser.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        gmail: GmailSettings,
        bucket: BucketBook,
        sleep: Callable[[float], object],
        monotonic: Callable[[], float],
        mailbox: str = "NAME",
        chance: Callable[[], float] = random.random,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self.mailbox = mailbox
        self.chance = chance
        self.prices = load_prices(gmail.price_table, units_per_minute=gmail.units_per_minute)
        self.client = GmailClient(credentials, api_endpoint=gmail.api_endpoint, mailbox=mailbox)
        self.purse = Purse(
            self.prices.units_per_minute,
            bucket,
            sleep=sleep,
            clock=monotonic,
            patience_seconds=patience_seconds,
        )
        self.calls = Calls(self.client, self.purse, self.prices, chance)

    def spending(self) -> Spending:
        return Spending(self.purse.units, self.client.requests)

    def close(self) -> None:
        self.purse.save()
        self.client.close()
