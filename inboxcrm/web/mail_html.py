"""The HTML of a mail made safe and quiet. Whatever a stranger wrote, what leaves here cannot run, load or look like us.

    1. nh3 rebuilds the mail from a short list of tags; styles stay for one more step, to tell what was hidden.
    2. one pass over that well-formed result drops what was hidden (preheaders, tracking pixels), counts the remote
       images, leaves them out unless they were asked for, and folds the quoted past at the end.
    3. nh3 has the last word, without any style at all.

Colours and fonts are the reader's, not the sender's: the mail is read in our own type, light or dark. The frame it is
shown in has no scripts and a policy of its own (`web/inbox.py`), so that a hole here would still lead nowhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit

import nh3

MAX_CHARACTERS = 1_000_000
FOLD_FROM = 120
# Around the quote and the line that introduces it, as Gmail, Yahoo and Proton write them.
QUOTE_CLASSES = frozenset(
    {"gmail_quote", "gmail_quote_container", "yahoo_quoted", "protonmail_quote"}
)
# Outlook puts nothing around the quote: with this element it begins, and it goes on to the end of what holds it.
QUOTE_STARTS = frozenset(
    {"divRplyFwdMsg", "x_divRplyFwdMsg", "mail-editor-reference-message-container"}
)
MAX_DEPTH = 200
# Beyond these a mail is no letter but an attack on the cleaner (its time grows with the square of both).
MAX_NESTING = 2_000
MAX_AMPERSANDS = 50_000


def _tags(text: str) -> frozenset[str]:
    return frozenset(text.split())


BLOCKS = _tags(
    "address article blockquote caption center dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr"
    " li main ol p pre section table tbody td tfoot th thead tr ul"
)
INLINE = _tags(
    "a abbr b bdi bdo br cite code del em font i img ins kbd mark q s samp small span strike strong sub sup time tt"
    " u var wbr"
)
VOID = _tags("br hr img wbr")
# Void, or closed by the next of its kind.
UNNESTED = VOID | _tags("p li dt dd tr td th tbody thead tfoot option meta link input col")
# Gone with all that is in them.
SWALLOWED = _tags(
    "script style title head template noscript object embed applet iframe frame svg math select textarea button form"
    " audio video canvas map"
)
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align"},
    "ol": {"start"},
    "*": {"dir", "lang"},
}
# Outlook on a desk begins it with a line above the old mail's head.
_QUOTE_LINE = re.compile(
    r"^border:\s*none;\s*border-top:\s*solid\s*#[0-9a-f]{6}\s*1\.0pt", re.IGNORECASE
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_HIDDEN = re.compile(
    r"(?:^|;)\s*(?:display:\s*none|visibility:\s*hidden|opacity:\s*0(?:\.0*)?\s*(?:;|$)"
    r"|max-height:\s*[01](?:px)?\s*(?:;|$)|font-size:\s*[01](?:px)?\s*(?:;|$))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class CleanMail:
    """`remote_images` counts those that would be fetched from elsewhere, `remote_hosts` names from where; they are in
    `html` only when asked for.

    A tangled mail has no `html` at all: show its text instead.
    """

    html: str
    remote_images: int = 0
    remote_hosts: tuple[str, ...] = ()
    is_cut: bool = False
    is_tangled: bool = False


def clean_mail(html: str, *, with_images: bool = False) -> CleanMail:
    is_cut = len(html) > MAX_CHARACTERS
    html = html[:MAX_CHARACTERS]
    if html.count("&") > MAX_AMPERSANDS or _nesting(html) > MAX_NESTING:
        return CleanMail("", is_cut=is_cut, is_tangled=True)
    styled = {tag: names | {"style"} for tag, names in ATTRIBUTES.items()}
    for tag in BLOCKS | INLINE:
        styled.setdefault(tag, {"style"})
    styled["div"] = {"style", "id"}
    rough = nh3.clean(
        html,
        tags=set(BLOCKS | INLINE),
        clean_content_tags=set(SWALLOWED),
        attributes=styled,
        allowed_classes={"div": set(QUOTE_CLASSES)},
        url_schemes={"http", "https", "mailto", "tel"},
        url_relative="deny",
        link_rel=None,
    )
    quiet = _Quiet(with_images=with_images)
    quiet.feed(rough)
    quiet.close()
    kept = {**ATTRIBUTES, "details": {"class"}, "span": {"class"}}
    done = nh3.clean(
        quiet.result(),
        tags={*BLOCKS, *INLINE, "details", "summary"},
        clean_content_tags=set(SWALLOWED),
        attributes=kept,
        url_schemes={"http", "https", "mailto", "tel"},
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return CleanMail(done, quiet.remote_images, tuple(sorted(quiet.remote_hosts)), is_cut)


def _nesting(html: str) -> int:
    """The depth a parser would reach, roughly and never too low for tags that do not close themselves."""
    if html.count("<") <= MAX_NESTING:
        return 0
    depth = deepest = 0
    for match in _TAG.finditer(html):
        if match[2].lower() in UNNESTED:
            continue
        depth += -1 if match[1] else 1
        depth = max(depth, 0)
        deepest = max(deepest, depth)
    return deepest


def _host_of(address: str) -> str:
    try:
        return urlsplit(address).hostname or "an unreadable address"
    except ValueError:
        return "an unreadable address"


class _Quiet(HTMLParser):
    """Step 2. Its input is nh3's output, so every tag is closed and every attribute quoted."""

    def __init__(self, *, with_images: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.remote_images = 0
        self.remote_hosts: set[str] = set()
        self._with_images = with_images
        self._out: list[str] = []
        self._open: list[tuple[str, bool, int]] = []
        self._hidden_at: int | None = None
        self._quotes = 0
        self._quote_start: int | None = None
        self._quote_end = 0
        self._quote_text = 0
        self._text_after = 0
        self._is_forward = False
        self._written = 0
        self._rest_depth: int | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        classes = (given.pop("class", None) or "").split()
        is_quote = tag == "blockquote" or not QUOTE_CLASSES.isdisjoint(classes)
        style = given.pop("style", None) or ""
        is_start = given.pop("id", None) in QUOTE_STARTS or (
            tag == "div" and bool(_QUOTE_LINE.search(style.strip()))
        )
        is_hidden = bool(_HIDDEN.search(style)) or self._is_pixel(tag, given)
        if tag in VOID:
            if self._hidden_at is None and not is_hidden:
                self._write(tag, given) if tag != "img" else self._show_image(given)
            return
        # Without a word before it, the rest is what the mail is about: forwarded.
        if is_start and self._hidden_at is None and not self._quotes and self._written:
            start, self._rest_depth = self._outermost_start()
            self._begin_quote()
            self._quote_start = start
        self._open.append((tag, is_quote, len(self._out)))
        if self._hidden_at is None and is_hidden:
            self._hidden_at = len(self._open)
        if self._hidden_at is not None:
            return
        if is_quote:
            self._begin_quote()
        if len(self._open) <= MAX_DEPTH:
            self._write(tag, given)

    def _outermost_start(self) -> tuple[int, int]:
        """Where the rest begins and how deep: before the boxes that hold nothing else so far; they only dress it."""
        start, depth = len(self._out), len(self._open)
        while 0 < depth <= MAX_DEPTH:
            while start and self._out[start - 1].isspace():
                start -= 1
            tag, _, opened_at = self._open[depth - 1]
            if tag != "div" or opened_at != start - 1:
                break
            start, depth = opened_at, depth - 1
        return start, depth

    def _begin_quote(self) -> None:
        if self._quotes == 0:
            self._quote_start, self._quote_text, self._text_after = len(self._out), 0, 0
            self._is_forward = False
        self._quotes += 1

    def _end_quote(self) -> None:
        self._quotes -= 1
        if self._quotes == 0:
            self._quote_end = len(self._out)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or not self._open:
            return
        depth = len(self._open)
        _, is_quote, _ = self._open.pop()
        if self._hidden_at is not None:
            if depth == self._hidden_at:
                self._hidden_at = None
            return
        if depth == self._rest_depth:
            self._rest_depth = None
            self._end_quote()
        if depth <= MAX_DEPTH:
            self._out.append(f"</{tag}>")
        if is_quote:
            self._end_quote()

    def handle_data(self, data: str) -> None:
        if self._hidden_at is not None:
            return
        self._out.append(escape(data, quote=False))
        length = len(data.strip())
        if self._quotes:
            if not self._quote_text and data.strip().startswith("-----"):
                self._is_forward = True
            self._quote_text += length
        else:
            self._text_after += length
            self._written += length

    def result(self) -> str:
        """What was written, the quoted past folded.

        The last quote is folded when nothing of weight follows it. Quotes answered line by line stay open, and so
        does a forwarded mail: it is what the mail is about.
        """
        if self._rest_depth is not None:
            self._end_quote()
        if (
            self._quote_start is not None
            and self._quote_text >= FOLD_FROM
            and not self._is_forward
            and self._text_after <= 40
        ):
            fold = '<details class="quoted"><summary>Show the quoted mail</summary>'
            self._out.insert(self._quote_end, "</details>")
            self._out.insert(self._quote_start, fold)
        return "".join(self._out)

    def _write(self, tag: str, given: dict[str, str | None]) -> None:
        words = "".join(f' {name}="{escape(value or "")}"' for name, value in given.items())
        self._out.append(f"<{tag}{words}>")

    def _show_image(self, given: dict[str, str | None]) -> None:
        """What is not loaded stands there by its name, if it has one."""
        source = given.get("src") or ""
        is_remote = source.startswith(("http:", "https:"))
        self.remote_images += is_remote
        if is_remote:
            self.remote_hosts.add(_host_of(source))
        if is_remote and self._with_images:
            self._write("img", given)
            return
        name = " ".join((given.get("alt") or "").split())[:80]
        if name:
            self._out.append(f'<span class="image">{escape(name, quote=False)}</span>')

    @staticmethod
    def _is_pixel(tag: str, given: dict[str, str | None]) -> bool:
        return tag == "img" and any(
            (given.get(side) or "").strip(" px") in {"0", "1"} for side in ("width", "height")
        )
