"""Posts in a terminal: what the bot says by itself, with the time and the place that it is for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count

from adapters.terminal.look import Look
from bot.answer import Answer
from bot.chat import Place, Receipt, Sought
from bot.errors import Refused


class Posts:
    """Shows each post where the terminal's other lines are shown."""

    name = "terminal"

    def __init__(self, clock: Callable[[], datetime], look: Look) -> None:
        """`clock` gives the aware moment that is shown beside each post.

        Once nothing can be shown any more, `closed` is why.
        """
        self._clock = clock
        self._look = look
        self._number = count(1)
        self.closed: OSError | None = None

    async def post(self, place: Place, answer: Answer, key: str) -> Receipt:  # noqa: ARG002
        """Show an answer under the place's name."""
        return self._shown(place, place.channel, answer)

    async def direct(self, person: str, answer: Answer, key: str) -> Receipt:  # noqa: ARG002
        """Show an answer under the name of somebody alone."""
        return self._shown(Place("", self.name, person, private=True), f"{person} alone", answer)

    async def look_up(self, place: Place, key: str, since: datetime) -> Receipt | Sought:  # noqa: ARG002
        """A terminal keeps nothing that could be looked up."""
        return Sought.CANNOT_TELL

    def _shown(self, place: Place, name: str, answer: Answer) -> Receipt:
        now = self._clock()
        try:
            self._look.say(f"{now:%b %d, %H:%M}{_zone(now)} in {name}:", "bold green")
            self._look.show(answer)
            self._look.say("")
        except OSError as error:
            self.closed = error
            raise Refused("the terminal is closed") from error
        return Receipt(place, str(next(self._number)), now)


def _zone(moment: datetime) -> str:
    """The zone behind a time that isn't the venue's own."""
    return " UTC" if moment.tzinfo is UTC else ""
