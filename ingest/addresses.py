"""Addresses as they may be shown: without the secrets that people and programs put into them."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

SMUGGLED = "__youtubedl_smuggle"
"""How yt-dlp hands itself data from one page to the next, behind the address."""


def public_address(address: str) -> str:
    """The address as a link: without user and password, and without yt-dlp's own data."""
    parts = _split(address)
    fragment = "" if parts.fragment.startswith(SMUGGLED) else parts.fragment
    return _without_user(parts)._replace(fragment=fragment).geturl()


def short_address(address: str) -> str:
    """Scheme, host and path: what a sentence about an address needs."""
    return _without_user(_split(address))._replace(query="", fragment="").geturl()


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:  # such as half a bracket: nothing of it can be trusted
        return urlsplit("")


def _without_user(parts: SplitResult) -> SplitResult:
    return parts._replace(netloc=parts.netloc.rpartition("@")[2])
