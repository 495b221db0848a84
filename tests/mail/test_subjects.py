"""A thread is headed by what it is about."""

from __future__ import annotations

import pytest

from inboxcrm.mail.subjects import bare_subject


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


def test_a_subject_of_endless_marks_takes_no_endless_time() -> None:
    assert bare_subject("Re: " * 100_000 + "end") == "end"
