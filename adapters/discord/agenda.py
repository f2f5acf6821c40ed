"""The sessions of an event among a Discord server's own events: made, changed and called off with them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any, Final

import discord

from adapters.discord.markup import plain_text, tame
from adapters.discord.post import TROUBLE, code_of, meant
from bot.chat import Occasion


# discord-api-docs: guild scheduled events.
_MOST: Final = 100
_NAME, _TEXT, _LOCATION = 100, 1000, 100
_LIVE: Final = (discord.EventStatus.scheduled, discord.EventStatus.active)

_log = logging.getLogger("workshop_bot.discord")


class Agenda:
    """Keeps what it made itself in step; what anybody else made is none of its business."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    async def keep(
        self, client: discord.Client, server: int, event: str, occasions: Sequence[Occasion]
    ) -> None:
        """Let a server show an event's occasions, each once; of too many, the next ones."""
        async with self._lock:
            guild = client.get_guild(server)
            if guild is None:
                _log.warning("the bot isn't in the server %s, so no events stand there", server)
                return
            try:
                await self._kept(client, guild, event, occasions)
            except TROUBLE as error:
                _log.warning("the events of a server can't be kept: %s", meant(error))

    async def _kept(
        self,
        client: discord.Client,
        guild: discord.Guild,
        event: str,
        occasions: Sequence[Occasion],
    ) -> None:
        there = await guild.fetch_scheduled_events(with_counts=False)
        live = [each for each in there if each.status in _LIVE]
        mine = _by_mark(live, client, event)
        wanted = {_mark(event, o): o for o in occasions}
        for mark in mine.keys() - wanted.keys():
            if mine[mark].status == discord.EventStatus.scheduled:
                await mine[mark].cancel(reason="it is in the program no more")
        for mark in mine.keys() & wanted.keys():
            new = _fields(wanted[mark], mark)
            if _present(mine[mark]) != new:
                await mine[mark].edit(**new)
        room = _MOST - len(live)
        for mark in [m for m in wanted if m not in mine][: max(room, 0)]:
            await guild.create_scheduled_event(
                entity_type=discord.EntityType.external,
                privacy_level=discord.PrivacyLevel.guild_only,
                **_fields(wanted[mark], mark),
            )


def _mark(event: str, occasion: Occasion) -> str:
    """What stands below an occasion, so that it is known again."""
    return f"#{code_of(event)}-{code_of(occasion.key)}"


def _by_mark(
    live: Sequence[discord.ScheduledEvent], client: discord.Client, event: str
) -> dict[str, discord.ScheduledEvent]:
    """What the bot itself has made of an event, by its marks."""
    me = client.user
    begins = f"#{code_of(event)}-"
    found: dict[str, discord.ScheduledEvent] = {}
    for each in live:
        mark = (each.description or "").rpartition("\n")[2]
        if me is not None and each.creator_id == me.id and mark.startswith(begins):
            found.setdefault(mark, each)
    return found


def _fields(occasion: Occasion, mark: str) -> dict[str, Any]:
    text = "\n".join(tame(line) for line in occasion.text.splitlines())
    return {
        "name": plain_text(occasion.name, _NAME),
        "description": f"{text[: _TEXT - len(mark) - 1]}\n{mark}",
        "start_time": occasion.start,
        "end_time": occasion.end,
        "location": plain_text(occasion.location, _LOCATION) or "–",
    }


def _present(there: discord.ScheduledEvent) -> dict[str, Any]:
    return {
        "name": there.name,
        "description": there.description,
        "start_time": there.start_time,
        "end_time": there.end_time,
        "location": there.location,
    }
