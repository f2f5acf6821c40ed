"""An answer as a terminal shows it: with rich's colours where there is a terminal, else plain."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

from bot.answer import (
    Answer,
    Bullets,
    Facts,
    Heading,
    Inline,
    Line,
    Link,
    Paragraph,
    Strong,
    Time,
    clean,
    disarmed,
)


if TYPE_CHECKING:
    from rich.console import Console

Styled = tuple[str, str]
"""A run of text and the style it is set in; no style is the empty text."""

_MOST_RECORDS = 6
_NARROWEST = 20


class Look:
    """Writes answers to a stream; control characters from data or people never reach it."""

    def __init__(self, stream: TextIO | None = None, *, colour: bool | None = None) -> None:
        """Colours if the stream is a terminal and NO_COLOR isn't set (https://no-color.org)."""
        self._stream = stream or sys.stdout
        wanted = self._stream.isatty() and os.environ.get("TERM") != "dumb"
        colour = (wanted and not os.environ.get("NO_COLOR")) if colour is None else colour
        self._console = _console(self._stream) if colour else None

    def show(self, answer: Answer, *, choices: bool = False) -> None:
        """Write an answer; with `choices`, its actions as a numbered list."""
        self._write(_runs(answer.summary))
        for block in answer.blocks:
            match block:
                case Bullets(items):
                    for item in items:
                        self._write(_runs(item), lead="  • ")
                case Facts(items):
                    for label, line in items:
                        self._write(_runs((f"{label}: ", *line)))
                case Heading(text):
                    self._write(_runs((Strong(text),)))
                case Paragraph(line):
                    self._write(_runs(line))
        if answer.records:
            shown = ", ".join(dict.fromkeys(answer.records[:_MOST_RECORDS]))
            self._write([(f"[{shown}]", "dim")])
        if choices:
            for number, action in enumerate(answer.actions, start=1):
                self._write(_runs((action.label,)), lead=f"  {number} ")

    def say(self, text: str, style: str = "") -> None:
        """Write a line of the program's own in one of rich's styles."""
        self._write([(text, style)])

    def _write(self, runs: list[Styled], lead: str = "") -> None:
        """Write a paragraph; where it runs over several lines, all but the lead stand below it."""
        runs = [(clean(text), style) for text, style in runs]
        if self._console is None:
            encoding = self._stream.encoding or "utf-8"
            plain = lead + "".join(text for text, _ in runs)
            self._stream.write(plain.encode(encoding, "replace").decode(encoding) + "\n")
            self._stream.flush()
            return
        from rich.text import Text  # noqa: PLC0415 - plain output doesn't pay for rich

        width = max(self._console.width - len(lead), _NARROWEST)
        words = "".join(text for text, _ in runs).split()
        too_long = any(len(word) > width for word in words)  # a link, most likely
        text = Text.assemble(*runs, overflow="ignore" if too_long else "fold")
        rows = text.wrap(self._console, width, no_wrap=too_long)
        for number, row in enumerate(rows):
            row.rstrip()
            self._console.print(Text.assemble(" " * len(lead) if number else (lead, "cyan"), row))


def _console(stream: TextIO) -> Console:
    from rich.console import Console  # noqa: PLC0415 - plain output doesn't pay for rich

    return Console(file=stream, markup=False, emoji=False, highlight=False, soft_wrap=True)


def _runs(line: Line) -> list[Styled]:
    """A line's runs, without live mentions: what a terminal shows is copied to other places."""
    return [(disarmed(text), style) for text, style in map(_run, line)]


def _run(part: Inline) -> Styled:
    match part:
        case Strong(text):
            return text, "bold"
        case Time():
            return part.text, "cyan"
        case Link(label, url):
            return (f"{label} ({url})" if label else url), ""
        case _:
            return part, ""
