"""Who has which roles on Discord, where a message doesn't say: in conversations with the bot alone."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import discord

from adapters.discord.post import TROUBLE, meant


_LASTS: Final = timedelta(minutes=5)
_MOST: Final = 1_000

_log = logging.getLogger("workshop_bot.discord")


class People:
    """The roles that matter of people who have spoken to the bot alone of late."""

    def __init__(self, guilds: Iterable[int], roles: frozenset[str]) -> None:
        self._guilds = tuple(guilds)
        self._roles = roles
        self._known: OrderedDict[int, tuple[frozenset[str], datetime]] = OrderedDict()

    async def roles(self, client: discord.Client, user: int, now: datetime) -> frozenset[str]:
        """The roles that somebody has in the bot's servers; none where that can't be told."""
        if not self._roles:
            return frozenset()
        held, until = self._known.get(user, (frozenset(), now))
        if until > now:
            return held
        found: set[str] = set()
        for guild in self._guilds:
            try:
                member = await client.http.get_member(guild, user)
            except discord.NotFound:  # not everybody is in each server
                continue
            except TROUBLE as error:
                _log.warning("somebody's roles can't be told: %s", meant(error))
                continue
            found |= self._roles.intersection(map(str, member["roles"]))
        self._known[user] = (frozenset(found), now + _LASTS)
        self._known.move_to_end(user)
        while len(self._known) > _MOST:
            self._known.popitem(last=False)
        return frozenset(found)
