"""Logs for programs: with `MONADI_LOG=json` a line of JSON on standard error for each crawl, and for what is warned of.

By default nothing is changed: Monadi's lines are for people, and Python's logging says the rest. structlog is loaded
when JSON is asked for alone. What looks like a secret never reaches a line.
"""

import json
import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, Final

from archive.crawls import Result
from persian.text import printable

OURS: Final = ("archive", "spiders", "sources", "syndication", "monadi")
CRAWLS: Final = "monadi.crawl"
SECRET: Final = re.compile("password|passwd|secret|token|authorization|api_?key", re.IGNORECASE)
LOGIN: Final = re.compile(r"(?<=://)[^/\s@]+@")  # of an address

logger = logging.getLogger(CRAWLS)


def configure(form: str) -> None:
    """Log as `MONADI_LOG` says: "text", or "json"."""
    if form != "json" or any(isinstance(each, _Json) for each in logging.getLogger(OURS[0]).handlers):
        return
    handler = _Json(sys.stderr)
    for name in OURS:
        ours = logging.getLogger(name)
        ours.addHandler(handler)
        ours.propagate = False
    logger.setLevel(logging.INFO)


def crawl_ended(source: str, result: Result, seconds: float) -> None:
    """A line for a crawl: what it came to, why, what it counted and how long it took."""
    facts = {
        "source": source,
        "outcome": str(result.outcome),
        "reason": result.reason,
        "seconds": round(seconds, 1),
        "counts": {name: number for name, number in result.counts.items() if number},
    }
    logger.info("crawl ended", extra={"facts": facts})


class _Json(logging.StreamHandler[Any]):
    def __init__(self, stream: Any) -> None:
        import structlog  # noqa: PLC0415 - a tenth of a second

        super().__init__(stream)
        stdlib = structlog.stdlib
        timestamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
        self.setFormatter(
            stdlib.ProcessorFormatter(
                foreign_pre_chain=[timestamp, stdlib.add_log_level, stdlib.add_logger_name, _with_facts],
                processors=[
                    stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    stripped,
                    structlog.processors.JSONRenderer(_written),
                ],
            )
        )


def _with_facts(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    event.update(getattr(event.get("_record"), "facts", {}))
    return event


def stripped(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A line without what its name calls a secret, and without logins in addresses."""
    return {key: "…" if SECRET.search(key) else _without_logins(value) for key, value in event.items()}


def _written(event: Mapping[str, Any], **options: Any) -> str:
    """JSON in which the texts of sites do nothing to the terminal that shows it."""
    return printable(json.dumps(event, ensure_ascii=False, **options))


def _without_logins(value: Any) -> Any:
    return LOGIN.sub("…@", value) if isinstance(value, str) else value
