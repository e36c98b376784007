"""What every answer tells the browser; asked of each answer that the crawls get (tests/isolation)."""

import re
from typing import Any

from django.conf import settings

from config.security_headers import PERMISSIONS_POLICY
from tests.isolation.markers import words_of

WANTED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
    "X-Frame-Options": settings.X_FRAME_OPTIONS,
}
# what would run, or be refused by our own policy: scripts and styles inside the page, in elements and attributes
_INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*\btype=\"application/(?:ld\+)?json\")|<style\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"<[a-z][^<>]*\s(?:on[a-z]+|style)\s*=\s*[\"']|href=\"\s*javascript:", re.IGNORECASE)


def faults_of(answer: Any) -> list[str]:
    """What an answer lacks."""
    headers = answer.headers
    faults = [f"{name}: {headers.get(name)}" for name, value in WANTED.items() if headers.get(name) != value]
    policy = headers.get("Content-Security-Policy", "")
    if "unsafe" in policy or not {"default-src 'self'", "object-src 'none'", "base-uri 'none'"} <= set(
        policy.split("; ")
    ):
        faults.append(f"Content-Security-Policy: {policy}")
    if "Cache-Control" not in headers:
        faults.append("no Cache-Control")
    if headers.get("Content-Type", "").startswith("text/html"):
        text = words_of(answer)
        faults += [f"inline: {found[0]}" for found in (*_INLINE.finditer(text), *_ATTRIBUTE.finditer(text))]
    return faults
