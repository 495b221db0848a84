"""Fixtures every folder of tests may use, and how long runs tell their results."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

pytest_plugins = [
    "tests.databases",
    "tests.chromium",
    "tests.known_routes",
    "tests.known_statements",
    "tests.known_templates",
    "tests.quick_passwords",
    "tests.real_mail",
]

# How fast an example runs is the machine's affair; no test asserts it. Where a change is judged, its examples are the
# same each time; whoever runs the tests by hand looks for new ones.
settings.register_profile("unhurried", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("unhurried")


LONG = ("test_within_reach.py", "test_fast_demo.py", "test_kill.py", "test_walks.py")
"""Files of a few long tests. They come first: at the end one worker would run them, and the others would wait."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONG)


class TortureResults:
    """What a torture test printed is shown as soon as it ends: such a run takes hours, and may be ended early."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        if report.when == "call" and "torture" in report.keywords and terminal is not None:
            terminal.write_line(f"\n{report.nodeid}: {report.outcome}: {report.capstdout.strip()}")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(TortureResults(config))
