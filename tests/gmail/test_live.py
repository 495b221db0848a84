"""The live checks, tried on the practice server, and held to their page in docs."""

from __future__ import annotations

from pathlib import Path

import pytest

from inboxcrm.errors import Offline, Reauth
from inboxcrm.gmail.live import Check, Finding, live_checks, run_checks

from .conftest import mail

DOCS = Path(__file__).parents[2] / "docs" / "gmail-live-checks.md"


def outcomes(source) -> dict[str, bool | None]:
    return {result.check.key: result.finding.passed for result in run_checks(live_checks(source))}


@pytest.fixture
def busy(mailbox):
    for n in range(1, 31):
        mailbox.deliver(mail(n))
    ref = mailbox.deliver(mail(31))
    mailbox.modify(ref, add=["STARRED"])
    mailbox.trash(ref)
    for n in range(32, 40):
        mailbox.deliver(mail(n))
    return mailbox


def test_a_busy_mailbox_fails_no_check(busy, source):
    found = outcomes(source)
    assert False not in found.values()
    assert found["headers"] is True
    assert found["batch"] is True
    assert found["thread-members"] is True


def test_an_empty_mailbox_fails_no_check(source):
    assert False not in outcomes(source).values()


def test_a_whole_run_costs_what_the_page_says(busy, source):
    outcomes(source)
    assert source.spending().units < 1700


def test_a_fault_fails_its_check_and_spares_the_others(busy, sandbox, source):
    sandbox.faults.fail_next_part(403, "forbidden", path="threads", count=9)
    found = outcomes(source)
    assert found["thread-members"] is False
    assert found["batch"] is True


def test_a_server_that_refuses_one_part_of_a_batch_is_seen(busy, sandbox, source):
    sandbox.faults.fail_next_part(429, path="/messages/")
    (result,) = run_checks([check for check in live_checks(source) if check.key == "batch"])
    assert str(result).startswith("FAIL")
    assert "9 of 10 parts answered (others with 429)" in str(result)


@pytest.mark.parametrize("fault", [Offline("No connection."), Reauth("Not let in.")], ids=repr)
def test_where_nobody_answers_the_rest_is_not_asked(fault):
    asked = []

    def fail() -> Finding:
        asked.append("one")
        raise fault

    results = run_checks([Check("a", "one", fail), Check("b", "two", lambda: asked.append("two"))])
    assert [str(one) for one in results] == [f"FAIL  one: {fault.message}", "n/a   two: not asked."]
    assert asked == ["one"]


def test_a_line_says_pass_fail_or_neither():
    lines = [
        str(result)
        for result in run_checks(
            [
                Check("a", "one", lambda: Finding(True, "fine.")),
                Check("b", "two", lambda: Finding(False, "broken.")),
                Check("c", "three", lambda: Finding(None, "nothing there.")),
            ]
        )
    ]
    assert lines == ["pass  one: fine.", "FAIL  two: broken.", "n/a   three: nothing there."]


def test_every_check_has_its_line_in_the_page_and_every_line_its_check(source):
    named = {
        line.split("|")[1].strip()
        for line in DOCS.read_text(encoding="utf-8").splitlines()
        if line.rstrip().endswith("| doctor |")
    }
    assert named == {check.key for check in live_checks(source)}
