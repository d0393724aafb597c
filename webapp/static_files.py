"""Scripts, styles and fonts under an address that names their contents.

Text is sent compressed to whoever takes it, and scripts without their JSDoc and indentation,
which are for readers of the source; line numbers stay. All files share one prefix, the digest of
the whole folder. Modules import each other by relative paths, so a release moves them together and
each can be kept by the browser for ever.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from functools import lru_cache
from pathlib import Path

from apiflask import APIFlask
from flask import Response, request, send_from_directory
from werkzeug.security import safe_join

FOR_EVER = "public, max-age=31536000, immutable"
COMPRESSED = {".js", ".css", ".svg"}
_COMMENT = re.compile(r"/\*\*(?:(?!\*/).)*\*/[ \t]*", re.DOTALL)
_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)
TYPES = {".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


def digest_folder(folder: Path) -> str:
    """A short digest of every file below a folder, names included."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(folder)}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def as_sent(script: str) -> str:
    """A script without its JSDoc, types amid the code included, and indentation; lines stay."""
    bare = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), script)
    return _INDENTATION.sub("", bare)


@lru_cache(maxsize=512)
def _compressed(path: Path, _modified: float) -> bytes:
    text = path.read_text()
    return gzip.compress((as_sent(text) if path.suffix == ".js" else text).encode(), 9)


def _answer(folder: Path, name: str) -> Response:
    """The file; compressed where that is possible and wanted."""
    kind = TYPES.get(Path(name).suffix)
    path = Path(safe_join(str(folder), name) or folder)
    is_text = path.suffix in COMPRESSED and path.is_file()
    if not is_text or not request.accept_encodings["gzip"]:
        return send_from_directory(folder, name, mimetype=kind)
    body = _compressed(path, path.stat().st_mtime)
    response = Response(body, mimetype=kind or "text/css")
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response


def register(app: APIFlask, folder: Path) -> None:
    """Serve a folder, and give templates `static_url('name')`."""
    digest = digest_folder(folder)

    def static_url(name: str) -> str:
        current = digest_folder(folder) if app.debug else digest
        return f"/static/{current}/{name}"

    @app.get("/static/<version>/<path:name>")
    @app.doc(hide=True)
    def static_file(version: str, name: str) -> Response:
        response = _answer(folder, name)
        response.headers["Cache-Control"] = FOR_EVER if version == digest else "no-cache"
        return response

    app.jinja_env.globals["static_url"] = static_url
