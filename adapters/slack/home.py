"""The bot's own page on Slack, for each who opens it: shown when it is opened, and when it changes."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from datetime import timedelta
from typing import Final

from adapters.limits import Limiter
from adapters.slack import look
from adapters.slack.web import Web
from bot.chat import Asker, Budget, Desk
from bot.errors import InDoubt, Refused, TryLater


_VIEWS: Final = Budget("slack/views", timedelta(seconds=0.6), 10)  # tier 4: 100 a minute and more
_MOST_READERS: Final = 200  # the latest; whoever opens it again sees the present state anyhow
_TOGETHER: Final = 1.0  # seconds in which changes that come one behind the other become one

_log = logging.getLogger("workshop_bot.slack")


class Homes:
    """Who has opened the page of late, and what they see there."""

    def __init__(self, web: Web, limiter: Limiter) -> None:
        self._web = web
        self._limiter = limiter
        self._readers: OrderedDict[str, int] = OrderedDict()
        self._opening: set[str] = set()

    async def opened(self, desk: Desk, user: str) -> None:
        """Show the page to somebody who opened it; once, however often they do meanwhile."""
        if user in self._opening:
            return
        self._opening.add(user)
        try:
            await self._show(desk, user)
        finally:
            self._opening.discard(user)

    async def follow(self, desk: Desk) -> None:
        """Show the page anew to its readers each time that an event changes."""
        changed = asyncio.Event()

        async def listen() -> None:
            async for _ in desk.changes():
                changed.set()

        listening = asyncio.create_task(listen())
        try:
            while True:
                await changed.wait()
                await asyncio.sleep(_TOGETHER)
                changed.clear()
                for user in reversed([*self._readers]):
                    await self._show(desk, user)
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    async def _show(self, desk: Desk, user: str) -> None:
        """Publish the page, unless it is what the reader sees already."""
        try:
            view = look.home(await desk.home(Asker(user)))
            seen = hash(str(view))
            if self._readers.get(user) != seen:
                await self._limiter.turn(_VIEWS)
                await self._web.call("views.publish", user_id=user, view=view)
        except (Refused, TryLater, InDoubt) as error:
            _log.warning("a home page could not be shown: %s", error)
        else:
            self._readers[user] = seen
            self._readers.move_to_end(user)
            while len(self._readers) > _MOST_READERS:
                self._readers.popitem(last=False)
