"""The files of a template's version: read when a mail is made, checked and kept when a version is saved."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from inboxcrm.cadence.attachments import (
    OutgoingFile,
    kind_of_file,
    name_of_file,
    trouble_with,
)
from inboxcrm.services.lead_changes import wrong
from inboxcrm.store.database import Tx
from inboxcrm.store.kept_files import contents_of, keep_file
from inboxcrm.store.templates import TemplateVersion

NO_FILES = "[]"


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """`size` in bytes."""

    name: str
    kind: str
    size: int
    sha256: str


def files_held(version: TemplateVersion) -> tuple[TemplateFile, ...]:
    """What goes with it, without the bytes."""
    return tuple(
        TemplateFile(one["name"], kind_of_file(one["name"]), one["size"], one["sha256"])
        for one in json.loads(version.files)
    )


def files_of(tx: Tx, version: TemplateVersion) -> tuple[OutgoingFile, ...]:
    """What goes with it, in one read."""
    held = files_held(version)
    contents = contents_of(tx, {one.sha256 for one in held})
    return tuple(OutgoingFile(one.name, contents[one.sha256]) for one in held)


def keep_files(
    tx: Tx, held: Sequence[TemplateFile], new: Sequence[OutgoingFile], *, words_bytes: int, at: int
) -> str:
    """The version's `files`: those `held` and the `new` ones, which take the place of one of the same name.

    Raises WrongFieldsError, under "files", with all that is against them.
    """
    named = {one.name.casefold(): one for one in held}
    for one in new:
        name = name_of_file(one.name)
        named[name.casefold()] = TemplateFile(
            name, kind_of_file(name), len(one.content), one.sha256
        )
    found = list(named.values())
    problems = trouble_with([(one.name, one.size) for one in found], words_bytes=words_bytes)
    if problems:
        raise wrong("files", " ".join(problems), "Nothing was saved.")
    for one in new:
        keep_file(tx, one.sha256, one.content, at=at)
    return json.dumps(
        [{"name": one.name, "size": one.size, "sha256": one.sha256} for one in found],
        ensure_ascii=False,
    )
