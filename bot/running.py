"""The bot as it runs for good: every event of a configuration, served until it is told to stop."""

from __future__ import annotations

import asyncio
import secrets
import signal
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Final

from bot import editions
from bot.amend import Edition
from bot.chat import Platform
from bot.config import Config, unserved
from bot.courier import Courier
from bot.errand import Means
from bot.errors import BadConfig, BadData, Overtaken, TryLater
from bot.load.texts import FolderLoader
from bot.notices import Routes, timeline
from bot.opening import compared, served
from bot.ports import Clock, Surroundings, Waiting
from bot.scheduler import Scheduler
from bot.store import Store


Say = Callable[[str], None]

_A_DAY: Final = 24 * 60 * 60  # seconds
_LEDGER_LASTS: Final = timedelta(days=90)


@dataclass(slots=True)
class Serving:
    """An event that is served: the edition in force, looked for anew at each tick."""

    store: Store
    loader: FolderLoader
    edition: Edition
    waiting: Waiting
    beside: tuple[str, ...] = ()

    async def current(self) -> Edition:
        with suppress(BadData):  # of a newer version of the bot: what is served still holds
            newer = await editions.newer(self.store, self.loader, self.edition)
            self.edition = newer or self.edition
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


async def run(config: Config, platforms: Mapping[str, Platform], clock: Clock, say: Say) -> None:
    """Serve all events until SIGTERM or SIGINT; SIGHUP takes their files into force.

    Raises `BadData` for the files of an event that nothing is kept of, `BadConfig` and `TryLater` for
    the store.
    """
    store = Store(config.store)
    scheduler = Scheduler()
    try:
        loaders = [FolderLoader(each.folder) for each in config.events]
        ids = _ids(loaders)
        events = []
        for each, loader in zip(config.events, loaders, strict=True):
            edition, said = await served(store, loader, clock(), lasting=True, beside=ids)
            beat = scheduler.heartbeat(edition.event.id)
            events.append((Serving(store, loader, edition, beat, tuple(ids)), each.routes))
            say(_begins(edition, each.routes, clock()))
            for line in (
                *said,
                *unserved(edition.event, each.routes),
                *_unconnected(each.routes, platforms),
            ):
                say(f"{edition.event.short}: {line}")
        scheduler.start()
        await _serving(events, platforms, clock, say)
    finally:
        scheduler.stop()
        await store.close()


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


def _unconnected(routes: Routes, platforms: Mapping[str, Platform]) -> Iterable[str]:
    addresses = [a for places in routes.audiences.values() for a in places]
    needed = {a.partition(":")[0] for a in (*addresses, *routes.people.values())}
    return [
        f"{name} isn't connected, so nothing is posted there." for name in needed - {*platforms}
    ]


async def _sweeping(events: list[tuple[Serving, Routes]], clock: Clock) -> None:
    """Once a day drop what isn't to be kept any more."""
    while True:
        for event, _ in events:
            with suppress(TryLater):  # there is another day
                await event.store.sweep(clock())
                if _over_for_long(event.edition, clock()):
                    await event.store.forget(event.edition.event.id)
        await asyncio.sleep(_A_DAY)


def _over_for_long(edition: Edition, now: datetime) -> bool:
    """Whether an event's ledger has been kept for long enough: until 90 days after its end."""
    last = max((o.end or o.start for o, _ in edition.event.timetable), default=None)
    return last is not None and now > last + _LEDGER_LASTS


async def _serving(
    events: list[tuple[Serving, Routes]],
    platforms: Mapping[str, Platform],
    clock: Clock,
    say: Say,
) -> None:
    """Run a courier for each event until a signal ends them; what is in hand is finished."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    reloads: set[asyncio.Task[None]] = set()

    def reload() -> None:
        for event, _ in events:
            task = loop.create_task(event.reload(clock, say))
            reloads.add(task)
            task.add_done_callback(reloads.discard)

    loop.add_signal_handler(signal.SIGHUP, reload)
    owner = secrets.token_hex(8)
    couriers = [
        Courier(
            event.current,
            Means(
                event.store,
                platforms,
                routes,
                Surroundings(clock, event.waiting, SystemRandom().random, owner),
            ),
        )
        for event, routes in events
    ]
    tasks = [loop.create_task(courier.run()) for courier in couriers]
    tasks.append(loop.create_task(_sweeping(events, clock)))
    for task in tasks:
        task.add_done_callback(lambda _: stop.set())  # a courier ends by itself only for good
    await stop.wait()
    for task in tasks:
        task.cancel()
    for ended in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(ended, BadConfig):
            raise ended
