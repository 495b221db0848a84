"""Where things stand: paths of our own pages, and the page of a thread at its provider."""

from __future__ import annotations

from urllib.parse import quote

# Providers with pages of their own: what the link says, and where it leads.
_OPENERS = {
    "gmail": ("Open in Gmail", "https://mail.google.com/mail/u/{address}/#all/{ref}"),
}


def lead_url(lead_id: str) -> str:
    return f"/leads/{lead_id}"


def organization_url(organization_id: str) -> str:
    return f"/organizations/{organization_id}"


def thread_url(thread_id: str) -> str:
    return f"/threads/{thread_id}"


def mail_url(thread_id: str | None, message_id: str | None) -> str | None:
    """One mail in its thread; None where either is not known."""
    return f"{thread_url(thread_id)}#m-{message_id}" if thread_id and message_id else None


def provider_url(provider: str, *, address: str, ref: str) -> tuple[str | None, str]:
    """(address, what to call it); (None, "") where the provider has no pages."""
    known = _OPENERS.get(provider)
    if known is None or not address or not ref:
        return None, ""
    label, pattern = known
    return pattern.format(address=quote(address, safe="@"), ref=quote(ref, safe="")), label
