"""The opening of every form of a panel. Written in Python, because a panel has a dozen and is drawn at every mail."""

from __future__ import annotations

from flask import g
from markupsafe import Markup, escape

from inboxcrm.web.panel import OpenPanel
from inboxcrm.web.room import new_key
from inboxcrm.web.security import csrf_token


def change(
    action: str, open_panel: OpenPanel, *, version: int | None = None, back: str = "", css: str = ""
) -> Markup:
    """A form that works alone and, with htmx, swaps the panel. `back` has the focus afterwards; close it by </form>."""
    path = escape(action)
    told = f'<input type="hidden" name="version" value="{version}">' if version is not None else ""
    extra = (f' data-back="{escape(back)}"' if back else "") + (
        f' class="{escape(css)}"' if css else ""
    )
    return Markup(  # noqa: S704 - every part is escaped above or ours
        f'<form method="post" action="{path}" hx-post="{path}" hx-target="#panel" hx-swap="innerHTML"{extra}>'
        f'{_shared(open_panel)}<input type="hidden" name="idempotency_key" value="{new_key()}">{told}'
    )


def _shared(open_panel: OpenPanel) -> Markup:
    """The fields that all forms of one panel have in common, put together once a request."""
    kept: tuple[OpenPanel, Markup] | None = g.get("panel_fields")
    if kept is not None and kept[0] is open_panel:
        return kept[1]
    pairs = (("csrf_token", csrf_token()), *open_panel.fields)
    fields = Markup("").join(
        Markup('<input type="hidden" name="{}" value="{}">').format(name, value)
        for name, value in pairs
    )
    g.panel_fields = (open_panel, fields)
    return fields
