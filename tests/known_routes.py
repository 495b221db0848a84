"""Equal routes have equal builders of addresses, and those are compiled once a test process.

Nearly every test of pages and of practice servers makes an application, and compiling what builds the addresses of its
180 routes took longer than the test. A program makes one application, so this is of no use there.
"""

from __future__ import annotations

from collections.abc import Callable

from werkzeug.routing import Rule

_compile = Rule._compile_builder
_known: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}


def _remembered(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    """What is built depends on the parts of the path alone, unless some have values by default."""
    if rule.defaults:
        return _compile(rule, append_unknown)
    key = (append_unknown, *rule._trace)
    if key not in _known:
        _known[key] = _compile(rule, append_unknown)
    return _known[key]


Rule._compile_builder = _remembered
