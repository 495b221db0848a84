"""A template made whole: snippets put where they are named, the signature at the end where that is wanted.

This happens once, when a version is saved, and before the allow-list looks at it: what a snippet brings is checked as
if it had been typed there, and a version keeps what it was saved with, whatever becomes of the snippet. A snippet is
text of people with an account; what is known of a lead never comes near this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from markupsafe import escape

from inboxcrm.cadence.left_over import TAG
from inboxcrm.cadence.problems import TemplateProblem, place_of, problem_in
from inboxcrm.leads.segment_folding import folded_name

_CALL = re.compile(
    r"""\{\{[-+]?\s*snippet\s*\(\s*(?:"([^"\n{}]*)"|'([^'\n{}]*)')\s*\)\s*[-+]?\}\}"""
)
_SIGNED = re.compile(r"\{\{[-+]?\s*signature\b")
_END = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Snippet:
    """A named piece as it is now. `html` empty: the text serves there, too, with its lines broken."""

    name: str
    number: int
    text: str
    html: str = ""


@dataclass(frozen=True, slots=True)
class Assembled:
    """The parts as they are compiled; `snippets` by name with the number of the version that was put in.

    `lines`: for each part the line as it was written of every line as it is now, both from 1.
    """

    subject: str
    text: str
    html: str
    snippets: dict[str, int]
    problems: tuple[TemplateProblem, ...]
    lines: dict[str, tuple[int, ...]]

    @property
    def parts(self) -> dict[str, str]:
        return {"subject": self.subject, "text": self.text, "html": self.html}

    def as_written(self, problem: TemplateProblem) -> TemplateProblem:
        """With the place where its writer finds it: on a line that a snippet changed, the line's beginning."""
        known = self.lines.get(problem.part, ())
        if not problem.line or problem.line > len(known):
            return problem
        line = known[problem.line - 1]
        column = problem.column if known.count(line) == 1 else 1
        return problem_in(problem.part, line, column, problem.text)


def snippet_key(name: str) -> str:
    """Two names with the same key are the same snippet."""
    return folded_name(name)


def snippets_named(*sources: str) -> frozenset[str]:
    """The keys of the snippets that stand in these parts."""
    return frozenset(key for source in sources for _, key, _ in _calls(source))


def assemble(
    subject: str, text: str, html: str, *, snippets: Mapping[str, Snippet], signs: bool = False
) -> Assembled:
    """`snippets` by key. `signs`: the signature stands at the end of each part that does not place it itself."""
    problems: list[TemplateProblem] = []
    used: dict[str, int] = {}
    made: dict[str, str] = {}
    lines: dict[str, tuple[int, ...]] = {}
    for part, source in (("subject", subject), ("text", text), ("html", html)):
        source = re.sub(r"\r\n?", "\n", source)  # noqa: PLW2901 - the same text
        pieces: list[tuple[bool, str, str]] = []
        at = 0
        for tag, key, name in _calls(source):
            held = snippets.get(key)
            if held is None:
                problems.append(_unknown(part, source, tag.start(), name, snippets))
                # A word in its place, so that whatever else is wrong is told as well.
                stand_in = re.sub(r"[^\n]", "x", tag[0])
                pieces.append((False, source[at : tag.start()] + stand_in, ""))
                at = tag.end()
                continue
            used[held.name] = held.number
            pieces += [(False, source[at : tag.start()], ""), (True, _for(part, held), tag[0])]
            at = tag.end()
        pieces.append((False, source[at:], ""))
        made[part] = "".join(piece for _, piece, _ in pieces)
        lines[part] = tuple(_lines(pieces))
    if signs:
        made["text"], made["html"] = _signed_text(made["text"]), _signed_html(made["html"])
    return Assembled(made["subject"], made["text"], made["html"], used, tuple(problems), lines)


def _calls(source: str) -> Iterator[tuple[re.Match[str], str, str]]:
    """(the tag, the snippet's key, its name as written); what stands in a comment is none."""
    for tag in TAG.finditer(source):
        call = _CALL.fullmatch(tag[0])
        if call:
            name = call[1] if call[1] is not None else call[2]
            yield tag, snippet_key(name), name


def _for(part: str, snippet: Snippet) -> str:
    if part == "subject":
        return " ".join(snippet.text.split())
    if part == "html":
        return snippet.html or _as_html(snippet.text)
    return snippet.text


def _as_html(text: str) -> str:
    """Escaped, its lines broken; tags of the template stay as they are."""
    made, at = [], 0
    for tag in TAG.finditer(text):
        made += [_escaped(text[at : tag.start()]), tag[0]]
        at = tag.end()
    return "".join((*made, _escaped(text[at:])))


def _escaped(text: str) -> str:
    return str(escape(text)).replace("\n", "<br>\n")


def _lines(pieces: list[tuple[bool, str, str]]) -> Iterator[int]:
    """`pieces`: (whether it came from a snippet, the text, the tag it stands for)."""
    line = 1
    yield line
    for is_put, piece, tag in pieces:
        for _ in range(piece.count("\n")):
            line += not is_put
            yield line
        line += tag.count("\n")


def _signed_text(text: str) -> str:
    if not text.strip() or _SIGNED.search(text):
        return text
    return text.rstrip() + "\n\n{{ signature }}\n"


def _signed_html(html: str) -> str:
    if not html.strip() or _SIGNED.search(html):
        return html
    ends = list(_END.finditer(html))
    at = ends[0].start() if ends else len(html)
    return f"{html[:at].rstrip()}\n<p>{{{{ signature }}}}</p>\n{html[at:]}"


def _unknown(
    part: str, source: str, at: int, name: str, snippets: Mapping[str, Snippet]
) -> TemplateProblem:
    near = get_close_matches(snippet_key(name), snippets, n=1)
    meant = f'; did you mean "{snippets[near[0]].name}"?' if near else "."
    text = f'There is no snippet "{name[:60]}"{meant}'
    return problem_in(part, *place_of(source, at), text)
