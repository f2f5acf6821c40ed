"""A workshop on a wound clock: the real courier, an outbox in memory, platforms that can fail."""

import asyncio
from dataclasses import replace
from typing import Any

from bot.amend import Amendment, Edition, amended
from bot.answer import plain
from bot.chat import Receipt, Sought, place_at
from bot.courier import Courier
from bot.errand import Means
from bot.errors import InDoubt
from bot.notices import Routes
from bot.ports import Surroundings
from bot.wound import Over, WoundClock
from tests.fakes import MemoryOutbox


GENERAL, CALL, TEAM = "t:general", "t:call", "t:team"
ROUTES = Routes({"program": (GENERAL,), "authors": (CALL,), "organizers": (TEAM,)})


class Recorder:
    """A platform that records what is posted; `trouble` is raised by the posts that come next."""

    def __init__(self, name, clock, *, keeps=True):
        self.name, self.clock, self.keeps = name, clock, keeps
        self.posts = []
        self.keys = {}
        self.trouble = []
        self.lost = False

    async def post(self, place, answer, key):
        return self._take(f"{self.name}:{place.channel}", answer, key)

    async def direct(self, person, answer, key):
        return self._take(f"{self.name}:@{person}", answer, key)

    def _take(self, address, answer, key):
        if self.trouble and self.trouble[0] is not None:
            error = self.trouble.pop(0)
            if isinstance(error, InDoubt) and self.lost:
                self._record(address, answer, key)
            raise error
        if self.trouble:
            self.trouble.pop(0)
        return self._record(address, answer, key)

    def _record(self, address, answer, key):
        self.posts.append((self.clock(), address, plain(answer)))
        self.keys[key] = Receipt(place_at("small", address), str(len(self.posts)), self.clock())
        return self.keys[key]

    async def look_up(self, place, key, since):
        if not self.keeps:
            return Sought.CANNOT_TELL
        return self.keys.get(key, Sought.ABSENT)


class Workshop:
    """An event and the bot's lives; what happens to it is said in the order in which it happens."""

    def __init__(self, event, routes=ROUTES, **platforms):
        self.edition = Edition(1, event, event, (), None)
        self.routes = routes
        self.outbox = MemoryOutbox()
        self.platforms = platforms or {"t": Recorder("t", self.clock)}
        self.coming = []
        self.now: Any = None
        self.courier: Any = None

    def at(self, moment, what):
        """Let something happen in whichever life it falls."""
        self.coming.append((moment, what))

    def change(self, moment, verb, by="kim"):
        """Let an organizer's verb change the event: a function from an event to a change."""

        def done():
            edition = self.edition
            change = verb(edition.event)
            entry = Amendment(edition.next_amendment, by, moment, "", change.effects)
            self.edition = amended(edition, entry)

        self.at(moment, done)

    def files(self, moment, event):
        """Let other files come into force."""

        def done():
            self.edition = replace(
                self.edition, number=self.edition.number + 1, event=event, since=moment
            )

        self.at(moment, done)

    def hold(self, by):
        """Hold all posts, or resume them."""
        return self.outbox.hold(self.edition.event.id, by, self.now())

    def live(self, start, end):
        """Run the bot from a moment to another; what it does at the end of its life, it finishes."""

        async def life():
            clock = WoundClock(start, end, self._settled)
            self.now = clock
            around = Surroundings(clock, clock, lambda: 0.0, f"life from {start}")
            means = Means(self.outbox, self.platforms, self.routes, around)
            self.courier = Courier(self._current, means)
            for moment, what in self.coming:
                if start <= moment < end:
                    clock.at(moment, _soon(what))
            try:
                await self.courier.run()
            except Over:
                return

        asyncio.run(life())
        return self

    def clock(self):
        """What time it is in the life that goes on."""
        return self.now()

    async def _settled(self):
        await self.courier.settled()

    async def _current(self):
        return self.edition

    @property
    def posts(self):
        """Everything that was posted: when by the venue's clocks, where, and its first line."""
        zone = self.edition.event.zone
        found = [row for p in self.platforms.values() for row in p.posts]
        return [
            f"{when.astimezone(zone):%d %H:%M} {place} {text.splitlines()[0]}"
            for when, place, text in sorted(found, key=lambda row: row[0])
        ]

    @property
    def ledger(self):
        """Each entry of the ledger as (rule, subject, state)."""
        rows = sorted(self.outbox.rows.values(), key=lambda d: (d.due, d.id))
        return [(d.key.rule, d.key.subject, str(d.state)) for d in rows]

    def reasons(self, state):
        """The reasons of all entries in a state."""
        return [d.reason for d in self.outbox.rows.values() if d.state == state]


def _soon(what):
    async def done():
        begun = what()
        if begun is not None:
            await begun

    return done
