"""Many questions at once: lines of JSON in, a line of JSON out for each, in their order."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, BinaryIO, Final

from bot.answer import plain
from bot.desk import Desk
from bot.engine import Reply


LONGEST_LINE: Final = 1_000_000
"""Bytes of a line that are read; of a longer one nothing is."""


class BadLine(Exception):
    """A line that asks nothing; the message says why."""


def bounded(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a stream; of one that is too long the beginning, and the rest is never kept."""
    while line := stream.readline(LONGEST_LINE + 1):
        yield line
        while len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE + 1)


def answered(
    desk: Desk, lines: Iterable[bytes], moment: Callable[[str | None], datetime]
) -> Iterator[str]:
    """The answer to each line that isn't blank; a bad one gets a line that says what is wrong.

    `moment` makes an aware moment of what a line gives as its `now`, or of `None` if it gives none,
    and raises `ValueError` with a sentence if that is none.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield json.dumps(_answer(desk, line, number, moment), ensure_ascii=False)


def _answer(
    desk: Desk, line: bytes, number: int, moment: Callable[[str | None], datetime]
) -> dict[str, object]:
    name: object = None
    try:
        item = _parsed(line)
        name = _id(item)
        text, history = _question(item), _history(item)
        now = _now(item, moment)
    except BadLine as error:
        return {"id": name, "error": f"line {number}: {error}"}
    reply = desk.attempt(f"in line {number}", lambda: desk.converse(history, text, now))
    return {"id": name, **_told(reply)}


def _told(reply: Reply) -> dict[str, object]:
    answer = reply.answer
    return {
        "status": str(answer.status),
        "reason": str(answer.reason) if answer.reason else None,
        "text": plain(answer),
        "records": list(answer.records),
        "read_as": str(reply.reading.query),
    }


# -- what a line gives -----------------------------------------------------------------------


def _parsed(line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST_LINE:
        raise BadLine(f"longer than {LONGEST_LINE:,} bytes")
    try:
        item = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadLine("not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise BadLine("not JSON") from error
    if not isinstance(item, dict):
        raise BadLine("not a JSON object such as {“id”: 1, “q”: “when is lunch?”}")
    return item


def _id(item: dict[str, Any]) -> str | int | float | None:
    found = item.get("id")
    if isinstance(found, float) and math.isfinite(found):
        return found
    if found is None or (isinstance(found, int) and not isinstance(found, bool)):
        return found
    if isinstance(found, str):
        return _sound(found, "id")
    raise BadLine("“id” is neither a text nor a number")


def _question(item: dict[str, Any]) -> str:
    text = item.get("q")
    if not isinstance(text, str) or not text.strip():
        raise BadLine("“q” is no question" if "q" in item else "no question “q”")
    return _sound(text, "q")


def _history(item: dict[str, Any]) -> list[str]:
    earlier = item.get("history")
    if earlier is None:
        return []
    if not isinstance(earlier, list) or not all(isinstance(e, str) for e in earlier):
        raise BadLine("“history” is not a list of questions")
    return [_sound(e, "history") for e in earlier]


def _now(item: dict[str, Any], moment: Callable[[str | None], datetime]) -> datetime:
    given = item.get("now")
    if given is not None and not isinstance(given, str):
        raise BadLine("“now” is not a text")
    try:
        return moment(given)
    except ValueError as error:
        raise BadLine(f"“now”: {error}") from error


def _sound(text: str, key: str) -> str:
    """The text, unless it holds half a character: JSON can spell that, but no output can."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadLine(f"“{key}” holds half of a surrogate pair") from error
    return text
