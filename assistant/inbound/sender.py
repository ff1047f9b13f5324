"""A sender's address without what a mail program or its owner put behind a mark."""

from __future__ import annotations

SUBADDRESS_MARKS = "+"
"""RFC 5233 leaves the separator to the provider; "+" is the one that all the big ones share."""


def without_subaddress(address: str) -> str:
    """The address without its subaddress (RFC 5233): ``mia+work@example.com`` is ``mia@example.com``."""
    local, at, domain = address.rpartition("@")
    for mark in SUBADDRESS_MARKS:
        name, _, _ = local.partition(mark)
        if name:
            local = name
    return f"{local}{at}{domain}"
