"""Group commit: what many ask for while a transaction is under way is done in the next one, together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from bot.errors import TryLater
from bot.store.database import to_its_end


_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_Waiting = list[tuple[_Item, "asyncio.Future[_Result]"]]


class Batch(Generic[_Item, _Result]):
    """Items that are worked on together, as many as have come by the time that work can begin.

    Nobody waits for others to come: a lone item is begun at once. What has been added is done, even
    if whoever added it is cancelled. Between its works a batch belongs to no event loop.
    """

    def __init__(
        self, work: Callable[[Sequence[_Item]], Awaitable[Sequence[_Result]]], most: int
    ) -> None:
        """`work` is done on at most so many items, all or nothing, and gives a result for each."""
        self._work = work
        self._most = most
        self._waiting: _Waiting[_Item, _Result] = []
        self._worker: asyncio.Task[None] | None = None

    async def add(self, item: _Item) -> _Result:
        """The item's result, once it is done. Raises what the work on it raises."""
        future: asyncio.Future[_Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._run())
            self._worker.add_done_callback(self._abandon)
        return await to_its_end(future)

    async def ended(self) -> None:
        """Come back once nothing is under way."""
        while self._worker is not None and not self._worker.done():
            await asyncio.wait([self._worker])

    async def _run(self) -> None:
        while self._waiting:
            taken, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            try:
                await self._do(taken)
            finally:  # if this was cancelled, with its loop, nobody may wait for ever
                _cancel(taken)

    async def _do(self, taken: _Waiting[_Item, _Result]) -> None:
        try:
            results = await self._work([item for item, _ in taken])
        except TryLater as error:  # true of all of them, and found out slowly enough once
            _fail(taken, error)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told to whoever caused it
            if len(taken) == 1:
                _fail(taken, error)
                return
            for one in taken:
                await self._do([one])
        else:
            for (_, future), result in zip(taken, results, strict=True):
                if not future.done():
                    future.set_result(result)

    def _abandon(self, worker: asyncio.Task[None]) -> None:
        """Let nobody wait for a worker that was cancelled, and that no other follows."""
        if worker is self._worker:
            left, self._waiting = self._waiting, []
            _cancel(left)


def _fail(taken: _Waiting[_Item, _Result], error: Exception) -> None:
    for _, future in taken:
        if not future.done():
            future.set_exception(error)


def _cancel(taken: _Waiting[_Item, _Result]) -> None:
    for _, future in taken:
        future.cancel()
