"""Long answers go compressed to whoever takes that. For answers that hold nobody's secrets."""

from __future__ import annotations

import gzip

from flask import Response, request

WORTH_IT = 1000
QUICKLY = 2
"""Of nine levels: a tenth to a fifth of the size at once, for a third of a millisecond."""


def compress(response: Response) -> Response:
    """The answer, compressed where it is long and that is wanted."""
    if response.status_code != 200 or (response.content_length or 0) < WORTH_IT:
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"]:
        response.set_data(gzip.compress(response.get_data(), QUICKLY, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
