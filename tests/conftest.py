"""Fixtures every folder of tests may use."""

from __future__ import annotations

from hypothesis import settings

pytest_plugins = ["tests.databases", "tests.chromium", "tests.real_mail"]

# How fast an example runs is the machine's affair; no test asserts it.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
