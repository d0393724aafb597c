"""What every answer carries: a strict content policy, and no more about the visitor than needed.

The referrer policy is not stricter because embedded YouTube players refuse to start without an
origin; and there is no cross-origin embedder policy because it would block them.
"""

from __future__ import annotations

from apiflask import APIFlask
from flask import Response

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self' blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def register(app: APIFlask) -> None:
    """Set the headers on every answer, errors included."""

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, header in HEADERS.items():
            response.headers.setdefault(name, header)
        if not response.headers["X-Frame-Options"]:
            del response.headers["X-Frame-Options"]
        return response


def let_embed(response: Response) -> None:
    """Let other sites show this answer in a frame; everything else stays as strict."""
    _change(response, "frame-ancestors 'self'", "frame-ancestors *")
    response.headers["X-Frame-Options"] = ""


def let_show(response: Response, *, frames: str, images: str) -> None:
    """Let this answer show frames of one other origin and images of another one."""
    _change(response, "img-src 'self' data:", f"img-src 'self' data: {images}")
    _change(response, "default-src 'none'", f"default-src 'none'; frame-src {frames}")


def _change(response: Response, rule: str, other: str) -> None:
    policy = response.headers.get("Content-Security-Policy", CONTENT_POLICY)
    response.headers["Content-Security-Policy"] = policy.replace(rule, other)
