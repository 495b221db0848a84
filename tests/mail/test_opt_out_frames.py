"""Courtesies around a request and between its words change nothing of what is asked, in any language."""

from __future__ import annotations

import pytest

from inboxcrm.mail.opt_out_frames import plainly
from inboxcrm.mail.opt_outs import read_opt_out

PAIRS = (
    ("We'd be most obliged if you ceased writing to us.", "We'd be most obliged if you ceased work at noon."),
    ("I would much appreciate it if you took us off this mailing list.", "I would much appreciate it if you took us round the hall."),
    ("Will you kindly unsubscribe me then.", "Will you kindly send the drawing then."),
    ("I'd prefer it if you didn't email me again.", "I'd prefer it if you didn't park there again."),
    ("There is no need for you to write to me again.", "There is no need for you to write to me again before Easter."),
    ("No need to contact us any more.", "No need to contact us any more until the seal breaks."),
    ("Don't bother writing to us again.", "Don't bother packing them again."),
    ("Schreiben Sie mich freundlichst künftig nicht mehr an.", "Schreiben Sie mich freundlichst in die Liste der Gäste."),
    ("Rayez, s'il vous plaît, mon adresse de vos fichiers.", "Rayez, s'il vous plaît, mon nom du programme de mardi."),
    ("Cancelli cortesemente il mio indirizzo.", "Cancelli cortesemente il mio ordine."),
    ("Verwijder alstublieft per direct mijn adres uit de mailinglijst.", "Verwijder alstublieft per direct de oude pomp uit de hal."),
    ("Agradecia que não me enviassem mais mensagens.", "Agradecia que não me enviassem mais peças partidas."),
    ("Fjern meg vennligst fra listen deres.", "Fjern vennligst rad 3 fra tilbudet."),
)  # fmt: skip


def said(sentence: str) -> str:
    return read_opt_out("Re: A word, Bob", f"Hello Alice,\n\n{sentence}\n\nBob")


@pytest.mark.parametrize(("asks", "near"), PAIRS)
def test_what_is_wrapped_around_a_request_hides_none_and_makes_none(asks: str, near: str) -> None:
    assert said(asks) == asks
    assert said(near) == ""


@pytest.mark.parametrize("asked", ["How could you stop writing to me, I miss it.", "Warum schreiben Sie uns nicht mehr?", "Why would you remove me from your list now?"])  # fmt: skip
def test_who_asks_for_the_reason_asks_for_no_end(asked: str) -> None:
    assert said(asked) == ""


@pytest.mark.parametrize(
    ("sentence", "plain"),
    [
        ("I'd be glad if you removed me", "please remove me"),
        ("Bitte streichen Sie mich umgehend", "streichen Sie mich"),
        ("We'd rather you did not write", "please do not write"),
        ("The pump is blue.", "The pump is blue."),
    ],
)
def test_a_frame_is_please_and_a_courtesy_is_nothing(sentence: str, plain: str) -> None:
    assert plainly(sentence) == plain


@pytest.mark.parametrize("token", ["please ", "could you ", "would you please ", "i would ", ", bitte", "no need to ", "je vous prie de "])  # fmt: skip
def test_a_megabyte_of_courtesy_is_read_in_no_time(token: str) -> None:
    plainly(token * (100_000 // len(token)))
    read_opt_out("", token * (1_000_000 // len(token)))
