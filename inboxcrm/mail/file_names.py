"""What a stranger called a file, as a name that does no harm on the reader's disk, in a header or on the screen.

One name without folders; without characters that steer a terminal, a header or the direction of writing, for these show
"invoice-fdp.exe" as "invoice-exe.pdf".
"""

from __future__ import annotations

import re

MAX_NAME = 120
# Control and format characters (among them all marks of direction), lone surrogates, separators of lines.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_FORBIDDEN = re.compile(r'[<>:"|?*%;]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)", re.IGNORECASE)


def safe_name(given: str) -> str:
    """A name for a file on the reader's disk; "attachment" where nothing of the given one is left."""
    text = _UNPRINTABLE.sub("", given[:10_000])
    name = re.split(r"[/\\]", text)[-1]
    name = " ".join(_FORBIDDEN.sub("_", name).split()).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) <= 10:
        name = f"{stem[: MAX_NAME - len(ending) - 1]}.{ending}"
    name = name[:MAX_NAME].strip(". ")
    if _RESERVED.match(name):
        name = f"_{name}"[:MAX_NAME]
    return name or "attachment"
