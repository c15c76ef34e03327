"""Images of releases that the archive holds, served from here, so that a reader's browser asks nobody else for them."""

from http import HTTPStatus

import sqlalchemy as sa
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from archive import Archive, Article, images
from archive.images import Image
from archive.rasters import TYPES
from syndication.web.responses import tags_of

A_YEAR = 31_536_000  # seconds; an image's address follows from its content


class Images:
    """Answers `/images/<digest>.<kind>`, of the kind that the archive judged the bytes to be when it kept them."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.route = Route("/images/{digest}.{kind}", self.image)

    def image(self, request: Request) -> Response:
        digest, kind = request.path_params["digest"], request.path_params["kind"]
        content = self.archive.images.read(digest, kind)
        if content is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        headers = {"ETag": f'"{digest}"', "Cache-Control": f"public, max-age={A_YEAR}, immutable"}
        if digest in tags_of(request.headers.get("if-none-match", "")):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        return Response(content, media_type=TYPES[kind], headers=headers)


def held(connection: sa.Connection, article: Article) -> dict[str, Image]:
    """Which images of a release the archive holds, by the address that the release states, in its order."""
    urls = images.addresses(article)
    found = images.held(connection, article.source, urls)
    return {url: found[url] for url in urls if url in found}


def path(image: Image) -> str:
    """Where on this Monadi an image is; `Views.here` makes an address of it."""
    return f"/images/{image.name}"
