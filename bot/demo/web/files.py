"""Files that were sent in a chat, over HTTP: pictures are shown, everything else is only saved."""

from typing import Final

from aiohttp import web

from bot.demo.state import StoredFile

ROUTE: Final = "/file/{file_id}"

SHOWN: Final = frozenset({"image/png", "image/jpeg", "image/webp"})
"""What a browser may show by itself."""


def given(file: StoredFile | None) -> web.Response:
    """Give a file.  Raises HTTPNotFound where there is none."""
    if file is None:
        raise web.HTTPNotFound
    if file.mime in SHOWN:
        return web.Response(body=file.data, content_type=file.mime)
    name = "".join(one if one.isalnum() or one in "._-" else "_" for one in file.name)
    saved = {"Content-Disposition": f'attachment; filename="{name.encode("ascii", "replace").decode()}"'}
    return web.Response(body=file.data, content_type="application/octet-stream", headers=saved)
