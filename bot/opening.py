"""From an event's folder and a store to a desk: which edition it serves, and what is said of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from bot import editions
from bot.amend import Amendment, Edition, replayed
from bot.desk import Desk
from bot.editions import Opened, Proposal
from bot.engine import Engine
from bot.export import exported
from bot.load.texts import FolderLoader
from bot.question.language import Language
from bot.store import Store


_T = TypeVar("_T")

DOUBTS: Final = {
    "another event": "The store keeps other events, and none with the id of these files.",
    "sessions gone": "A third of the sessions, or more, is gone.",
    "all moved": "All sessions are moved by the same time.",
}


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

    def keep(self, edition: Edition, amendment: Amendment) -> Edition:
        """The edition behind one more amendment, kept."""
        return self.run(editions.kept(self.store, edition, amendment))

    def newer(self, edition: Edition) -> Edition | None:
        """The edition that is kept, if it is another one than this."""
        return self.run(editions.newer(self.store, self.loader, edition))

    def proposed(
        self, *, sure: bool = False
    ) -> tuple[tuple[str, ...], Callable[[], Edition] | None]:
        """What the files would change, and what takes them into force, if anything does."""
        opened = self.opened()
        if opened.bad is not None:
            return tuple(str(opened.bad).splitlines()), None
        if opened.proposal is None:
            return ("The files are those in force.",), None
        told = tuple(compared(opened.proposal))
        if sure and opened.proposal.doubts:
            return told, None
        return told, lambda: self.accept(opened, self.clock())

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
        opened = self.opened()
        edition, proposal, said = opened.edition, opened.proposal, []
        if opened.bad is not None:
            said = [str(opened.bad), f"Edition {edition.number} is served instead of these files."]
        if proposal is not None and proposal.doubts:
            said = [DOUBTS[d] for d in proposal.doubts]
            served = f"Edition {edition.number} is served" if edition.number else "Nothing is kept"
            said.append(f"{served}; reload takes the files into force.")
        elif proposal is not None:
            if edition.number:
                said = [*compared(proposal)]
            edition = (
                self.accept(opened, now)
                if lasting
                else replayed(edition.number, proposal.event, proposal.met.kept)
            )
        return Desk(Engine(edition.event, language), edition, self.keep, self), said


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
