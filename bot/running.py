"""The bot as it runs for good: every event of a configuration, served until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import secrets
import signal
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Final

from bot import editions
from bot.amend import Edition
from bot.chat import Checked, Outlet, Pace, Platform, Question, place_at
from bot.config import Config, Served, unserved
from bot.courier import Courier
from bot.desk import Desk
from bot.engine import Engine
from bot.errand import Means
from bot.errors import BadConfig, BadData, Overtaken, TryLater, WorkshopBotError, where
from bot.event import Event
from bot.load.texts import FolderLoader
from bot.notices import Routes, timeline
from bot.opening import Archive, compared, served
from bot.ports import Clock, Surroundings, Waiting
from bot.question.language import Language
from bot.reception import AtDesk, Reception
from bot.scheduler import Scheduler
from bot.store import Store


Say = Callable[[str], None]

_log = logging.getLogger("workshop_bot")

_A_DAY: Final = 24 * 60 * 60  # seconds
_RESUMES: Final = 10
_SHORTEST_BREAK: Final = 1.0
_LONGEST_BREAK: Final = 60.0
_LEDGER_LASTS: Final = timedelta(days=90)


@dataclass(slots=True)
class Serving:
    """An event that is served: the edition in force, looked for anew at each tick.

    Its `desk`, if it has one, follows.
    """

    store: Store
    loader: FolderLoader
    edition: Edition
    waiting: Waiting
    beside: tuple[str, ...] = ()
    desk: Desk | None = None
    changed: Callable[[str], None] = lambda _: None

    async def current(self) -> Edition:
        with suppress(BadData):  # of a newer version of the bot: what is served still holds
            newer = await editions.newer(self.store, self.loader, self.edition)
            self.edition = newer or self.edition
        if self.desk is not None and self.desk.edition.number < self.edition.number:
            await self.desk.follow(self.edition)
            self.changed(self.edition.event.id)
        return self.edition

    async def reload(self, clock: Clock, say: Say) -> None:
        """Take the files into force unless something about them is bad or doubtful."""
        try:
            opened = await editions.opened(self.store, self.loader, self.beside)
            if opened.bad is not None:
                say(str(opened.bad))
            elif opened.proposal is not None:
                for line in compared(opened.proposal):
                    say(line)
                if not opened.proposal.doubts:
                    await editions.accepted(self.store, opened.edition, opened.proposal, clock())
        except Overtaken:
            pass  # another process of this store took the same files
        except (TryLater, BadData) as error:
            say(str(error))
        finally:
            self.waiting.wake()


Chats = Callable[[Sequence[tuple[Event, Served]], Pace], Sequence[Platform]]
"""Makes the chat platforms of what is served, which share a pace."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Where an answer can go: outlets by name, and what makes the chat platforms.

    That is told what is served, each with its event, and the pace that all share.
    """

    outlets: Mapping[str, Outlet]
    chats: Chats = lambda _, __: ()


async def run(config: Config, reach: Reach, language: Language, clock: Clock, say: Say) -> None:
    """Serve all events until SIGTERM or SIGINT; SIGHUP takes their files into force.

    Raises `BadData` for the files of an event that nothing is kept of, `BadConfig` and `TryLater` for
    the store, `BadConfig` if no chat platform will have the bot.
    """
    store = Store(config.store)
    scheduler = Scheduler()
    try:
        loaders = [FolderLoader(each.folder) for each in config.events]
        ids = _ids(loaders)
        events: list[tuple[Serving, Served]] = []
        for each, loader in zip(config.events, loaders, strict=True):
            edition, said = await served(store, loader, clock(), lasting=True, beside=ids)
            beat = scheduler.heartbeat(edition.event.id)
            archive = Archive(store, loader, clock, tuple(ids))
            engine = Engine(edition.event, language)
            desk = Desk(engine, edition, archive.keep, archive, archive)
            events.append((Serving(store, loader, edition, beat, tuple(ids), desk), each))
            say(_begins(edition, each.routes, clock()))
            connected = {*reach.outlets, *_chosen(config)}
            for line in (
                *said,
                *unserved(edition.event, each.routes),
                *_unconnected(each.routes, connected),
            ):
                say(f"{edition.event.short}: {line}")
        platforms = reach.chats([(e.edition.event, each) for e, each in events], store)
        scheduler.start()
        outlets = {**reach.outlets, **{p.name: p for p in platforms}}
        await _Service(events, outlets, clock, say).run(platforms)
    finally:
        scheduler.stop()
        await store.close()


def _chosen(config: Config) -> set[str]:
    """The chat platforms that a configuration uses."""
    discord = any(each.discord is not None for each in config.events)
    return {*(("slack",) if config.slack else ()), *(("discord",) if discord else ())}


def _begins(edition: Edition, routes: Routes, now: datetime) -> str:
    """What an event still brings, in a line."""
    short, zone = edition.event.short, edition.event.zone
    if edition.number == 0:
        return f"{short}: its files aren't in force, so nothing is posted; reload takes them."
    coming = [n for n in timeline(edition).notices if n.due > now and routes.places(n)]
    if not coming:
        return f"{short}: nothing to post any more."
    first = f"{coming[0].due.astimezone(zone):%b %d, %H:%M}"
    return f"{short}: {len(coming)} to post, the first {first} (venue's time)."


def _ids(loaders: Iterable[FolderLoader]) -> list[str]:
    """The ids of the events that are served, as far as their files say; each of them once."""
    found: list[str] = []
    for loader in loaders:
        with suppress(BadData):  # then the store may know the event
            found.append(loader.load(loader.read()).id)
    for id_ in found:
        if found.count(id_) > 1:
            raise BadConfig(f"the configuration serves the event {id_} twice")
    return found


def _unconnected(routes: Routes, connected: Collection[str]) -> Iterable[str]:
    addresses = [a for places in routes.audiences.values() for a in places]
    needed = {a.partition(":")[0] for a in (*addresses, *routes.people.values())}
    return [
        f"{name} isn't connected, so nothing is posted there."
        for name in sorted(needed.difference(connected))
    ]


async def _sweeping(events: Sequence[Serving], clock: Clock) -> None:
    """Once a day drop what isn't to be kept any more."""
    while True:
        for event in events:
            with suppress(TryLater):  # there is another day
                await event.store.sweep(clock())
                if _over_for_long(event.edition, clock()):
                    await event.store.forget(event.edition.event.id)
        await asyncio.sleep(_A_DAY)


