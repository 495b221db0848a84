"""Token files that are missing, torn or read by others: what is wrong is said, what is in them never."""

from __future__ import annotations

import json
import stat

import pytest

from inboxcrm.gmail.rights import READONLY

REFRESH = "1//0g-very-secret-refresh-token"
TOKEN = {
    "refresh_token": REFRESH,
    "client_id": "client.apps.example",
    "client_secret": "very-secret-of-the-client",
    "token": "ya29.very-secret-access",
    "scopes": [READONLY],
}
HALF = json.dumps(TOKEN)[:-20]


@pytest.fixture
def shop(home):
    home.gmail("http://127.0.0.1:9", refresh_token=REFRESH)
    home.secrets += ["very-secret-of-the-client", "ya29.very-secret-access"]
    return home


def both_say(shop, words: str, *, remedy: str) -> None:
    """`sync` fails with it, and `doctor` finds it without asking anybody."""
    done = shop.type("sync", "--json")
    assert done.code == 1
    assert done.report["state"] == "failed"
    assert words in done.report["trouble"]
    assert words in done.err
    assert remedy in done.err
    checked = shop.type("doctor")
    assert checked.code == 1
    assert words in checked.out
    assert remedy in checked.out


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (HALF, "is damaged: it is no JSON object"),
        ("", "is damaged"),
        (f'["{REFRESH}"]', "is damaged"),
        ("\x00\xff" * 50_000, "is damaged"),
        ("[" * 60_000, "is damaged"),
        (json.dumps(TOKEN | {"refresh_token": ""}), "refresh_token is missing"),
        (json.dumps(TOKEN | {"refresh_token": 7, "client_id": None}), "client_id is missing"),
        (json.dumps(TOKEN | {"scopes": ["openid"]}), "does not carry the right to read mail"),
    ],
)
def test_a_torn_token_file_leads_to_connect(shop, content, words):
    shop.file("token.json", content)
    both_say(shop, words, remedy="inboxcrm connect gmail --mailbox sales")


def test_a_missing_token_file_leads_to_connect(shop):
    (shop.folder / "token.json").unlink()
    both_say(shop, "has not been connected yet", remedy="inboxcrm connect gmail --mailbox sales")


def test_a_token_file_that_is_a_folder_is_said(shop):
    (shop.folder / "token.json").unlink()
    (shop.folder / "token.json").mkdir()
    both_say(shop, "cannot be read", remedy="with mode 0600")


def test_a_token_file_this_user_may_not_read_is_said(shop, monkeypatch):
    """By a refusal of our own: tests may run as root, who may read everything."""
    token, plain_open = shop.folder / "token.json", type(shop.folder).open

    def refusing(path, *args, **kwargs):
        if path == token:
            raise PermissionError(13, "Permission denied")
        return plain_open(path, *args, **kwargs)

    monkeypatch.setattr(type(shop.folder), "open", refusing)
    both_say(shop, "cannot be read (Permission denied)", remedy="with mode 0600")


def test_a_token_that_would_travel_in_the_clear_is_not_sent(shop):
    shop.file("token.json", json.dumps(TOKEN | {"token_uri": "http://tokens.example/"}))
    both_say(shop, "would travel in the clear", remedy="https")


def test_a_token_file_others_could_read_is_made_private(shop):
    token = shop.folder / "token.json"
    token.write_text(json.dumps(TOKEN))
    token.chmod(0o644)
    done = shop.run("doctor")
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    assert "could be read by others" in done.out + done.err


def test_the_database_password_is_told_to_nobody(shop):
    shop.secrets.append("pa55word")
    shop.config('[database]\nurl = "postgresql://alice:pa55word@127.0.0.1:9/inboxcrm"\n')
    for words in (
        ["leads", "list", "--json"],
        ["doctor"],
        ["doctor", "--json"],
        ["db", "upgrade"],
        ["db", "backup", "b.db"],
    ):
        done = shop.type(*words)
        assert done.code == 1, done
        assert "127.0.0.1:9" in done.out + done.err
        assert "PostgreSQL" in done.out + done.err
    for url in ("postgres//alice:pa55word@host/x", "mysql://alice:pa55word@host/x"):
        shop.config(f'[database]\nurl = "{url}"\n')
        assert shop.type("leads", "list").code == 2
