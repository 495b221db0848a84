"""`cadence pause`, `resume` and `stop` for one lead, as people type them."""

from __future__ import annotations

import pytest

from tests.cli.test_cadence_resending import BOB, autumn

__all__ = ["autumn"]

ERIN = "erin@erins-firm.example"


def test_one_lead_rests_until_it_is_resumed(autumn):
    done = autumn.type("cadence", "pause", "--lead", BOB)
    assert (done.code, done.out) == (0, "Paused until somebody resumes it: autumn.\n")
    assert "A person paused it for them." in autumn.type("cadence", "why", BOB).out
    assert "A person paused it" not in autumn.type("cadence", "why", ERIN).out
    held = autumn.type("cadence", "resume", "--lead", BOB)
    assert (held.code, "Add --yes" in held.err) == (2, True)
    done = autumn.type("cadence", "resume", "--lead", BOB, "--yes")
    assert (done.code, done.out) == (0, "Resumed: autumn.\n")
    assert "A person paused it" not in autumn.type("cadence", "why", BOB).out


def test_a_day_ends_it_by_itself(autumn):
    done = autumn.type("cadence", "pause", "--lead", BOB, "--until", "2030-01-07")
    assert (done.code, "Paused until 7 January 2030: autumn." in done.out) == (0, True)
    past = autumn.type("cadence", "pause", "--lead", BOB, "--until", "2020-01-07")
    assert (past.code, "That day is not to come." in past.err) == (2, True)


def test_one_lead_is_stopped(autumn):
    done = autumn.type("cadence", "stop", BOB)
    assert (done.code, "nothing more goes to them from autumn" in done.out) == (0, True)
    again = autumn.type("cadence", "stop", BOB)
    assert (again.code, "in no cadence" in again.err) == (1, True)


@pytest.mark.parametrize("deed", [("pause",), ("resume", "--yes")])
@pytest.mark.parametrize("whom", [(), ("autumn", "--lead", BOB)])
def test_it_is_a_whole_cadence_or_one_lead(autumn, deed, whom):
    refused = autumn.type("cadence", *deed, *whom)
    assert (refused.code, "Name a cadence, or a lead with --lead." in refused.err) == (2, True)


def test_a_whole_cadence_has_no_day(autumn):
    refused = autumn.type("cadence", "pause", "autumn", "--until", "2030-01-07")
    assert (refused.code, "no day to go on by itself" in refused.err) == (2, True)
    assert autumn.type("cadence", "pause", "autumn").out == "Paused.\n"
    assert autumn.type("cadence", "resume", "autumn", "--yes").out == "Running again.\n"


def test_who_is_no_lead_is_said(autumn):
    refused = autumn.type("cadence", "pause", "--lead", "nobody@nowhere.example")
    assert refused.code == 1
    assert "nobody@nowhere.example" in refused.err
