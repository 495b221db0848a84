"""Is an address suppressed? Said in SQL over a row of `address`, by an index whatever the list's length.

A suppressed domain covers the domain an address stands in and the registrable one above it: firm.example covers
bob@mail.firm.example.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select

from inboxcrm.store.tables import address, suppression

_STANDING = select(suppression.c.id).where(suppression.c.removed_at.is_(None))


def is_address_suppressed() -> ColumnElement[bool]:
    return (
        _STANDING.where(suppression.c.scope == "address", suppression.c.subject == address.c.key)
        .correlate(address)
        .exists()
    )


def is_domain_suppressed() -> ColumnElement[bool]:
    of_domain = _STANDING.where(suppression.c.scope == "domain")
    return or_(
        *(
            of_domain.where(suppression.c.subject == column).correlate(address).exists()
            for column in (address.c.domain, address.c.org_domain)
        )
    )


def is_suppressed() -> ColumnElement[bool]:
    return or_(is_address_suppressed(), is_domain_suppressed())
