"""The digest as a mail: text and HTML over the same object. Nothing here sends it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import jinja2

import inboxcrm
from inboxcrm.views.digest_shapes import DigestView


def digest_as_text(view: DigestView, *, override: Path | None = None) -> str:
    """`override` is the house's own folder of templates."""
    return _environment(override).get_template("mail/digest.txt").render(view=view)


def digest_as_html(view: DigestView, *, override: Path | None = None) -> str:
    """A whole document that asks nothing of the network."""
    return _environment(override).get_template("mail/digest.html").render(view=view)


@lru_cache(maxsize=4)
def _environment(override: Path | None) -> jinja2.Environment:
    package = Path(inboxcrm.__file__).parent
    folders = [override, package / "templates", package.parent / "templates"]
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader([one for one in folders if one is not None]),
        autoescape=jinja2.select_autoescape(["html"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
