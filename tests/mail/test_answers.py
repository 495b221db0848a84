"""Whole answers in the words of many people: who asks for no more mail is heard, and nobody else is taken for it.

`answers.jsonl` holds one answer a line: its language, whether it asks for no more mail, its author, subject and text.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inboxcrm.mail.opt_outs import read_opt_out
from inboxcrm.mail.reply import split_quoted

ANSWERS = [
    json.loads(line)
    for line in Path(__file__).with_name("answers.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("language", sorted({one["lang"] for one in ANSWERS}))
@pytest.mark.parametrize("asks", [True, False], ids=["asks", "does not ask"])
def test_whoever_asks_for_no_more_mail_is_heard_and_nobody_else(language: str, asks: bool) -> None:
    said = [one for one in ANSWERS if (one["lang"], one["asks"]) == (language, asks)]
    wrong = [one["text"] for one in said if bool(heard(one)) is not asks]
    assert (len(said) > 0, wrong) == (True, [])


def heard(answer: dict[str, str]) -> str:
    own, _ = split_quoted(answer["text"])
    return read_opt_out(answer["subject"], own, author=answer["author"])