def _over_for_long(edition: Edition, now: datetime) -> bool:
    """Whether an event's ledger has been kept for long enough: until 90 days after its end."""
    last = max((o.end or o.start for o, _ in edition.event.timetable), default=None)
    return last is not None and now > last + _LEDGER_LASTS


class Broke(WorkshopBotError):
    """Something that should go on for good has ended; the log says where it broke."""


class _Service:
    """All that runs side by side: couriers, platforms, and what looks after the store."""

    def __init__(
        self,
        events: Sequence[tuple[Serving, Served]],
        outlets: Mapping[str, Outlet],
        clock: Clock,
        say: Say,
    ) -> None:
        self._events = events
        self._outlets = outlets
        self._clock = clock
        self._say = say
        self._stop = asyncio.Event()
        self._reloads: set[asyncio.Task[None]] = set()
        self._refused: dict[str, BadConfig] = {}
        by_id = {event.edition.event.id: event for event, _ in events}
        self._reception = Reception(
            {
                id_: AtDesk(event.desk, each.places, each.organizers)
                for (event, each), id_ in zip(events, by_id, strict=True)
                if event.desk is not None
            },
            clock,
            events[0][0].store,
            lambda: secrets.token_urlsafe(12),
            lambda id_: by_id[id_].waiting.wake(),
        )
        for event, _ in events:
            event.changed = self._reception.changed

    async def run(self, platforms: Sequence[Platform]) -> None:
        """Run until a signal ends it; what is in hand is finished."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        loop.add_signal_handler(signal.SIGHUP, self._reload)
        owner = secrets.token_hex(8)
        tasks = [
            loop.create_task(self._courier(event, each.routes, owner).run())
            for event, each in self._events
        ]
        tasks.append(loop.create_task(_sweeping([e for e, _ in self._events], self._clock)))
        for task in tasks:  # they end by themselves only for good
            task.add_done_callback(lambda _: self._stop.set())
        chats = [loop.create_task(self._chat(p, len(platforms))) for p in platforms]
        if platforms:
            tasks.append(loop.create_task(self._resuming({p.name: p for p in platforms})))
        await self._stop.wait()
        ended = await _cancelled(tasks)  # what they have in hand needs its platform
        broken = [
            error
            for error in (*ended, *await _cancelled(chats))
            if isinstance(error, Exception) and not isinstance(error, asyncio.CancelledError)
        ]
        for error in broken:
            if isinstance(error, BadConfig):
                raise error
            _log.error("what should go on for good ended: %s", where(error))
        if broken:
            raise Broke
        if platforms and len(self._refused) == len(platforms):
            raise next(iter(self._refused.values()))

    def _courier(self, event: Serving, routes: Routes, owner: str) -> Courier:
        around = Surroundings(self._clock, event.waiting, SystemRandom().random, owner)
        return Courier(event.current, Means(event.store, self._outlets, routes, around))

    def _reload(self) -> None:
        for event, _ in self._events:
            task = asyncio.get_running_loop().create_task(event.reload(self._clock, self._say))
            self._reloads.add(task)
            task.add_done_callback(self._reloads.discard)

    async def _chat(self, platform: Platform, of: int) -> None:
        """Keep a platform running; one that won't have the bot is left, and the others go on."""
        pause = _SHORTEST_BREAK
        while True:
            try:
                await platform.run(self._reception)
            except BadConfig as error:
                self._refused[platform.name] = error
                if len(self._refused) == of:
                    self._stop.set()
                else:
                    self._say(f"{platform.name} is left out: {error}")
                return
            except Exception as error:  # noqa: BLE001 - one platform must not stop the others
                _log.error("%s broke: %s", platform.name, where(error))
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_BREAK)

    async def _resuming(self, platforms: Mapping[str, Platform]) -> None:
        """Answer what was taken and never answered, as who took it is gone; one bad one stops none."""
        while True:
            with suppress(TryLater):  # there is another time
                left = await self._reception.resumed()
                known = [q for q in left if q.place.platform in platforms]
                await asyncio.gather(*(_answered(platforms[q.place.platform], q) for q in known))
            await asyncio.sleep(_RESUMES)


