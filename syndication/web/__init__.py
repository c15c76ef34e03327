"""The web face: pages, records and feeds over HTTP, for readers and for programs.

    serve(archive, catalogue, base_url="https://news.example.ir", host="127.0.0.1", port=8000)

`create_app` gives the same as an ASGI application for any other server. Nothing here loads Scrapy or Twisted, runs a
script in the reader's browser, sets a cookie, or believes the `Host` that a client states.
"""

from syndication.web.app import create_app
from syndication.web.server import serve

__all__ = ["create_app", "serve"]
