"""What the core asks of the world around it, as Protocols: whoever reads files and keeps things."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.amend.codec import Json
from bot.event import Event
from bot.notices import Delivery, Key


@dataclass(frozen=True, slots=True)
class Kept:
    """The last edition of an event that was kept: its number, its files, all changes since.

    `files` are their texts by their names inside the event's folder, accepted `since` then; `log` is
    amendments as JSON.
    """

    number: int
    files: Mapping[str, str]
    log: tuple[Json, ...] = ()
    since: datetime | None = None


class Loader(Protocol):
    """What reads an event's files, and makes an event of them."""

    def read(self) -> Mapping[str, str]:
        """The files' texts by their names inside the event's folder. Raises `BadData`."""

    def load(self, files: Mapping[str, str]) -> Event:
        """The event that files make. Raises `BadData` with all that is wrong with them."""


class Editions(Protocol):
    """Where editions are kept, each under the number that follows the last one's."""

    async def events(self) -> Sequence[str]:
        """The ids of all events of which an edition is kept."""

    async def number(self, event: str) -> int:
        """The number of the event's last edition; 0 if there is none."""

    async def latest(self, event: str) -> Kept | None:
        """The last edition of the event with this id; `None` if there is none."""

    async def accept(
        self, event: str, number: int, files: Mapping[str, str], log: Sequence[Json], at: datetime
    ) -> None:
        """Keep files, and the amendments that still apply to them, as the edition of a number.

        Raises `Overtaken` if there is such a number, or one between the last and this.
        """

    async def amend(
        self, event: str, number: int, amendment: Json, at: datetime, *, item: str = ""
    ) -> None:
        """Keep one more amendment as the edition of a number; raises as `accept` does.

        If it came in by an `item` of the inbox, that is finished in the same transaction, as
        `Inbox.finish` does it: both are kept, or neither is.
        """


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What came in and was never finished: the platform's id for it, and what was said, as JSON.

    `event` is as it was begun: empty if it wasn't known then.
    """

    event: str
    id: str
    payload: Json
    at: datetime


@dataclass(frozen=True, slots=True)
class Note:
    """What is kept of an event under a key of a kind until a moment, as JSON."""

    event: str
    kind: str
    key: str
    payload: Json
    until: datetime


class Inbox(Protocol):
    """What came in, kept before the platform is told so; what was said is dropped once it is finished.

    An id is known by its event, and by no event if that wasn't known when it came in. All of these
    raise `TryLater` if the store can't be reached; then nothing was kept.
    """

    async def begin(self, event: str, items: Sequence[str], payload: Json, at: datetime) -> bool:
        """Keep what came in under the first of its ids, and that its further ids were there.

        `False`, and nothing is kept, if any of them was there: platforms deliver some things twice,
        and some under two ids.
        """

    async def finish(self, event: str, item: str, notes: Sequence[Note], at: datetime) -> None:
        """Drop what was said, and keep all notes, in one transaction.

        The item may have been begun under this event or under none; its id is kept for 48 hours from
        `at`. Without an item only the notes are kept. A note replaces what was under its key.
        """

    async def unfinished(self, before: datetime) -> Sequence[Unfinished]:
        """What came in before a moment and wasn't finished, of all events, the oldest first."""

    async def resume(
        self, now: datetime, before: datetime, lease: timedelta
    ) -> Sequence[Unfinished]:
        """Claim what is unfinished, so that nobody else is given it until the lease ends.

        What came in since `before` is left to whoever took it and may be at work on it still.
        """


class Notes(Protocol):
    """What is kept for a while under a key: contexts of conversations, tokens of actions."""

    async def noted(self, event: str, kind: str, key: str, now: datetime) -> Json | None:
        """What is kept under a key; `None` if nothing is, or not any more."""

    async def drop(self, event: str, kind: str, key: str) -> bool:
        """Keep it no longer; whether it was there, even if only until now.

        Of several that drop it at once, one is told that it was.
        """

    async def sweep(self, now: datetime) -> None:
        """Drop what isn't to be kept any more, and ids of the inbox after 48 hours."""


# -- what goes out by itself -----------------------------------------------------------------

Clock = Callable[[], datetime]
"""What time it is: an aware moment."""


