"""The text of a mail that was written in HTML alone: its words, and where its links lead."""

from __future__ import annotations

import re
from html import unescape

from inboxcrm.mail.html_text import html_to_text

# A link without markup inside; others keep their words and lose where they lead.
_LINK = re.compile(
    r"""<a\s[^<>]*?href\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')[^<>]*>([^<]*)</a\s*>""", re.IGNORECASE
)


def text_of(html: str) -> str:
    """Lines by LF. A link's address stands behind its words, where the words are not the address."""
    return html_to_text(_LINK.sub(_with_address, html)) + "\n"


def _with_address(link: re.Match[str]) -> str:
    written = link[1] if link[1] is not None else link[2]
    address, words = unescape(written).strip(), unescape(link[3]).strip()
    bare = address.removeprefix("mailto:").partition("?")[0]
    if not words or words in (address, bare) or not address.startswith(("http", "mailto:")):
        return link[0]
    shown = bare if address.startswith("mailto:") else written
    return f"{link[3]} ({shown})"
