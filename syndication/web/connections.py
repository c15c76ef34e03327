"""How many connections one client may hold; granian knows only how many all of them may.

Whoever holds more loses those that have been silent for longest, so that nobody can keep the others out by opening all
that there are. Only Linux shows a process its connections and since when they are silent; elsewhere nothing is closed.
"""

import os
import socket
import stat
import struct
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

from syndication.web.clients import Proxies

MOST: Final = 256  # of one client, half of all: a browser opens six, an aggregator some dozens
FILES: Final = Path("/proc/self/fd")
_SENT, _RECEIVED = 44, 52  # where `tcp_info` (linux/tcp.h) has the milliseconds since data went out, and came in
_INFO = 56  # bytes of it, up to there


class Connections:
    """The connections to a port of this process."""

    def __init__(self, port: int, proxies: Proxies, most: int = MOST) -> None:
        self._port, self._proxies, self._most = port, proxies, most

    def trim(self) -> int:
        """Close what any client holds too much, and return how many those were."""
        if not FILES.is_dir() or len(os.listdir(FILES)) <= self._most:  # noqa: PTH208 - no need of paths
            return 0
        closed = 0
        with ExitStack() as stack:
            for held in self._by_client(stack).values():
                held.sort(key=_silent)
                for connection in held[self._most :]:
                    closed += 1
                    with suppress(OSError):  # closed by now
                        connection.shutdown(socket.SHUT_RDWR)
        return closed

    def _by_client(self, stack: ExitStack) -> dict[str, list[socket.socket]]:
        held = defaultdict(list)
        for connection, peer in connections(self._port):
            stack.enter_context(connection)
            if client := self._proxies.holder(peer):
                held[client].append(connection)
        return held


def connections(port: int) -> Iterator[tuple[socket.socket, str]]:
    """Copies of the sockets of this process that clients of a port hold, to be closed, each with the peer's address."""
    for name in os.listdir(FILES):  # noqa: PTH208 - no need of paths
        try:
            if not stat.S_ISSOCK((FILES / name).stat().st_mode):
                continue
            found = socket.socket(fileno=os.dup(int(name)))
        except OSError:  # closed by now
            continue
        peer = _peer(found, port)
        if peer is None:
            found.close()
        else:
            yield found, peer


def _peer(found: socket.socket, port: int) -> str | None:
    """The other end's address, None for what is no connection to the port."""
    try:
        return str(found.getpeername()[0]) if found.getsockname()[1] == port else None
    except (OSError, IndexError, TypeError):  # it listens, or is no socket of the network
        return None


def _silent(connection: socket.socket) -> int:
    """Milliseconds since either end said anything."""
    try:
        told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO)
    except OSError:
        return 0
    return min(int(struct.unpack_from("=I", told, at)[0]) for at in (_SENT, _RECEIVED))
