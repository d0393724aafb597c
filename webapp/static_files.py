"""Scripts, styles and fonts under an address that names their contents.

All files share one prefix, the digest of the whole folder. Modules import each other by relative
paths, so a release moves them together and each can be kept by the browser for ever.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from apiflask import APIFlask
from flask import Response, send_from_directory

FOR_EVER = "public, max-age=31536000, immutable"
TYPES = {".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


def digest_folder(folder: Path) -> str:
    """A short digest of every file below a folder, names included."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(folder)}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def register(app: APIFlask, folder: Path) -> None:
    """Serve a folder, and give templates `static_url('name')`."""
    digest = digest_folder(folder)

    def static_url(name: str) -> str:
        current = digest_folder(folder) if app.debug else digest
        return f"/static/{current}/{name}"

    @app.get("/static/<version>/<path:name>")
    @app.doc(hide=True)
    def static_file(version: str, name: str) -> Response:
        response = send_from_directory(folder, name, mimetype=TYPES.get(Path(name).suffix))
        response.headers["Cache-Control"] = FOR_EVER if version == digest else "no-cache"
        return response

    app.jinja_env.globals["static_url"] = static_url
