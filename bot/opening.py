"""From an event's folder and a store to a desk: which edition it serves, and what is said of it."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Collection, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from bot import editions
from bot.amend import Amendment, Edition, replayed
from bot.desk import Desk, Proposed
from bot.editions import Opened, Proposal
from bot.engine import Engine
from bot.export import exported
from bot.ledger import Books
from bot.load.texts import FolderLoader
from bot.notices import Delivery, Routes, sample
from bot.ports import Editions, Loader
from bot.question.language import Language
from bot.store import Store


_T = TypeVar("_T")

DOUBTS: Final = {
    "another event": "The store keeps other events, and none with the id of these files.",
    "sessions gone": "A third of the sessions, or more, is gone.",
    "all moved": "All sessions are moved by the same time.",
}


@dataclass(frozen=True, slots=True)
class Archive:
    """A store and an event's folder, as the event's desk needs them; other events are `beside` it."""

    store: Store
    loader: FolderLoader
    clock: Callable[[], datetime]
    beside: Collection[str] = ()

    async def keep(self, edition: Edition, amendment: Amendment, item: str) -> Edition:
        """The edition behind one more amendment, kept; what ordered it is done with that."""
        return await editions.kept(self.store, edition, amendment, item)

    async def newer(self, edition: Edition) -> Edition | None:
        """The edition that is kept, if it is another one than this."""
        return await editions.newer(self.store, self.loader, edition)

    async def proposed(self, *, sure: bool = False) -> Proposed:
        """What the files would change, and what takes them into force, if anything does."""
        opened = await editions.opened(self.store, self.loader, self.beside)
        proposal = opened.proposal
        if opened.bad is not None:
            return Proposed(tuple(str(opened.bad).splitlines()))
        if proposal is None:
            return Proposed(("The files are those in force.",))
        told = tuple(compared(proposal))
        if sure and proposal.doubts:
            return Proposed(told)

        async def accept() -> Edition:
            return await editions.accepted(self.store, opened.edition, proposal, self.clock())

        named = json.dumps([opened.edition.number, dict(proposal.files)], sort_keys=True)
        return Proposed(told, hashlib.sha256(named.encode()).hexdigest(), accept)

    async def hold(self, event: str, by: str, now: datetime) -> None:
        """Let nothing go out by itself; an empty `by` lets it go on."""
        await self.store.hold(event, by, now)

    async def sample(self, event: str, place: str, now: datetime) -> None:
        """Let a sample go to a place."""
        words = "This is a test: posts of the bot reach this place."
        await self.store.put(event, [sample(event, place, words, now)], now)


@dataclass(frozen=True, slots=True)
class Office:
    """A store and an event's folder, with a loop in which they are waited for."""

    store: Store
    loader: FolderLoader
    run: Callable[[Coroutine[Any, Any, _T]], _T]
    clock: Callable[[], datetime]

    def opened(self) -> Opened:
        """The edition in force and what the files propose. Raises `BadData`."""
        return self.run(editions.opened(self.store, self.loader))

    def accept(self, opened: Opened, now: datetime) -> Edition:
        """The edition that the proposed files make, kept."""
        assert opened.proposal is not None
        return self.run(editions.accepted(self.store, opened.edition, opened.proposal, now))

    @property
    def archive(self) -> Archive:
        """The same for a desk."""
        return Archive(self.store, self.loader, self.clock)

    def books(self, routes: Routes, place: str, subjects: Sequence[str] | None) -> list[str]:
        """What the ledger says of places with a part of an address, and of some subjects or all."""
        found, _ = self.run(served(self.store, self.loader, self.clock(), lasting=False))
        service = self.run(self.store.service(found.event.id))
        if service is None:
            return ["The bot wasn't started yet for this event, so nothing has gone out."]
        entries = tuple(
            d
            for d in self.run(self.store.ledger(found.event.id))
            if place in d.place and (subjects is None or _is_about(d, subjects))
        )
        ledger = Books(found, routes, service, entries)
        lines = [*ledger.lines()]
        if subjects is not None:
            lines += ledger.why(place, subjects)
        return lines or ["Nothing has gone out yet."]

    def export(self, folder: Path) -> list[str]:
        """Write the edition in force into a new folder; the names of its files.

        Raises `FileExistsError` if the folder is there.
        """
        opened = self.opened()
        edition = opened.edition
        kept = self.run(self.store.latest(edition.event.id))
        files = kept.files if kept else self.loader.read()
        told = exported(files, edition.accepted, edition.event)
        folder.mkdir(parents=True)
        for name, text in told.items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        return list(told)

    def desk(self, language: Language, now: datetime, *, lasting: bool) -> tuple[Desk, list[str]]:
        """A desk for the edition in force, and what is to be said about it.

        Files without a doubt come into force; only if `lasting`, for the store too.
        """
        edition, said = self.run(served(self.store, self.loader, now, lasting=lasting))
        archive = self.archive
        return Desk(Engine(edition.event, language), edition, archive.keep, archive, archive), said


def edition(folder: Path, store: str, clock: Callable[[], datetime]) -> Edition:
    """The edition in force, with what the files bring into force without a doubt; nothing is kept."""
    with office(folder, store, clock) as here:
        return here.run(served(here.store, here.loader, clock(), lasting=False))[0]


async def served(
    store: Editions,
    loader: Loader,
    now: datetime,
    *,
    lasting: bool,
    beside: Collection[str] = (),
) -> tuple[Edition, list[str]]:
    """The edition in force, and what is to be said about it.

    Files without a doubt come into force; only if `lasting`, for the store too. The events `beside`
    are served from the same store.
    """
    opened = await editions.opened(store, loader, beside)
    edition, proposal, said = opened.edition, opened.proposal, []
    if opened.bad is not None:
        said = [str(opened.bad), f"Edition {edition.number} is served instead of these files."]
    if proposal is not None and proposal.doubts:
        said = [DOUBTS[d] for d in proposal.doubts]
        there = f"Edition {edition.number} is served" if edition.number else "Nothing is kept"
        said.append(f"{there}; reload takes the files into force.")
    elif proposal is not None:
        if edition.number:
            said = [*compared(proposal)]
        if lasting:
            edition = await editions.accepted(store, edition, proposal, now)
        else:
            edition = replayed(edition.number, proposal.event, proposal.met.kept, now)
    return edition, said


def _is_about(d: Delivery, subjects: Sequence[str]) -> bool:
    """Whether a delivery is about subjects, or told something of them."""
    return d.key.subject in subjects or any(t.subject in subjects for t in d.told)


@contextmanager
def office(folder: Path, store: str, clock: Callable[[], datetime]) -> Iterator[Office]:
    """The folder and the store, until both are done with. Raises `BadConfig`, `TryLater`."""
    with asyncio.Runner() as runner:
        kept = Store(store)
        try:
            yield Office(kept, FolderLoader(folder), runner.run, clock)
        finally:
            runner.run(kept.close())


def compared(proposal: Proposal) -> Iterator[str]:
    """What files would do, line by line."""
    yield from (DOUBTS[d] for d in proposal.doubts)
    met = proposal.met
    yield f"The files changed: {len(proposal.event.sessions)} sessions, {len(proposal.event.talks)} talks."
    closed = dict.fromkeys(e.key.id for e in met.closed)
    unfit = dict.fromkeys(e.key.id for e in met.unfit if e.key.id not in closed)
    if met.kept:
        yield f"Changes that stay in force: {', '.join(str(a.number) for a in met.kept)}."
    if closed:
        yield f"Now in the files: {', '.join(closed)}."
    if unfit:
        yield f"No longer fitting, as the files say otherwise: {', '.join(unfit)}."
