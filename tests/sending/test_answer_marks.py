"""An answer is marked as a good one or not, the mark is taken back, and reports count what holds."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.reports import By, Mark
from inboxcrm.errors import NotFoundError, RefusedError
from inboxcrm.mail.said import Said
from inboxcrm.services.answer_marks import latest_answer, mark_answer, take_back_mark
from inboxcrm.services.verdicts import correct_verdict, take_back_word
from inboxcrm.store.tables import activity, answer_mark
from inboxcrm.views.answer_marks import answer_to_mail
from inboxcrm.views.cadence_report_shapes import Asked
from inboxcrm.views.cadence_reports import mails_behind, report_of
from tests.sending.incoming import BOB, NewOffice, away, come, first_mails_back, heed, letter
from tests.sending.office import ALICE, Office


@pytest.fixture
def office(new_office: NewOffice) -> Office:
    """Bob and Erin got the first of two mails, and the sent copies are back."""
    return first_mails_back(new_office, "bob", "erin", reminders=1)


def sealed(office: Office, mail: int) -> str:
    return office.desk.ids.seal("message", mail)


def answer(office: Office, raw: str = "", **how) -> str:
    mail = come(office, raw or letter(), **how)
    heed(office)
    return sealed(office, mail)


def mark(office: Office, which: str, said: Mark = Mark.POSITIVE):
    return mark_answer(office.desk, ALICE, which, said)


def counts(office: Office, by: By = By.CADENCE) -> list[tuple[int, int]]:
    """(replied, positive) of each line."""
    found = []
    for line in report_of(office.desk, ALICE, "", by).lines:
        cells = {cell.key: cell.count for cell in line.figures}
        found.append((cells["replied"], cells["positive"]))
    return found


def lead_id(office: Office, name: str) -> str:
    with office.desk.database.read() as tx:
        return office.desk.ids.seal("lead", office.lead_id(tx, name))


@pytest.mark.parametrize("by", list(By))
def test_a_positive_answer_is_counted_whatever_it_is_grouped_by(office: Office, by: By) -> None:
    which = answer(office)
    assert counts(office, by) == [(1, 0)]
    assert mark(office, which).changed
    assert counts(office, by) == [(1, 1)]
    total = report_of(office.desk, ALICE, "", by).total
    [cell] = [one for one in total.figures if one.key == "positive"]
    assert (cell.share, cell.base, cell.of) == (1.0, 1, "leads who replied")
    behind = mails_behind(office.desk, ALICE, Asked(), "positive")
    assert [one.to for one in behind.mails.rows] == [BOB]


def test_it_counts_for_the_mail_before_the_answer(office: Office) -> None:
    office.bench.clock.wait(4 * 86_400)
    office.read_mail()
    office.send()
    mark(office, answer(office))
    assert counts(office, By.STEP) == [(0, 0), (1, 1)]


@pytest.mark.parametrize("said", [Mark.NEUTRAL, Mark.NEGATIVE])
def test_other_marks_are_not_positive(office: Office, said: Mark) -> None:
    which = answer(office)
    mark(office, which)
    assert mark(office, which, said).text == f"Marked as {said}."
    assert counts(office) == [(1, 0)]


def test_the_last_marked_answer_decides(office: Office) -> None:
    first = answer(office)
    second = answer(office, later_seconds=7_200)
    mark(office, first)
    assert counts(office) == [(1, 1)]
    mark(office, second, Mark.NEGATIVE)
    assert counts(office) == [(1, 0)]
    take_back_mark(office.desk, ALICE, second)
    assert counts(office) == [(1, 1)]


def test_it_is_taken_back_and_who_said_what_when_stays(office: Office) -> None:
    which = answer(office)
    mark(office, which)
    assert mark(office, which).changed is False
    assert take_back_mark(office.desk, ALICE, which).changed
    assert take_back_mark(office.desk, ALICE, which).changed is False
    assert counts(office) == [(1, 0)]
    with office.desk.database.read() as tx:
        rows = tx.execute(select(answer_mark)).all()
        past = tx.execute(
            select(activity.c.text, activity.c.account_id)
            .where(activity.c.kind == "cadence")
            .order_by(activity.c.id)
        ).all()
    assert [(one.mark, one.account_id, one.replaced_at is not None) for one in rows] == [("positive", 1, True)]  # fmt: skip
    assert [row[0].partition(": ")[2] for row in past[-2:]] == [
        "their answer of 11 May 2026 is marked as positive",
        "their answer of 11 May 2026 is marked no longer",
    ]
    assert {row[1] for row in past[-2:]} == {1}


def test_a_colleague_who_answers_in_the_thread_can_be_marked(office: Office) -> None:
    ref = next(row.thread_ref for row in office.rows() if row.to_address == BOB)
    which = answer(office, letter(sender="carol@elsewhere.example"), thread_ref=ref)
    mark(office, which)
    assert counts(office) == [(1, 1)]


# --- a corrected verdict --------------------------------------------------------------------------------


@pytest.mark.parametrize("said", [Said.AUTOMATIC, Said.ABSENCE, Said.BULK, Said.BOUNCE_HARD])
def test_what_was_no_answer_after_all_counts_no_more_until_that_is_taken_back(
    office: Office, said: Said
) -> None:
    which = answer(office)
    mark(office, which)
    correct_verdict(office.desk, ALICE, which, said)
    assert counts(office) == [(0, 0)]
    with pytest.raises(RefusedError):
        mark(office, which, Mark.NEUTRAL)
    take_back_word(office.desk, ALICE, which)
    assert counts(office) == [(1, 1)]


def test_an_answer_that_a_person_calls_one_keeps_its_mark(office: Office) -> None:
    which = answer(office)
    mark(office, which)
    correct_verdict(office.desk, ALICE, which, Said.HUMAN)
    assert counts(office) == [(1, 1)]


def test_a_wish_to_get_no_more_is_no_success(office: Office) -> None:
    which = answer(office)
    mark(office, which)
    said = correct_verdict(office.desk, ALICE, which, Said.OPT_OUT)
    assert "no longer marked as positive" in said.text
    assert counts(office) == [(1, 0)]
    mark(office, which, Mark.NEGATIVE)
    correct_verdict(office.desk, ALICE, which, Said.HUMAN)
    correct_verdict(office.desk, ALICE, which, Said.OPT_OUT)
    with office.desk.database.read() as tx:
        wanted = select(answer_mark.c.mark).where(answer_mark.c.replaced_at.is_(None))
        assert tx.execute(wanted).scalars().all() == ["negative"]


# --- what cannot be marked ---------------------------------------------------------------------------------


def test_only_peoples_answers_to_cadences_are_marked(office: Office) -> None:
    for raw in (
        away(),
        letter("List-Id: News <news.bobs-firm.example>", text="Our autumn news"),
        letter(sender="stranger@elsewhere.example"),
    ):
        which = answer(office, raw)
        with pytest.raises(RefusedError, match="no answer to a cadence"):
            mark(office, which)
    before = come(office, letter(), later_seconds=-86_400)
    heed(office)
    with pytest.raises(RefusedError):
        mark(office, sealed(office, before))
    assert counts(office) == [(0, 0)]


def test_made_up_mail_and_mail_of_mailboxes_one_may_not_read(office: Office) -> None:
    which = answer(office)
    nobody = Viewer(2, mailbox_ids=frozenset())
    for viewer, one in ((ALICE, "made-up"), (nobody, which)):
        with pytest.raises(NotFoundError):
            mark_answer(office.desk, viewer, one, Mark.POSITIVE)
        with pytest.raises(NotFoundError):
            take_back_mark(office.desk, viewer, one)
    with pytest.raises(NotFoundError, match="no cadence"):
        latest_answer(office.desk, nobody, lead_id(office, "Bob Tanaka"))


# --- what pages ask -----------------------------------------------------------------------------------------


def test_the_newest_answer_of_a_lead_is_found(office: Office) -> None:
    with pytest.raises(NotFoundError, match="no cadence"):
        latest_answer(office.desk, ALICE, lead_id(office, "Bob Tanaka"))
    answer(office)
    later = answer(office, letter(text="One more thing"), later_seconds=7_200)
    assert latest_answer(office.desk, ALICE, lead_id(office, "Bob Tanaka")) == later


def test_a_mail_of_a_cadence_shows_its_answer(office: Office) -> None:
    mail = next(row.id for row in office.rows() if row.to_address == BOB and row.state == "sent")
    which = office.desk.ids.seal("outbox", mail)
    assert answer_to_mail(office.desk, ALICE, which) is None
    made = answer(office)
    mark(office, made)
    found = answer_to_mail(office.desk, ALICE, which)
    assert (found.message_id, found.mark.mark, found.mark.by) == (made, "positive", "You")
    assert "contract" in found.text
    hidden = answer_to_mail(office.desk, Viewer(2, mailbox_ids=frozenset()), which)
    assert (hidden.message_id, hidden.text, hidden.mark) == ("", "", None)
    assert answer_to_mail(office.desk, ALICE, "made-up") is None
