"""The sample newsroom: each office on a port of its own, so that each is a host of its own to a harvester.

with SampleNewsroom() as newsroom:
    newsroom.write_catalogue(directory)
    newsroom.edit("20117", title="…")
"""

from __future__ import annotations

import hashlib
import json
import socketserver
import sys
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

from sources.sample.fa_portal import FaPortal
from sources.sample.iransamaneh import IranSamaneh
from sources.sample.releases import Release, read_releases
from sources.sample.site import VIEWS, Office, Site
from sources.sample.wordpress import WordPress

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from sources.sample.site import Answer

PLATFORMS: dict[str, type[Site]] = {site.platform: site for site in (FaPortal, IranSamaneh, WordPress)}
OFFICES = (
    Office(
        key="yazd",
        name_fa="اداره کل تعاون، کار و رفاه اجتماعی یزد (نمونه)",
        name_en="Labour office of Yazd (sample)",
        province="IR-21",
        platform="fa_portal",
    ),
    Office(
        key="gilan",
        name_fa="استانداری گیلان (نمونه)",
        name_en="Governorate of Gilan (sample)",
        province="IR-01",
        platform="wordpress",
    ),
    Office(
        key="hormozgan",
        name_fa="اداره کل تعاون، کار و رفاه اجتماعی هرمزگان (نمونه)",
        name_en="Labour office of Hormozgan (sample)",
        province="IR-22",
        platform="iransamaneh",
    ),
)
IDLE_SECONDS = 5
SHUTDOWN_POLL_SECONDS = 0.02


class SampleNewsroom:
    """Three offices served from memory while the context lasts.

    `ports` are one an office, in the order of `offices`; 0 or none takes a free one. An office keeps its port when the
    newsroom is stopped and started again. What is served may be changed at any time, before the start too.
    """

    def __init__(
        self,
        address: str = "127.0.0.1",
        ports: Sequence[int] | None = None,
        releases: Sequence[Release] | None = None,
    ) -> None:
        self._address = address
        self._ports = list(ports or [0] * len(OFFICES))
        if len(self._ports) != len(OFFICES):
            raise ValueError(f"{len(OFFICES)} offices need as many ports, not {len(self._ports)}")
        self._sites = {office.key: PLATFORMS[office.platform](office) for office in OFFICES}
        self._servers: list[_Server] = []
        self._changing = threading.Lock()
        self.requests: list[tuple[str, str]] = []
        """Every request seen, in order: (key of the office, target)."""
        self._publish(read_releases() if releases is None else releases)

    @property
    def offices(self) -> tuple[Office, ...]:
        return tuple(site.office for site in self._sites.values())

    @property
    def releases(self) -> tuple[Release, ...]:
        """What is served now, office by office, newest first."""
        return tuple(release for site in self._sites.values() for release in site.releases)

    def start(self) -> None:
        """Serve on all ports, or on none: raises `OSError` where one is taken."""
        if self._servers:
            raise RuntimeError("the sample newsroom has started already")
        try:
            for number, site in enumerate(self._sites.values()):
                server = _Server((self._address, self._ports[number]), site, self.requests)
                self._servers.append(server)
                self._ports[number] = server.server_port
                site.office = replace(site.office, url=f"http://{self._address}:{server.server_port}")
        except OSError:
            self._close()
            raise
        for server in self._servers:
            server.begin()

    def stop(self) -> None:
        """Free the ports; an answer that is under way is finished."""
        for server in self._servers:
            server.end()
        self._close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def url(self, release_id: str) -> str:
        """The address of a release. Raises `KeyError` for an unknown id."""
        release = self._find(release_id)
        site = self._sites[release.office]
        return site.url(site.path(release))

    def write_catalogue(self, directory: Path) -> None:
        """Write `agencies/sample.toml`: the sources `sample-yazd` and so on, to be read without delay."""
        if not all(office.url for office in self.offices):
            raise RuntimeError("the sample newsroom has no addresses before it has started")
        path = directory / "agencies" / "sample.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        head = _table("agency", {"name_fa": "تارنماهای نمونه", "name_en": "Sample newsroom"})
        path.write_text("\n".join([head, *map(_source, self.offices)]), "utf-8")

    def edit(self, release_id: str, **changes: Any) -> None:
        """Serve a release with other values of its fields. Raises `KeyError` for an unknown id."""
        with self._changing:
            old = self._find(release_id)
            site = self._sites[old.office]
            new = replace(old, **changes)
            site.former[site.path(old)] = old.id
            self._publish([*(release for release in self.releases if release.id != old.id), new])

    def move(self, release_id: str, slug: str) -> None:
        """Serve a release at an address with another slug; what becomes of the old one is the platform's custom."""
        self.edit(release_id, slug=slug)

    def remove(self, release_id: str) -> None:
        """Serve a release no more. Raises `KeyError` for an unknown id."""
        with self._changing:
            gone = self._find(release_id)
            self._publish([release for release in self.releases if release.id != gone.id])

    def unlist(self, release_id: str) -> None:
        """Serve a release that no list names. Raises `KeyError` for an unknown id."""
        with self._changing:
            hidden = self._find(release_id)
            self._sites[hidden.office].unlisted.add(hidden.id)

    def list(self, release_id: str) -> None:
        """Name a release in the lists again. Raises `KeyError` for an unknown id."""
        with self._changing:
            shown = self._find(release_id)
            self._sites[shown.office].unlisted.discard(shown.id)

    def add(self, release: Release) -> None:
        """Serve a new release. Raises `ValueError` if its id is taken or its office is unknown."""
        with self._changing:
            self._publish([*self.releases, release])

    def _find(self, release_id: str) -> Release:
        for release in self.releases:
            if release.id == release_id:
                return release
        raise KeyError(release_id)

    def _publish(self, releases: Iterable[Release]) -> None:
        newest_first = sorted(releases, key=lambda release: release.moment, reverse=True)
        seen: set[str] = set()
        for release in newest_first:
            if release.office not in self._sites:
                raise ValueError(f"release {release.id}: office: no office {release.office!r}")
            if release.id in seen:
                raise ValueError(f"release {release.id}: id: taken")
            seen.add(release.id)
        for key, site in self._sites.items():
            site.releases = tuple(release for release in newest_first if release.office == key)

    def _close(self) -> None:
        for server in self._servers:
            server.server_close()
        self._servers.clear()


