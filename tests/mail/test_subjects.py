"""A thread is headed by what it is about."""

from __future__ import annotations

import pytest

from inboxcrm.mail.subjects import bare_subject, bears_mark


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Re: Pricing for 40 seats", "Pricing for 40 seats"),
        ("RE: Re: AW: Vertrag", "Vertrag"),
        ("Fwd: WG: Angebot", "Angebot"),
        ("Re[2]: Quote", "Quote"),
        ("Sv : Tilbud", "Tilbud"),
        ("返信：見積もり", "見積もり"),
        ("Regarding: the lease", "Regarding: the lease"),
        ("I: have a question", "I: have a question"),
        ("Re:", "Re:"),
        ("", ""),
    ],
)
def test_marks_of_answers_are_taken_off(subject: str, bare: str) -> None:
    assert bare_subject(subject) == bare


@pytest.mark.parametrize("subject", ["Re: Quote", "  AW: Vertrag", "Fwd: WG: Angebot", "Re[2]: Quote", "[DS-2044] Re: Quote", "[EXTERNAL] [acme #47] Sv: Tilbud", "Re:"])  # fmt: skip
def test_a_mark_is_seen_behind_the_number_of_a_ticket_too(subject: str) -> None:
    assert bears_mark(subject)


@pytest.mark.parametrize("subject", [" Quote", "Regarding: the lease", "[acme #47] Quote", "Recall: Quote", ""])  # fmt: skip
def test_what_bears_none_is_a_subject_of_its_own(subject: str) -> None:
    assert not bears_mark(subject)


def test_a_subject_of_endless_marks_takes_no_endless_time() -> None:
    assert bare_subject("Re: " * 100_000 + "end") == "end"
    assert not bears_mark("[a] " * 100_000 + "end")