class Waiting(Protocol):
    """How time passes for what runs by itself."""

    async def until(self, moment: datetime | None) -> None:
        """Come back at a moment, or sooner if something wakes it; at `None` only then.

        What wakes it while nobody waits makes it come back at once the next time.
        """

    def wake(self) -> None:
        """Let whoever waits go on."""

    async def pause(self, length: timedelta) -> None:
        """Come back after so long."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Time and chance, for what runs by itself.

    `chance` gives a number from 0 to 1; `owner` is a name that nobody else goes by who works on the
    same outbox.
    """

    clock: Clock
    waiting: Waiting
    chance: Callable[[], float]
    owner: str


@dataclass(frozen=True, slots=True)
class Service:
    """How an event's posts stand.

    `since` is when they were first served: what was due before is never posted. All that was due
    `upto` then has been put into the outbox. Corrections were looked for up to the edition
    `mended`. `held_by` stopped all posts at `held_at`, and somebody let them go on at `resumed_at`;
    both are of the last time that it happened.
    """

    since: datetime
    upto: datetime
    mended: int = 0
    held_by: str = ""
    held_at: datetime | None = None
    resumed_at: datetime | None = None

    @property
    def held(self) -> bool:
        """Whether all posts are stopped."""
        return self.held_at is not None and self.resumed_at is None

    def kept_up(self, due: datetime) -> str:
        """Why what was due at a moment wasn't posted then; empty if posts weren't held."""
        if self.held_at is None or due < self.held_at:
            return ""
        if self.resumed_at is not None and due >= self.resumed_at:
            return ""
        return f"posts were held by {self.held_by}"


class Outbox(Protocol):
    """Notices for places, each of them once by its key and place, and what became of them.

    A place that is claimed is worked on by its claimer alone until the lease ends, so that what is
    posted there keeps its order.
    """

    async def begun(self, event: str, now: datetime) -> Service:
        """How an event's posts stand; the first time anybody asks, they begin."""

    async def service(self, event: str) -> Service | None:
        """How an event's posts stand; `None` if they haven't begun."""

    async def put(
        self,
        event: str,
        fresh: Sequence[Delivery],
        now: datetime,
        *,
        upto: datetime | None = None,
        mended: int | None = None,
    ) -> None:
        """Add deliveries; those whose key and place are there already are left as they are.

        In the same transaction `upto` and `mended` of the service rise, where they are given.
        """

    async def known(self, event: str, keys: Sequence[Key]) -> Sequence[Delivery]:
        """All deliveries of notices with these keys, whatever their rounds and places."""

    async def claim_place(
        self, event: str, owner: str, now: datetime, lease: timedelta
    ) -> Sequence[Delivery]:
        """Claim a place that has something to do by now, and give what that is, in its order.

        None if there is no such place. Two open ones are in the order in which they are due.
        """

    async def renew(self, event: str, place: str, owner: str, until: datetime) -> bool:
        """Make a claim last longer; `False` if somebody else has the place by now."""

    async def start(self, delivery: Delivery, owner: str, edition: int) -> bool:
        """Keep that a delivery is about to be posted, as an edition has it.

        `False`, and nothing is kept, if somebody else has the place by now, if posts are held, or if
        corrections were looked for in a later edition already.
        """

    async def save(
        self,
        delivery: Delivery,
        *,
        withdrawn: Sequence[tuple[str, str]] = (),
        behind: Sequence[Delivery] = (),
        edition: int | None = None,
    ) -> None:
        """Keep what became of a delivery, and in the same transaction all that comes of it.

        What was sent to the same place of the `withdrawn` (subject, instant) is marked so; what is
        `behind` is put. If it was posted as an `edition` had it, corrections are to be looked for in
        each later one, also where they were looked for before.
        """

    async def release(self, event: str, place: str, owner: str, next_: datetime | None) -> None:
        """Let go of a place, until there is something new for it, or before that at a moment.

        With `next_` nothing is done there sooner, not even what is new: the place has to wait.
        """

    async def told(self, event: str, now: datetime, place: str = "") -> Sequence[Delivery]:
        """What was sent and matters still, to one place or to all of them."""

    async def next_due(self, event: str) -> datetime | None:
        """The earliest moment at which some place has something to do, or its claim ends."""

    async def ledger(
        self, event: str, place: str = "", subjects: Sequence[str] = ()
    ) -> Sequence[Delivery]:
        """All deliveries, of a place or of some subjects if they are given, in their order."""

    async def hold(self, event: str, by: str, now: datetime) -> None:
        """Stop all posts of an event, unless they are stopped; an empty `by` lets them go on."""
