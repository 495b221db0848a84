"""Whatever is written down for admins is said in words."""

from __future__ import annotations

import re
from pathlib import Path

import inboxcrm
from inboxcrm.services.consents import NOTED
from inboxcrm.views.audit import WORDS


def test_every_kind_that_is_written_down_has_words():
    sources = [
        path.read_text("utf-8")
        for path in (Path(inboxcrm.__file__).parent / "services").glob("*.py")
    ]
    kinds = set()
    for source in sources:
        for call in re.findall(r"(?:note_audit|open_session)\((?:[^()]|\([^()]*\))*\)", source):
            kinds |= set(re.findall(r'(?:kind|how)="(\w+)"', call))
            kinds |= set(re.findall(r'kind="\w+" if [^,]+ else "(\w+)"', call))
        kinds |= set(re.findall(r'note\(tx, viewer, "(\w+)"', source))
    kinds |= set(NOTED.values())
    assert len(kinds) > 8
    assert kinds - set(WORDS) == set()
