"""Rendered entries, kept in memory so that each is rendered once and not once a feed and request."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock


class Fragments:
    """The least recently used give way when there are more than `capacity` bytes. Threads may share it."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.size = 0
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """The fragment of this key, made if it is not there."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        fragment = make()
        with self._lock:
            self.size += len(fragment) - len(self._kept.pop(key, b""))
            self._kept[key] = fragment
            while self.size > self.capacity:
                _, oldest = self._kept.popitem(last=False)
                self.size -= len(oldest)
        return fragment

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self.size = 0
