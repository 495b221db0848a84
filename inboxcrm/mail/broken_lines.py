"""Lines that a mail program broke to keep them short are made whole, so that words are found that belong together.

Where mail is not flowed (RFC 3676) only their length tells them from lines a person ended: if the first word of the
next line would still have fitted, whoever wrote it ended the line.
"""

from __future__ import annotations

import re
from itertools import pairwise

_ENDS = ("-", "–", ":", ";", "|")
_BEGINS_ANEW = re.compile(r"\s*(?:[-*•|>#=_]|\d{1,2}[.)]\s)")


def made_whole(text: str) -> str:
    return "\n\n".join(_whole(block) for block in text.split("\n\n"))


def _whole(block: str) -> str:
    lines = block.split("\n")
    longest = max(len(line) for line in lines)
    whole = [lines[0]]
    for above, line in pairwise(lines):
        if _goes_on(above.rstrip(), line, longest):
            whole[-1] = f"{whole[-1].rstrip()} {line.lstrip()}"
        else:
            whole.append(line)
    return "\n".join(whole)


def _goes_on(above: str, line: str, longest: int) -> bool:
    words = line.split(maxsplit=1)
    if not above or not words or above.endswith(_ENDS) or _BEGINS_ANEW.match(line):
        return False
    return line.lstrip()[0].islower() or len(above) + 1 + len(words[0]) > longest
