"""A workshop's day in half a minute: posts go out, questions are asked, a session runs late."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bot.amend import Edition
from bot.answer import Answer
from bot.chat import Asker, Outlet, Place, Question
from bot.courier import Courier
from bot.desk import Desk
from bot.errand import Means
from bot.notices import Routes
from bot.ports import Surroundings
from bot.reception import AtDesk, Reception
from bot.store import Store
from bot.wound import Over, WoundClock


ATTENDEE: Final = Asker("you")
ORGANIZER: Final = Asker("kim", "Kim", organizer=True)

AUDIENCES: Final = {
    "program": ("terminal:#program",),
    "authors": ("terminal:#authors",),
    "organizers": ("terminal:#organizers",),
}
BEGIN, END = "2017-08-20T19:30", "2017-08-21T17:30"

SCRIPT: Final = (
    ("2017-08-20T19:30", ATTENDEE, "what time do we start tomorrow?"),
    ("2017-08-21T09:06", ATTENDEE, "who gives the first keynote"),
    ("2017-08-21T09:07", ATTENDEE, "and where is he from?"),
    ("2017-08-21T10:10", ORGANIZER, "delay session 1 by 10"),
    ("2017-08-21T10:10", ORGANIZER, "yes"),
    ("2017-08-21T10:22", ATTENDEE, "where do i get coffee"),
    ("2017-08-21T11:12", ATTENDEE, "which proccessor did they use in the open vswitch paper"),
    ("2017-08-21T11:13", ATTENDEE, "when is the QUIC talk"),
    ("2017-08-21T12:50", ATTENDEE, "whats next"),
    ("2017-08-21T14:10", ATTENDEE, "papers by Liu"),
    ("2017-08-21T15:50", ATTENDEE, "who chairs session 4?"),
    ("2017-08-21T16:00", ATTENDEE, "is there a shuttle to the airport?"),
)
"""What is asked and ordered when, by the venue's clocks."""

Pause = Callable[[timedelta], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a day is shown.

    `platform` makes what shows posts by a clock; `said` shows what somebody says at a moment, and
    `shown` the answer; `pause` lets each step of the clock take a while.
    """

    platform: Callable[[Callable[[], datetime]], Outlet]
    said: Callable[[datetime, Asker, str], None]
    shown: Callable[[Answer], None]
    pause: Pause


class Day:
    """The sample workshop's day on a wound clock, from its eve on."""

    def __init__(self, desk: Desk, store: Store, stage: Stage) -> None:
        """`desk` serves the sample workshop, and `store` is an empty one."""
        zone = desk.event.zone
        self._desk = desk
        self._stage = stage
        self._asked = 0
        self._clock = WoundClock(_at(BEGIN, desk), _at(END, desk), self._settled, stage.pause)
        self._reception = Reception({desk.event.id: AtDesk(desk)}, self._clock)
        platform = stage.platform(lambda: self._clock().astimezone(zone))
        around = Surroundings(self._clock, self._clock, lambda: 0.0, "demo")
        means = Means(store, {"terminal": platform}, Routes(AUDIENCES), around)
        self._courier = Courier(self._edition, means)

    async def run(self, script: Sequence[tuple[str, Asker, str]]) -> None:
        """Let the day pass; what is in the script is said when its time comes."""
        for when, asker, text in script:
            self._clock.at(_at(when, self._desk), self._line(asker, text))
        with suppress(Over):
            await self._courier.run()

    async def ask(self, text: str) -> None:
        """Let somebody ask at whatever moment it is."""
        await self._hear(ATTENDEE, text)

    def _line(self, asker: Asker, text: str) -> Callable[[], Awaitable[None]]:
        async def said() -> None:
            now = self._clock().astimezone(self._desk.event.zone)
            self._stage.said(now, asker, text)
            await self._hear(asker, text)

        return said

    async def _hear(self, asker: Asker, text: str) -> None:
        self._asked += 1
        place = Place(self._desk.event.id, "terminal", "demo", private=True)
        question = Question(str(self._asked), text, asker, place, self._clock())
        said = await self._reception.hear(question)
        if said is not None:
            self._stage.shown(said.answer)
        self._clock.wake()

    async def _edition(self) -> Edition:
        return self._desk.edition

    async def _settled(self) -> None:
        await self._courier.settled()


def _at(when: str, desk: Desk) -> datetime:
    return datetime.fromisoformat(when).replace(tzinfo=desk.event.zone)


async def shown(desk: Desk, stage: Stage, *, listen: Callable[[Day], None] | None = None) -> None:
    """Show the day, in a store of its own; `listen` is told of it, to bring what somebody asks."""
    with TemporaryDirectory(prefix="workshop-bot-") as folder:
        store = Store(str(Path(folder, "demo.sqlite")))
        try:
            day = Day(desk, store, stage)
            if listen is None:
                await day.run(SCRIPT)
            else:
                listen(day)
                await day.run([line for line in SCRIPT if line[1] is ORGANIZER])
        finally:
            await store.close()
