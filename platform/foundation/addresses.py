"""Addresses that a page may be asked to lead back to."""

from django.utils.http import url_has_allowed_host_and_scheme


def is_page_here(address: str) -> bool:
    """Whether the address leads to a page of the host where we are, from whichever page it is followed."""
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
