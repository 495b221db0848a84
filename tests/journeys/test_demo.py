"""The newcomer's first minute: the page answers, leads appear, mail goes on arriving, Ctrl-C leaves nothing behind."""

from __future__ import annotations

import signal
import sys
import tempfile
import time
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from inboxcrm.cli.ending import exit_code
from tests.journeys.home import until


@pytest.fixture
def empty_temp(tmp_path, monkeypatch) -> Path:
    """Where the demo keeps its own folder: nothing else is in it."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


def test_the_demo_from_start_to_end(home, empty_temp):
    began = time.monotonic()
    times: list[str] = []
    demo = home.start("demo", "--port", "0")
    link = demo.first_line("Open +http").split()[1]
    url = link.partition("/enter")[0]
    visitor = build_opener(HTTPCookieProcessor(CookieJar()))

    def page(path: str) -> str:
        with visitor.open(f"{url}{path}", timeout=20) as answer:
            return answer.read().decode()

    def noted(name: str) -> None:
        times.append(f"{name} after {time.monotonic() - began:.1f} s")

    assert '"ok"' in page("/healthz")
    noted("page answers")
    visitor.open(link, timeout=20).close()
    until(lambda: "/leads/" in page("/leads"))
    noted("first lead")
    read = demo.first_line("Read:")
    assert "600 mails" in read
    noted("everything")
    [folder] = empty_temp.glob("inboxcrm-demo-*")
    config = str(folder / "config.toml")

    def newest() -> str:
        return home.type("--config", config, "messages", "list", "--limit", "1", "--json").document[
            "messages"
        ][0]["id"]

    first = newest()
    until(lambda: newest() != first)
    noted("new mail")
    with home.capfd.disabled():
        sys.stdout.write(f"\nThe demo: {', '.join(times)}.\n")
    home.secrets.append(
        (folder / "token.json").read_text().split('"refresh_token": "')[1].split('"')[0]
    )
    children = demo.children()
    assert children, "the practice server is a process of its own"
    done = demo.end(signal.SIGINT)
    assert (done.code, done.err.strip()) == (0, "The demo has ended.")
    until(lambda: not [one for one in children if Path(f"/proc/{one}").exists()], seconds=5)
    assert list(empty_temp.iterdir()) == []
    assert list(home.folder.iterdir()) == []


def test_a_killed_demo_takes_its_practice_server_along(home, empty_temp):
    demo = home.start("demo", "--port", "0", "--folder", "mine")
    demo.first_line("Open +http")
    children = demo.children()
    demo.process.kill()
    demo.process.communicate()
    until(lambda: not [one for one in children if Path(f"/proc/{one}").exists()])
    again = home.start("demo", "--port", "0", "--folder", "mine")
    again.first_line("Read:")
    assert again.end(signal.SIGTERM).code == 0
    assert {file.name for file in (home.folder / "mine").iterdir()} <= {
        ".inboxcrm-demo", "config.toml", "token.json", "client.json", "inboxcrm.key",
        "inboxcrm.db", "inboxcrm.db-wal", "inboxcrm.db-shm",
    }  # fmt: skip
    assert list(empty_temp.iterdir()) == []


def test_the_demo_overwrites_nothing_of_yours(home):
    (home.folder / "mine").mkdir()
    (home.folder / "mine" / "inboxcrm.db").write_text("precious")
    done = home.type("demo", "--port", "0", "--folder", "mine")
    assert done.code == 2
    assert "which the demo did not write" in done.err
    assert (home.folder / "mine" / "inboxcrm.db").read_text() == "precious"
    assert exit_code(["demo", "--help"]) == 0
