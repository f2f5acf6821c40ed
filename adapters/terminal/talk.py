"""Talking in a terminal: a line in, an answer out, choices by number."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from itertools import count
from typing import TextIO

from adapters.terminal.look import Look
from bot.answer import Action, Answer
from bot.chat import Asker, Place, Question


_LONGEST_LINE = 1_000_000  # characters; what is longer is read as several lines
_FAREWELLS = frozenset({"quit", "exit", ":q"})


class Terminal:
    """A conversation on standard input and output, with or without a terminal behind them."""

    name = "terminal"

    def __init__(
        self,
        event: str,
        clock: Callable[[], datetime],
        lines: TextIO | None = None,
        look: Look | None = None,
        asker: Asker | None = None,
    ) -> None:
        """`clock` gives the aware moment at which each line counts as said, `asker` by whom."""
        self._place = Place(event, self.name, "terminal", private=True)
        self._clock = clock
        self._lines = lines or sys.stdin
        self._look = look or Look()
        self._asker = asker or Asker("you")
        self._actions: tuple[Action, ...] = ()

    def run(self, hear: Callable[[Question], Answer | None]) -> None:
        """Answer line by line until the input ends or somebody says quit.

        `hear` waits for what a desk says: with one person here, nobody else is kept waiting.
        """
        asked = self._lines is sys.stdin and self._lines.isatty() and sys.stdout.isatty()
        if asked:
            with suppress(ImportError):  # not on every system; only the history is lost
                import readline  # noqa: F401, PLC0415
            self._look.say("Ask me anything. A number picks a choice, “quit” ends.", "dim")
        for number in count(1):
            line = self._next(prompt=asked)
            if line is None or line.casefold() in _FAREWELLS:
                return
            if line:
                self._answer(hear, self._chosen(line), number)

    def _next(self, *, prompt: bool) -> str | None:
        if prompt:
            try:
                return input("> ").strip()
            except EOFError:
                self._look.say("")
                return None
            except KeyboardInterrupt:
                self._look.say("")  # so that the shell's prompt gets a line of its own
                raise
        line = self._lines.readline(_LONGEST_LINE)
        return line.strip() if line else None

    def _chosen(self, line: str) -> str:
        """What a number stands for, if the last answer offered choices."""
        numbered = {str(n): action for n, action in enumerate(self._actions, start=1)}
        return (numbered[line].asks or line) if line in numbered else line

    def _answer(self, hear: Callable[[Question], Answer | None], text: str, number: int) -> None:
        question = Question(str(number), text, self._asker, self._place, self._clock())
        answer = hear(question)
        if answer is not None:
            self._actions = answer.actions
            self._look.show(answer, choices=True)
