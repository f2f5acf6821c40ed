"""Whom the bot has to know on Slack: who is in the groups of organizers, and organizers' names."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from typing import Final

from adapters.slack.web import Web
from bot.errors import InDoubt, Refused, TryLater


_LAST: Final = 300.0  # seconds
_AGAIN: Final = 10.0
_PATIENCE: Final = 3  # rounds in which a group that can't be read still has its last members
_UNKNOWN: Final = frozenset({"no_such_subteam", "subteam_not_found", "user_not_found"})

_log = logging.getLogger("workshop_bot.slack")


class People:
    """The members of some groups, and the names of those who matter."""

    def __init__(self, web: Web, groups: Collection[str], people: Collection[str]) -> None:
        self._web = web
        self._wanted = groups
        self._people = people
        self._members: dict[str, frozenset[str]] = {}
        self._failed: dict[str, int] = {}
        self._names: dict[str, str] = {}

    def groups(self, user: str) -> frozenset[str]:
        """The groups that somebody is in, of those that matter."""
        return frozenset(g for g, members in self._members.items() if user in members)

    def name(self, user: str) -> str:
        """What somebody is called, if they matter; else nothing."""
        return self._names.get(user, "")

    async def follow(self) -> None:
        """Know it anew every few minutes."""
        while True:
            well = await self.learn()
            await asyncio.sleep(_LAST if well else _AGAIN)

    async def learn(self) -> bool:
        """Ask for it now; whether all of it could be told."""
        well = [await self._learn_group(group) for group in self._wanted]
        everybody = {*self._people, *(u for members in self._members.values() for u in members)}
        well += [await self._learn_name(user) for user in everybody - self._names.keys()]
        return all(well)

    async def _learn_group(self, group: str) -> bool:
        """Who is in a group; where that can't be told for long, nobody."""
        try:
            found = await self._web.read("usergroups.users.list", usergroup=group)
        except (Refused, TryLater, InDoubt) as error:
            self._failed[group] = self._failed.get(group, 0) + 1
            gone = isinstance(error, Refused) and error.code in _UNKNOWN
            if gone or self._failed[group] >= _PATIENCE:
                self._members.pop(group, None)
            _log.warning("who is in the group %s can't be told: %s", group, error)
            return gone
        self._failed.pop(group, None)
        self._members[group] = frozenset(found.get("users", ()))
        return True

    async def _learn_name(self, user: str) -> bool:
        try:
            found = await self._web.read("users.info", user=user)
        except (Refused, TryLater, InDoubt) as error:
            _log.warning("an organizer's name can't be told: %s", error)
            return isinstance(error, Refused)
        person = found.get("user", {})
        profile = person.get("profile", {})
        self._names[user] = profile.get("real_name") or person.get("name", "")
        return True
