"""Where a stop or a rest is told, it leads to the very mail it is owed to: for whoever may read that; others hear its day."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from inboxcrm.access.viewer import AccountRole, Viewer
from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.mail.said import Said
from inboxcrm.services.explaining import LeadStory, mail_story, why_lead
from inboxcrm.services.lead_stops import stop_lead
from inboxcrm.services.verdicts import correct_verdict
from inboxcrm.store.tables import enrollment, mailbox, message_copy, outbox
from inboxcrm.views.as_json import as_json
from inboxcrm.views.cadence_mails import cadence_mails, needs_somebody
from inboxcrm.views.lead_page import lead_record
from inboxcrm.views.lead_page_shapes import Show
from inboxcrm.views.shapes import Context, ContextPerson
from inboxcrm.views.sidebar import sidebar
from tests.sending.incoming import BOB, away, hear, letter, sent_copies
from tests.sending.office import ALICE, Office

NewOffice = Callable[..., Office]
on_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
STRANGER = Viewer(2, AccountRole.REP, frozenset())
SECRET = "Please take me off your list, I loathe newsletters."
HIDDEN = "A mail of 11 May, in a mailbox you cannot read."
REMINDER = {"after": "3 days", "template": "hello"}


@pytest.fixture
def office(new_office: NewOffice) -> Office:
    """Bob got the first of two mails."""
    made = new_office(people=("bob",), steps=(REMINDER,))
    made.send()
    made.bench.clock.wait(60)
    sent_copies(made)
    return made


def bob(office: Office) -> str:
    with office.desk.database.read() as tx:
        return office.desk.ids.seal("lead", office.lead_id(tx, "Bob Tanaka"))


def story(office: Office, viewer: Viewer) -> LeadStory:
    (found,) = why_lead(office.desk, viewer, bob(office))
    return found


def place_of(office: Office, mail: int) -> tuple[str, str]:
    """(message, thread), as they leave the program."""
    with office.desk.database.read() as tx:
        thread = tx.execute(
            select(message_copy.c.thread_id).where(message_copy.c.message_id == mail)
        ).scalar_one()
    return office.desk.ids.seal("message", mail), office.desk.ids.seal("thread", thread)


def everywhere(office: Office, viewer: Viewer) -> list[tuple[str, str | None]]:
    """(words, way to the mail) of each place that tells why Bob gets nothing more, or rests."""
    desk = office.desk
    told = story(office, viewer)
    way = f"/threads/{told.thread_id}#m-{told.message_id}" if told.thread_id else None
    panel = sidebar(desk, viewer, Context(people=(ContextPerson(BOB),))).lead
    page = lead_record(desk, viewer, bob(office), show=Show.CHANGES)
    entry = next(one for one in page.entries if one.kind == "cadence")
    assert panel is not None
    item = next(one for one in panel.timeline if one.kind == "cadence")
    assert panel.cadence is not None
    return [
        (told.reason, way),
        (panel.cadence.reason or "", panel.cadence.reason_url),
        (entry.text, entry.href),
        (item.text, item.href),
    ]


def mails_tell(office: Office, viewer: Viewer) -> list[tuple[str, str | None]]:
    """The same of the lists of mails, and of the mail's own life."""
    last = mail_story(office.desk, viewer, office.rows()[-1].key).lines[-1]
    way = f"/threads/{last.thread_id}#m-{last.message_id}" if last.thread_id else None
    return [listed(office, viewer), (last.text, way)]


def listed(office: Office, viewer: Viewer) -> tuple[str, str | None]:
    own = office.desk.ids.seal("cadence", office.rows()[0].cadence_id)
    found = cadence_mails(office.desk, viewer, own).rows[0]
    return found.said, found.cause_url


@pytest.mark.parametrize("raw", [letter(), letter(text=SECRET)])
def test_a_stop_leads_to_its_mail_for_its_reader_and_tells_others_the_day(
    office: Office, raw: str
) -> None:
    place = "/threads/{1}#m-{0}".format(*place_of(office, hear(office, raw)))
    readers = everywhere(office, ALICE) + mails_tell(office, ALICE)
    assert [url for _, url in readers] == [place] * 6
    assert all("11 May" in words for words, _ in readers)
    others = everywhere(office, STRANGER) + mails_tell(office, STRANGER)
    assert [url for _, url in others] == [None] * 6
    assert [words.removeprefix("Autumn stopped: ") for words, _ in others] == [HIDDEN] * 6


