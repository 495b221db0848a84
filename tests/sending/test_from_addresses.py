"""What a mail may say it is from: proven before the start, held where it vanishes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from inboxcrm.errors import RefusedError, UsageError
from inboxcrm.services.cadences import start
from inboxcrm.services.explaining import why_lead
from tests.sending.office import ALICE, Office
from tests.sending.post import PostSender
from tests.sending.talks import at_rest, spring

NewOffice = Callable[..., Office]
on_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


@pytest.fixture
def office(new_office: NewOffice) -> Office:
    return at_rest(new_office())


@dataclass
class Aliased(PostSender):
    proven: tuple[str, ...] = ()
    asked: list[int] = field(default_factory=list)

    def addresses(self) -> tuple[str, ...]:
        self.asked.append(1)
        return ("alice@seller.example", *self.proven)


def from_sales(office: Office) -> None:
    office.merge("Spring", from_address="Sales@seller.example")


def told_by_sync(office: Office, *aliases: str) -> None:
    from inboxcrm.services.owning import note_aliases

    with office.desk.database.write() as tx:
        note_aliases(tx, None, "alice", declared=["declared@seller.example"], told=list(aliases))


@on_sqlite
def test_a_from_that_is_not_proven_is_refused_at_the_start_with_the_way_out(office: Office) -> None:
    from_sales(office)
    told_by_sync(office)
    with pytest.raises(RefusedError, match="may not say that it is from Sales@") as caught:
        start(office.desk, ALICE, "Spring")
    assert "Send mail as" in caught.value.remedy
    assert "alice@seller.example" in caught.value.remedy
    told_by_sync(office, "sales@Seller.example")
    start(office.desk, ALICE, "Spring", expected=3)


@on_sqlite
@pytest.mark.parametrize(
    "wrong", ["sales", "Sales <sales@seller.example>", "a@b.example\nBcc: x@y.example"]
)
def test_a_from_that_is_no_bare_address_is_refused_when_it_is_written(
    office: Office, wrong: str
) -> None:
    with pytest.raises(UsageError, match="is no mail address"):
        office.merge("Spring", from_address=wrong)


def test_a_from_that_vanishes_holds_its_mails_until_it_is_back(office: Office) -> None:
    from_sales(office)
    told_by_sync(office, "sales@seller.example")
    start(office.desk, ALICE, "Spring")
    office.send(Aliased(office.post))
    assert office.post.sent == []
    (bob, *_) = why_lead(office.desk, ALICE, office.sealed_lead("Bob Tanaka"))
    assert [one.key for one in bob.mails[0].against] == ["from"]
    office.bench.clock.wait(601)
    office.read_mail()
    sender = Aliased(office.post, proven=("sales@seller.example",))
    office.send(sender)
    assert len(office.post.sent) == 3
    assert b"From: " in office.post.sent[0].mime
    assert b"ales@seller.example" in office.post.sent[0].mime
    office.send(sender)
    assert len(sender.asked) == 1, "not at every run"


@on_sqlite
def test_who_writes_as_itself_is_never_asked(office: Office) -> None:
    spring(office)
    start(office.desk, ALICE, "Spring")
    sender = Aliased(office.post)
    office.send(sender)
    assert (len(office.post.sent), sender.asked) == (3, [])
