"""From a table of strangers to mails that arrived, by two commands; what was in the table reached nobody's header."""

from __future__ import annotations

from tests.journeys.test_merge import QUICK, allow_sending

HELLO = "Subject: Our fair, {{ first_name }}\n\nGood day {{ name }} of {{ organization }},\n\nwill you come?\n"
FAIR = (
    "first name,last name,mail,company\n"
    'Erin,"Walsh\nBcc: eve",erin@away.example,{{ 7*7 }}\n'
    "Dave,Dale,dave@bounces.example,<b>Bounces</b>\n"
    "=cmd|' /C calc'!A0,,carol@optout.example,=1+1\n"
    'Eve,Evil,"eve@evil.example\nBcc: all@evil.example",Evil\n'
)
MERGE = ("cadence", "merge", "autumn", "--template", "hello", "--from-table", "fair.csv")


def test_from_a_table_to_mails_that_arrived(home, gmail):
    allow_sending(home, gmail)
    home.file("hello.txt", HELLO)
    home.file("fair.csv", FAIR)
    assert home.type("sync").code == 0
    assert home.type("template", "save", "hello", "--text", "hello.txt").code == 0
    made = home.type(*MERGE, *QUICK)
    assert made.code == 0
    assert "3 created, 1 rejected; tagged autumn." in made.err
    assert "Nothing was sent." in made.out
    started = home.type("cadence", "start", "autumn", "--expect", "3", "--yes", "--json")
    assert started.document["people"] == 3
    run = home.type("cadence", "run", "--mailbox", "sales", "--yes", "--json")
    assert run.document["sent"] == 2
    assert sorted(one.recipient for one in gmail.office.outbound) == [
        "dave@bounces.example",
        "erin@away.example",
    ]
    text = b"".join(one.raw for one in gmail.office.outbound)
    assert b"{{ 7*7 }}" in text
    assert b"\nBcc:" not in text
    back = home.type("import", "undo", "1", "--yes", "--json").document
    assert (back["removed"], back["stayed"]) == (0, {"in a cadence": 3})
