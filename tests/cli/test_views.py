"""`view` as people and scripts type it."""

from __future__ import annotations


def test_a_view_is_saved_listed_shown_and_deleted(terminal):
    terminal.type("leads", "add", "bob@firm.example", "--name", "Bob Moss")
    saved = terminal.type(
        "view", "save", "My\x1b[31m leads", "--filter", "stage is new", "--sort", "value", "--down",
        "--columns", "stage, value", "--group", "owner", "--shared",
    )  # fmt: skip
    assert saved.code == 0
    assert "\x1b" not in saved.out
    listed = terminal.type("view", "list", "--json").document["views"]
    assert [(one["asked"]["columns"], one["is_shared"], one["is_mine"]) for one in listed] == [
        (["stage", "value"], True, True)
    ]
    assert "stage is new" in terminal.type("view", "list").out
    name = listed[0]["name"]
    shown = terminal.type("view", "show", name, "--json").document
    assert (shown["view"]["asked"]["group"], shown["leads"]) == ("owner", 1)
    assert "value, descending" in terminal.type("view", "show", name).out
    again = terminal.type("view", "save", name, "--page", "numbers", "--days", "30", "--json")
    assert again.document["view"]["asked"]["days"] == 30
    gone = terminal.type("view", "delete", name, "--json").document
    assert gone["view"]["name"] == name
    assert terminal.type("view", "list", "--json").document == {"views": []}
    assert "view save NAME" in terminal.type("view", "list").out


def test_what_cannot_be_kept_or_found_says_why(terminal):
    for words, code, said in (
        (("view", "save", " "), 2, "no name"),
        (("view", "save", "a", "--page", "nonsense"), 2, "board, sheet, numbers"),
        (("view", "save", "a", "--filter", "stge is new"), 2, "stge"),
        (("view", "save", "a", "--sort", "nonsense"), 2, "sorted by one of"),
        (("view", "save", "a", "--days", "0"), 2, "days"),
        (("view", "show", "nonsense"), 1, "no view called"),
        (("view", "delete", "nonsense"), 1, "no view called"),
    ):
        done = terminal.type(*words)
        assert done.code == code, words
        assert said in done.err, words
        assert done.out == ""
