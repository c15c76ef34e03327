"""Serving the application by granian: one process, one event loop, until a signal."""

import asyncio
import gc
import os
import signal
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic, sleep

from anyio.to_thread import current_default_thread_limiter
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server

from archive import Archive
from sources import Catalogue
from syndication.errors import CannotListen
from syndication.feeds import Place
from syndication.web.access import Access
from syndication.web.app import create_app
from syndication.web.clients import Proxies
from syndication.web.connections import Connections
from syndication.web.front import Front
from syndication.web.loop import Loop
from syndication.websub import Announcer

LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where a browser of this machine finds "every address"
LAST_PORT = 65_535
THREADS = 8  # that answer at the same time; fewer than the connections of the archive's pool
POLL = 0.02  # seconds
HEAD = 20  # seconds for the head of a request, from the first one's connection or the last one's answer on
LONGEST_HEAD = 64 * 2**10  # bytes
UNREAD = 30  # seconds without a byte taken, after which a client is no longer waited for
CONNECTIONS = 512  # at the same time; more wait
LOOK = 0.5  # seconds between two looks at whether one client holds too many of them
LOGGING = {  # granian's messages go where ours go, and only what is wrong is one
    "formatters": {},
    "handlers": {},
    "loggers": {"_granian": {"level": "ERROR", "propagate": True}},
}


def serve(
    archive: Archive,
    catalogue: Catalogue,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    base_url: str | None = None,
    hub: str | None = None,
    access: Access | None = None,
    announce: Callable[[str], None] = print,
) -> None:
    """Serve until SIGINT or SIGTERM, then finish what is being answered and return.

    `announce` gets one line with the address, once it answers; port 0 is any free one. `base_url` is where subscribers
    reach this server, by default the same address; `hub` the WebSub hub that
    feeds name and that is told of news; `access` says how often a client may ask the API (see `Access.read`).
    Raises `CannotListen` before anything is served.
    """
    host, port = free(host, port)
    shown = LOOPBACK.get(host, host)
    here = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"
    app = create_app(archive, catalogue, base_url or here, hub, access)
    gc.collect()
    gc.freeze()  # what is loaded by now stays, and need not be gone through again while a reader waits: 80 ms
    with (
        Announcer(archive, catalogue, Place(base_url=base_url or here, hub=hub)),
        _threads_ended(),
        asyncio.Runner(loop_factory=Loop) as runner,
    ):
        held = Connections(port, access.proxies if access else Proxies())
        runner.run(_serve(app, host, port, held, lambda: announce(f"Monadi answers at {here}/ (Ctrl+C stops it)")))


@contextmanager
def _threads_ended() -> Iterator[None]:
    """Leaves when the threads that were started in the block have ended, or after a second.

    Those of granian end by themselves when it stops; one that does so while the interpreter ends aborts the process.
    """
    before = _native_threads()
    yield
    until = monotonic() + 1
    while _native_threads() - before and monotonic() < until:
        sleep(POLL)


def _native_threads() -> set[int]:
    """The threads of this process that are not Python's own; none where the system does not tell."""
    try:
        tasks = {int(task.name) for task in Path("/proc/self/task").iterdir()}
    except OSError:
        return set()
    return tasks - {thread.native_id for thread in threading.enumerate() if thread.native_id}


def free(host: str, port: int) -> tuple[str, int]:
    """The numeric address and port of a host that can be listened at. Raises `CannotListen`.

    granian shares its port with whoever asks (SO_REUSEPORT), so two servers on one port would each get half of the
    readers; a socket that does not share finds out.
    """
    if not 0 <= port <= LAST_PORT:
        raise CannotListen(
            f"cannot listen at {host}:{port}: ports go from 0 to {LAST_PORT}; choose another one with --port"
        )
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with closing(socket.socket(family, kind, protocol)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            bound = probe.getsockname()
            return str(bound[0]), int(bound[1])
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CannotListen(f"cannot listen at {host}:{port}: {reason}; choose another with --host or --port") from None


async def _serve(app: Front, host: str, port: int, held: Connections, ready: Callable[[], None]) -> None:
    server = Server(
        app,
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,  # granian waits for ever to find out which HTTP a silent client speaks
        http1_settings=HTTP1Settings(header_read_timeout=HEAD * 1000, max_buffer_size=LONGEST_HEAD),
        websockets=False,
        backpressure=CONNECTIONS,
        log_level=LogLevels.error,
        log_dictconfig=LOGGING,
    )
    current_default_thread_limiter().total_tokens = THREADS
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, server.stop)
    waiting = loop.create_task(_when_answering(LOOPBACK.get(host, host), port, ready))
    trimming = loop.create_task(_trim(held))
    await server.serve()
    waiting.cancel()
    trimming.cancel()
    if not server.interrupt_signal:
        raise CannotListen(f"cannot go on listening at {host}:{port}: the server ended; its log says why")


async def _trim(held: Connections) -> None:
    while True:
        await asyncio.sleep(LOOK)
        held.trim()


async def _when_answering(host: str, port: int, ready: Callable[[], None]) -> None:
    """What granian tells comes too early: it binds its socket after all its hooks have run. A connection tells."""
    while True:
        try:
            _, writer = await asyncio.open_connection(host, port)
        except OSError:
            await asyncio.sleep(POLL)
        else:
            writer.close()
            _cut_off(port)
            return ready()


def _cut_off(port: int) -> None:
    """Have the system end connections to a port whose clients take nothing, which granian has no setting for.

    Connections inherit it from the socket that listens, which is found among the open files; where the system has no
    such option, or shows no files, slow clients hold what was written for them.
    """
    option = getattr(socket, "TCP_USER_TIMEOUT", None)  # Linux
    files = Path("/proc/self/fd")
    if option is None or not files.is_dir():
        return
    for file in list(files.iterdir()):
        try:
            if not stat.S_ISSOCK(file.stat().st_mode):  # a copy of a pipe's end would keep its reader waiting
                continue
            with closing(socket.socket(fileno=os.dup(int(file.name)))) as found:
                if found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) and found.getsockname()[1] == port:
                    found.setsockopt(socket.IPPROTO_TCP, option, UNREAD * 1000)
        except OSError:  # no socket, or closed by now
            continue