@on_sqlite
def test_no_word_of_the_mail_is_told_to_whoever_may_not_read_it(office: Office) -> None:
    hear(office, letter(text=SECRET))
    told = str(everywhere(office, ALICE))
    assert "take me off your list" in told
    said = str(as_json(why_lead(office.desk, STRANGER, bob(office))))
    said += str(everywhere(office, STRANGER)) + str(mails_tell(office, STRANGER))
    assert "loathe" not in said
    assert "take me off" not in said


def test_a_rest_leads_to_the_note_of_absence(office: Office) -> None:
    mail = hear(office, away())
    sealed, thread = place_of(office, mail)
    told = story(office, ALICE)
    assert (told.message_id, told.thread_id) == (sealed, thread)
    assert (told.reason, told.rests_until is not None) == ("They are out of office.", True)
    other = story(office, STRANGER)
    assert (other.reason, other.message_id, other.thread_id) == (HIDDEN, None, None)
    words = [one for one, _ in everywhere(office, STRANGER)]
    assert words[2] == "Autumn waits until 21 May 2026: they are out of office"
    assert [url for _, url in everywhere(office, ALICE)] == [f"/threads/{thread}#m-{sealed}"] * 4


@on_sqlite
def test_the_mail_that_waits_for_their_return_leads_there_too(office: Office) -> None:
    mail = hear(office, away())
    office.bench.clock.wait(4 * 86_400)
    office.read_mail()
    assert office.send().sent == 0
    sealed, thread = place_of(office, mail)
    key = office.rows()[-1].key
    (reason,) = mail_story(office.desk, ALICE, key).against
    assert (reason.key, reason.message_id, reason.thread_id) == ("parked", sealed, thread)
    (reason,) = mail_story(office.desk, STRANGER, key).against
    assert (reason.text, reason.message_id) == (HIDDEN, None)
    way = f"/threads/{thread}#m-{sealed}"
    assert listed(office, ALICE) == ("They are out of office.", way)
    assert listed(office, STRANGER) == (HIDDEN, None)


@on_sqlite
def test_a_rest_that_was_misread_leads_nowhere_any_more(office: Office) -> None:
    mail = hear(office, away())
    correct_verdict(office.desk, ALICE, office.desk.ids.seal("message", mail), Said.AUTOMATIC)
    assert (story(office, ALICE).reason, story(office, ALICE).message_id) == ("", None)
    with office.desk.database.read() as tx:
        assert tx.execute(select(enrollment.c.parked_message_id)).scalar_one() is None


@on_sqlite
def test_what_rests_on_no_mail_is_told_to_everybody(office: Office) -> None:
    stop_lead(office.desk, ALICE, bob(office))
    for viewer in (ALICE, STRANGER):
        found = story(office, viewer)
        assert (found.reason, found.message_id) == ("You stopped it by hand.", None)


@on_sqlite
def test_a_mail_that_is_gone_is_said_to_be_gone(office: Office) -> None:
    mail = hear(office, letter(text=SECRET))
    with office.desk.database.write() as tx:
        tx.execute(update(enrollment).values(stop_message_id=mail + 1_000))
    assert story(office, ALICE).reason == "A mail that is not here any more."
    assert story(office, ALICE).message_id is None


@on_sqlite
def test_a_colleague_reads_what_lies_in_their_own_mailbox(office: Office) -> None:
    """The answer went to Carla as well: she reads it in her copy."""
    mail = hear(office, letter())
    with office.desk.database.write() as tx:
        box = tx.execute(
            mailbox.insert()
            .values(name="carla", provider="gmail", address="carla@seller.example")
            .returning(mailbox.c.id)
        ).scalar_one()
        found = tx.execute(select(message_copy).where(message_copy.c.message_id == mail)).one()
        tx.execute(
            message_copy.insert().values(
                mailbox_id=box, ref="own", message_id=mail, thread_id=found.thread_id, received_at=1
            )
        )
    carla = Viewer(3, AccountRole.REP, frozenset({box}))
    assert story(office, carla).message_id == office.desk.ids.seal("message", mail)


@on_sqlite
def test_the_list_of_what_needs_somebody_leads_there_too(office: Office) -> None:
    mail = hear(office, letter())
    with office.desk.database.write() as tx:
        tx.execute(update(outbox).values(state=OutboxState.FAILED.value, ref=""))
    lines = needs_somebody(office.desk, ALICE).rows
    assert "/threads/{1}#m-{0}".format(*place_of(office, mail)) in [one.cause_url for one in lines]
