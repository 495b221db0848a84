"""HTML to readable text, in one pass of linear patterns: hostile markup costs no more than its length.

Not a renderer. Block elements end lines, table cells are parted by a space, quoted blocks get "> " so that the reply
can be told from the past, scripts, styles and comments go.
"""

from __future__ import annotations

import html
import re

# A tag ends at the next ">" or is broken off by the next "<": no pattern here can run past either.
_COMMENT_OR_HIDDEN = re.compile(
    r"<(?:(!--)|(style|script|head|title|template|noscript)(?=[\s>/]))", re.IGNORECASE
)
_CLOSERS = {
    name: re.compile(rf"</{name}[^<>]*>?", re.IGNORECASE)
    for name in ("style", "script", "head", "title", "template", "noscript")
}
_BREAKING = (
    "p", "div", "tr", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tbody", "pre",
    "hr", "section", "article", "header", "footer", "address", "center", "form",
)  # fmt: skip
_MEANING = {
    **dict.fromkeys(("br", *_BREAKING), "\n"),
    **{f"/{name}": "\n" for name in _BREAKING},
    "/td": " ",
    "/th": " ",
    "blockquote": "\n\x01\n",
    "/blockquote": "\n\x02\n",
}
_TAG_START = frozenset("abcdefghijklmnopqrstuvwxyz/!?")
_MANY_BREAKS = re.compile(r"\n{3,}")
_PRE = re.compile(r"<pre(?=[\s>])[^<>]*>", re.IGNORECASE)
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u200b\u2060\ufeff]+")


def html_to_text(markup: str) -> str:
    """Plain text of an HTML mail, lines by LF, at most one blank line between paragraphs."""
    markup = _drop_hidden(markup)
    if "<pre" in markup or "<PRE" in markup:
        markup = _keep_preformatted(markup)
    text = _without_tags(markup.replace("\n", " "))
    if "&" in text:
        text = html.unescape(text)
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
    lines = [" ".join(line.split()) for line in text.split("\n")]
    if "\x01" in text:
        lines = _mark_quotes(lines)
    return _MANY_BREAKS.sub("\n\n", "\n".join(lines)).strip()


def _without_tags(markup: str) -> str:
    """Every tag replaced by what it means. A tag ends at its ">" or is broken off by the next "<"."""
    before, *pieces = markup.split("<")
    out = [before]
    meaning_of = _MEANING.get
    for piece in pieces:
        tag, _, text = piece.partition(">")
        meaning = meaning_of(tag)
        if meaning is None:
            words = tag.split(None, 1)
            name = words[0].lower() if words else ""
            meaning = meaning_of(name) or meaning_of(name.rstrip("/"), "")
            if not meaning and (not words or tag[:1] == " " or name[0] not in _TAG_START):
                out.append(f"<{piece}")  # "a < b" is no tag
                continue
        out.append(meaning)
        out.append(text)
    return "".join(out)


def _drop_hidden(markup: str) -> str:
    """Without comments, scripts, styles and heads. An element that is never closed hides only its tag."""
    out: list[str] = []
    at = 0
    unclosed: set[str] = set()
    while found := _COMMENT_OR_HIDDEN.search(markup, at):
        name = "!--" if found[1] else found[2].lower()
        out.append(markup[at : found.start()])
        end = -1
        if name not in unclosed:
            if found[1]:
                end = markup.find("-->", found.end())
                end = end + 3 if end >= 0 else -1
            else:
                closer = _CLOSERS[name].search(markup, found.end())
                end = closer.end() if closer else -1
            if end < 0:
                unclosed.add(
                    name
                )  # look for that closer only once, or hostile mail makes this quadratic
        if end < 0:
            end = markup.find(">", found.end())
            if end < 0:
                return "".join(out)
            end += 1
        at = end
    if not out:
        return markup
    out.append(markup[at:])
    return "".join(out)


def _keep_preformatted(markup: str) -> str:
    """Line breaks inside <pre> mean something."""
    out: list[str] = []
    at = 0
    while found := _PRE.search(markup, at):
        end = markup.find("</pre", found.end())
        if end < 0:
            end = markup.find("</PRE", found.end())
        if end < 0:
            end = len(markup)
        out.append(markup[at : found.start()])
        out.append("<p>")
        out.append(markup[found.end() : end].replace("\n", "<br>"))
        at = end
    out.append(markup[at:])
    return "".join(out)


def _mark_quotes(lines: list[str]) -> list[str]:
    marked: list[str] = []
    depth = 0
    for line in lines:
        if line == "\x01":
            depth += 1
            marked.append("")
        elif line == "\x02":
            depth = max(0, depth - 1)
            marked.append("")
        elif depth and line:
            marked.append(f"{'>' * min(depth, 8)} {line}")
        else:
            marked.append(line)
    return marked
