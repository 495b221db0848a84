"""What stands under the mail of a mailbox: text, and the same in HTML, made harmless before it is kept.

A template places it by {{ signature }}, or has it at its end. It goes out as it is when a mail is frozen: it is the
sender's, not the template's. Where there is none, the sender's name stands there.
"""

from __future__ import annotations

import nh3

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.left_over import MARKS
from inboxcrm.cadence.plain_text import text_of
from inboxcrm.cadence.values import cleaned
from inboxcrm.cadence.variables import FIXED
from inboxcrm.services.consents import managed
from inboxcrm.services.lead_changes import WrongFieldsError, wrong
from inboxcrm.store import mailboxes
from inboxcrm.store.desk import Desk

_LONGEST_HTML = 20_000
_TAGS = {
    "a", "b", "br", "div", "em", "font", "hr", "i", "img", "p", "s", "small", "span", "strong", "sub", "sup", "table",
    "tbody", "td", "tr", "u",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"style", "dir", "lang"},
    "a": {"href", "title"},
    "font": {"color", "face", "size"},
    "img": {"src", "alt", "width", "height"},
    "table": {"cellpadding", "cellspacing", "border", "width"},
    "td": {"align", "valign", "colspan", "rowspan", "width"},
}
_STYLES = {
    "border", "border-collapse", "border-left", "border-top", "color", "font-family", "font-size", "font-style",
    "font-weight", "line-height", "margin", "margin-bottom", "margin-top", "padding", "padding-left", "padding-top",
    "text-align", "text-decoration", "vertical-align", "width",
}  # fmt: skip
_SCHEMES = {"https", "http", "mailto", "tel"}


def set_signature(desk: Desk, viewer: Viewer, mailbox_id: str, *, text: str, html: str = "") -> str:
    """The mailbox's name. Both empty: it has none any more. Without text the text is made from the HTML.

    Only its owner and an admin may: it speaks for them. Raises WrongFieldsError, NotFoundError.
    """
    text, html = _lines(text).strip("\n "), _lines(html).strip()
    problems = _problems(text, html)
    if problems:
        raise WrongFieldsError(problems)
    markup = harmless(html)
    if markup and not text:
        text = text_of(markup).strip()
    if text and not cleaned(FIXED["signature"], text):
        part = "html" if html else "text"
        raise wrong(part, "Nobody would read a word in it.", "Write the name at least.")
    with desk.database.write() as tx:
        box = managed(tx, desk, viewer, mailbox_id)
        mailboxes.update_mailbox(tx, box.id, signature=text, signature_html=markup)
    return box.name


def harmless(html: str) -> str:
    """Markup that runs nothing, loads nothing but images by https, and leads where it says."""
    if not html:
        return ""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        filter_style_properties=_STYLES,
        url_schemes=_SCHEMES,
        link_rel=None,
        strip_comments=True,
        attribute_filter=_kept,
    ).strip()


def _kept(tag: str, name: str, value: str) -> str | None:
    if tag == "img" and name == "src" and not value.lower().startswith("https://"):
        return None
    if name == "style" and ("(" in value or "\\" in value):
        return None  # url(), expression(): nothing a signature needs
    return value


def _problems(text: str, html: str) -> dict[str, tuple[str, str]]:
    """By part: what is wrong, and how to mend it."""
    found = {}
    longest = FIXED["signature"].longest
    for part, held, most in (("text", text, longest), ("html", html, _LONGEST_HTML)):
        if len(held) > most:
            said = f"The signature has {len(held):,} characters; {most:,} are allowed."
            found[part] = (said, "Shorten it.")
        elif MARKS.search(held):
            found[part] = ("A signature is no template.", "Take out braces like {{ and {%.")
    return found


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
