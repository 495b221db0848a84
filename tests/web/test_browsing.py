"""What the browser tests stand on: one test's pages are over before the next one's content is laid down."""

from __future__ import annotations

import threading
from urllib.request import urlopen

import pytest
from flask import Flask

from tests.web.browsing import serving
from tests.web.house import House, lay_down


def test_a_server_ends_when_its_last_answer_has():
    app, asked, may_end, ended = Flask("slow"), threading.Event(), threading.Event(), []

    @app.get("/")
    def slow() -> str:
        asked.set()
        may_end.wait(10)
        ended.append(True)
        return ""

    with serving(app) as url:
        browser = threading.Thread(target=lambda: urlopen(url, timeout=10).close(), daemon=True)
        browser.start()
        assert asked.wait(10)
        threading.Timer(0.2, may_end.set).start()
    assert ended
    browser.join(10)


def test_no_content_is_laid_under_somebody_who_reads(house: House):
    path = house.database.path
    assert path is not None
    with house.database.read() as tx:
        tx.exec_driver_sql("SELECT count(*) FROM lead")
        with pytest.raises(AssertionError, match="somebody still reads"):
            lay_down(house.database, path)
