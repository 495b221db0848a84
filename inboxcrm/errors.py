"""What can go wrong, by whose fault it is and what a person does next.

    InboxcrmError            message: what happened and what it means; remedy: what to do next
    |- UserError             the person can mend it                                  exit code 2
    |  |- SettingsError      config file or environment; carries every problem at once
    |  |- UsageError         a command or form was used wrongly
    |  `- FieldsError        a form's fields; says of each what is wrong with it
    |- RefusedError          the change cannot be made as things stand               exit code 1
    |  |- NotFoundError      no such object, or not for this viewer (the two look alike on purpose)
    |  |- ConflictError      somebody changed it meanwhile; carries the current version
    |  `- ForbiddenError     this viewer may not do that
    |- StorageError          the database cannot serve us                            exit code 1
    |  |- SchemaError        older or newer than this program; names the command to run
    |  `- DatabaseBusyError  another process holds the lock
    |- ProviderError         the mail service                                        exit code 1
    |  |- Reauth             consent is gone or was never complete: reconnect
    |  |- Throttled          slow down; carries the seconds to wait, if the provider said
    |  |- CursorExpired      the provider has forgotten the history we stand on: relist
    |  |- Gone               this one item does not exist any more: final
    |  |- Poison             this one item cannot be read: quarantine it
    |  |- Offline            no answer, or a failing server: try again later
    |  `- Denied             the provider's policy forbids it: a person has to act
    `- BusyMailboxError      another worker is syncing this mailbox                  exit code 1

Bad data is no exception: a strange mail is a `Message` with defects, a wrong row a `Problem`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a config file or an import, with its place ("mailbox[0].provider", "row 14")."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}" if self.place else self.text


class InboxcrmError(Exception):
    """Never raised itself; see the tree above."""

    exit_code = 1

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class UserError(InboxcrmError):
    exit_code = 2


class SettingsError(UserError):
    """All problems of a config file at once, so that nobody mends them one start at a time."""

    def __init__(self, problems: list[Problem], *, source: str = "", remedy: str = "") -> None:
        where = f" in {source}" if source else ""
        count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
        lines = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(f"Settings: {count}{where}.\n{lines}", remedy=remedy)
        self.problems = problems


class UsageError(UserError):
    pass


class FieldsError(UserError):
    """A form's fields that cannot be taken, each with what is wrong with it."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(
            "This cannot be taken as it is.", remedy="See what is said beside the fields."
        )
        self.problems = problems


class RefusedError(InboxcrmError):
    pass


class NotFoundError(RefusedError):
    pass


class ConflictError(RefusedError):
    def __init__(self, message: str, *, version: int, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.version = version


class ForbiddenError(RefusedError):
    pass


class StorageError(InboxcrmError):
    pass


class SchemaError(StorageError):
    pass


class DatabaseBusyError(StorageError):
    pass


class ProviderError(InboxcrmError):
    pass


class Reauth(ProviderError):
    pass


class Throttled(ProviderError):
    """`after_seconds` is the provider's own word, or None when it gave none."""

    def __init__(
        self, message: str, *, after_seconds: float | None = None, remedy: str = ""
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.after_seconds = after_seconds


class CursorExpired(ProviderError):
    pass


class Gone(ProviderError):
    pass


class Poison(ProviderError):
    pass


class Offline(ProviderError):
    pass


class Denied(ProviderError):
    pass


class BusyMailboxError(InboxcrmError):
    pass