class _Server(ThreadingHTTPServer):
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], site: Site, requests: list[tuple[str, str]]) -> None:
        self.site = site
        self.requests = requests
        self._thread = threading.Thread(target=self.serve_forever, args=[SHUTDOWN_POLL_SECONDS], daemon=True)
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """Bind without asking for the machine's name, which takes seconds where there is no name server."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self.shutdown()
        self._thread.join()

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # a harvester may hang up whenever it likes
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "monadi-sample"
    sys_version = ""
    timeout = IDLE_SECONDS
    wbufsize = -1
    server: _Server

    def do_GET(self) -> None:  # the name is http.server's
        self.server.requests.append((self.server.site.office.key, self.path))
        self._send(self.server.site.answer(self.path))

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Say nothing: `requests` tells."""

    def _send(self, answer: Answer) -> None:
        content = answer.data or answer.text.encode()
        etag = f'W/"{hashlib.sha256(content).hexdigest()[:24]}"'
        if answer.status == 200 and self._has(etag):  # noqa: PLR2004
            self._head(304, {"ETag": etag})
            return
        if VIEWS in answer.text:
            content = answer.text.replace(VIEWS, self.server.site.count_view()).encode()
        headers = {"Content-Type": answer.type, "Content-Length": str(len(content))}
        headers |= {"Location": answer.location} if answer.location else {}
        headers |= {"ETag": etag} if answer.status == 200 else {}  # noqa: PLR2004
        self._head(answer.status, headers)
        if self.command != "HEAD":
            self.wfile.write(content)

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Connection": "close"}.items():
            self.send_header(name, value)
        self.end_headers()

    def _has(self, etag: str) -> bool:
        """Whether the asker has this answer already (RFC 9110 §13.1.2: weak comparison)."""
        known = {tag.strip().removeprefix("W/") for tag in self.headers.get("If-None-Match", "").split(",")}
        return "*" in known or etag.removeprefix("W/") in known


def _source(office: Office) -> str:
    values: dict[str, str | float] = {
        "name_fa": office.name_fa,
        "name_en": office.name_en,
        "province": office.province,
        "platform": office.platform,
        "url": office.url + "/",
        "delay": 0.0,
        "connections": 4,
    }
    return _table(office.key, values)


def _table(name: str, values: dict[str, str | float]) -> str:
    """A TOML table; a JSON string is a TOML one."""
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
    return f"[{name}]\n{''.join(lines)}"
