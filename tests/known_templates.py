"""Templates are compiled once a test process: compiling them took a third of a test that opens a page.

A program makes one application, so this is of no use there.
"""

from __future__ import annotations

from typing import Any, ClassVar

from flask import Flask
from flask.templating import Environment
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

_make = Environment.__init__


class InMemory(BytecodeCache):
    """Knows a template by its file, and by its text whether that is still the same."""

    held: ClassVar[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.held:
            bucket.bytecode_from_string(self.held[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.held[bucket.key] = bucket.bytecode_to_string()


def _make_knowing(environment: Environment, app: Flask, **options: Any) -> None:
    _make(environment, app, **{"bytecode_cache": InMemory(), **options})


Environment.__init__ = _make_knowing