async def _answered(platform: Platform, question: Question) -> None:
    """Let a platform answer what was left; what breaks it is told, and stops nothing else."""
    try:
        await platform.answer(question)
    except Exception as error:  # noqa: BLE001 - nobody knows what an older version left
        _log.error("what was left could not be answered: %s", where(error))


async def _cancelled(tasks: Sequence[asyncio.Task[None]]) -> Sequence[object]:
    """End tasks, and wait for what they have in hand; what each came to."""
    for task in tasks:
        task.cancel()
    return await asyncio.gather(*tasks, return_exceptions=True)


async def examined(config: Config, reach: Reach) -> Sequence[tuple[str, Checked]]:
    """What is well and what isn't: the events' files, then each platform with all of its places."""
    found: list[tuple[str, Checked]] = []
    events: list[tuple[Event, Served]] = []
    for each in config.events:
        loader = FolderLoader(each.folder)
        try:
            event = loader.load(loader.read())
        except BadData as bad:
            found.append(("files", Checked(str(each.folder), str(bad))))
            continue
        events.append((event, each))
        amiss = [*unserved(event, each.routes), *_nobody(event, each, _chosen(config))]
        found += [("files", Checked(event.short, line)) for line in amiss]
        found += [] if amiss else [("files", Checked(event.short))]
    if not _chosen(config):
        what = "neither Slack nor Discord is configured"
        found.append(("files", Checked(what, "add slack or discord to the configuration")))
    people = {a for each in config.events for a in each.routes.people.values()}
    addresses = sorted(people.union(*(each.places for each in config.events)))
    store = Store(config.store)
    try:
        for platform in reach.chats(events, store):
            mine = [place_at("", a) for a in addresses if a.startswith(f"{platform.name}:")]
            found += [(platform.name, each) for each in await platform.check(mine)]
    finally:
        await store.close()
    return found


def _nobody(event: Event, served: Served, chosen: Collection[str]) -> Iterable[str]:
    """Platforms on which nobody can change an event's program."""
    for name in sorted(chosen):
        if not any(a.startswith(f"{name}:") for a in served.organizers):
            yield f"Nobody is an organizer of {event.short} on {name.capitalize()}."
