"""Posts on Discord: each under a nonce that Discord knows again, and a code by which it is found later."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

import aiohttp
import discord

from adapters.discord import look
from adapters.limits import Limiter
from bot.answer import Answer
from bot.chat import Budget, Desk, Place, Receipt, Sought
from bot.errors import InDoubt, Refused, TryLater


NAME: Final = "discord"

ALL: Final = Budget(NAME, timedelta(seconds=1 / 40), 10)  # of 50 a second that a bot has in all

_BEFORE: Final = timedelta(minutes=15)  # how far Discord's clock may be behind ours
_MOST_LOOKED_AT: Final = 500
_MOST_PEOPLE: Final = 1_000
_ALPHABET: Final = "abcdefghijkmnpqrstuvwxyz23456789"
_NONCE: Final = 25  # characters, at most (discord-api-docs: create message)
_CODE: Final = 8

_FIXES: Final = {
    10003: "there is no such channel, or the bot can't see it",
    10004: "the bot isn't in that server; invite it",
    10008: "the message is gone",
    10013: "there is no such person",
    30046: "the message was edited too often; wait an hour",
    40060: "that was answered already",
    50001: "the bot can't see the channel; let it View Channel there",
    50005: "the message isn't the bot's own",
    50007: "the person takes no direct messages from the server",
    50013: "the bot may not post there; let it Send Messages and Embed Links",
    50035: "Discord doesn't take the message's form; that is a bug of the bot",
    160002: "the bot may not reply there; let it Read Message History",
}
"""Errors and what to do about them (discord-api-docs: opcodes and status codes)."""


def nonce_of(key: str) -> str:
    """A nonce for a delivery: Discord gives the first message to whoever posts under it again."""
    return _spelt(f"nonce {key}", _NONCE)


def code_of(key: str) -> str:
    """A short code for a delivery, that stands in the post itself."""
    return _spelt(f"code {key}", _CODE)


def _spelt(text: str, length: int) -> str:
    number = int.from_bytes(hashlib.sha256(text.encode()).digest())
    found = ""
    for _ in range(length):
        number, rest = divmod(number, len(_ALPHABET))
        found += _ALPHABET[rest]
    return found


def meant(error: Exception) -> TryLater | Refused | InDoubt:
    """What an error of discord.py's or aiohttp's means for a post."""
    match error:
        case discord.RateLimited(retry_after=after):
            return TryLater(timedelta(seconds=after))
        case discord.HTTPException(status=429):
            return TryLater()
        case discord.HTTPException(status=status) if status >= 500:
            return InDoubt()
        case discord.HTTPException(code=code, status=status):
            fix = _FIXES.get(code) or f"Discord says {code or status}"
            return Refused(fix, str(code))
        case aiohttp.ClientConnectorError():
            return TryLater()
        case _:
            return InDoubt()


TROUBLE: Final = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)


class Posts:
    """What the core posts by itself."""

    def __init__(
        self, client: Callable[[], discord.Client], limiter: Limiter, pings: dict[str, int]
    ) -> None:
        """`client` gives one that is connected, or raises `TryLater`."""
        self._client = client
        self._limiter = limiter
        self._pings = pings
        self._dms: OrderedDict[str, int] = OrderedDict()

    async def post(self, place: Place, answer: Answer, key: str, desk: Desk | None) -> Receipt:
        """Post into a channel, a thread, or to a person alone; long answers are kept at a desk."""
        message = await self._message(place, answer, desk, code_of(key))
        role = self._pings.get(place.channel)
        shown: dict[str, Any] = sendable(message)
        if role is not None:
            shown["content"] = f"<@&{role}>"
            shown["allowed_mentions"] = discord.AllowedMentions(
                everyone=False, users=False, roles=[discord.Object(role)]
            )
        await self._limiter.turn(ALL)
        try:
            channel = await self._channel(place)
            sent = await channel.send(nonce=nonce_of(key), **shown)
        except TROUBLE as error:
            raise meant(error) from None
        return _receipt(place, sent, code_of(key))

    @staticmethod
    async def _message(
        place: Place, answer: Answer, desk: Desk | None, code: str
    ) -> dict[str, Any]:
        several = len(look.pages(answer)) > 1 and desk is not None
        more = await desk.keep(place, answer) if several and desk else ""
        return look.message(answer, more=more, code=code)

    async def look_up(self, place: Place, key: str, since: datetime) -> Receipt | Sought:
        """Look through a channel for a post by its code; cannot tell where its history is hidden."""
        client, code = self._client(), code_of(key)
        me = client.user
        assert me is not None
        try:
            channel = await self._channel(place)
            if not self._can_read(client, channel):
                return Sought.CANNOT_TELL
            seen = 0
            after = since - _BEFORE
            async for message in channel.history(limit=_MOST_LOOKED_AT, after=after):
                seen += 1
                footers = [e.footer.text or "" for e in message.embeds]
                if message.author.id == me.id and any(f.endswith(f"#{code}") for f in footers):
                    return _receipt(place, message, code)
        except TROUBLE as error:
            found = meant(error)
            if isinstance(found, Refused):
                return Sought.CANNOT_TELL
            raise found from None
        return Sought.ABSENT if seen < _MOST_LOOKED_AT else Sought.CANNOT_TELL

    @staticmethod
    def _can_read(client: discord.Client, channel: discord.PartialMessageable) -> bool:
        """Whether the history of a channel shows: without permission Discord says it is empty."""
        known = client.get_channel(channel.id)
        if isinstance(known, (discord.abc.GuildChannel, discord.Thread)):
            return known.permissions_for(known.guild.me).read_message_history
        return known is None or isinstance(known, discord.DMChannel)

    async def edit(self, receipt: Receipt, answer: Answer, desk: Desk | None) -> None:
        """Let a post say something else; its code stays with it."""
        code = receipt.id.rpartition("/")[2]
        message = await self._message(receipt.place, answer, desk, code)
        shown = sendable(message) | {"view": look.view(message)}
        try:
            await self._of(receipt).edit(**shown)
        except TROUBLE as error:
            raise meant(error) from None

    async def delete(self, receipt: Receipt) -> None:
        """Take a post away; one that is gone already stays so."""
        try:
            with suppress(discord.NotFound):
                await self._of(receipt).delete()
        except TROUBLE as error:
            raise meant(error) from None

    def _of(self, receipt: Receipt) -> discord.PartialMessage:
        channel, message, _ = receipt.id.split("/")
        return (
            self._client().get_partial_messageable(int(channel)).get_partial_message(int(message))
        )

    async def _channel(self, place: Place) -> discord.PartialMessageable:
        """Where to post: a channel, a thread, or the conversation with a person alone."""
        client = self._client()
        if not place.channel.startswith("@"):
            return client.get_partial_messageable(_number(place.thread or place.channel))
        person = place.channel.removeprefix("@")
        if person not in self._dms:
            opened = await client.create_dm(discord.Object(_number(person)))
            self._dms[person] = opened.id
            while len(self._dms) > _MOST_PEOPLE:
                self._dms.popitem(last=False)
        return client.get_partial_messageable(self._dms[person])


def _receipt(place: Place, message: discord.Message, code: str) -> Receipt:
    """The id of a post is its channel, its message, and the code that stands in it."""
    return Receipt(place, f"{message.channel.id}/{message.id}/{code}", message.created_at)


def _number(id_: str) -> int:
    if not id_.isdecimal() or not id_.isascii():
        raise Refused(f"{id_} is no id of Discord's", "10003")
    return int(id_)


def sendable(message: dict[str, Any]) -> dict[str, Any]:
    """A rendered message as arguments of discord.py's methods that send."""
    shown: dict[str, Any] = {"embeds": [discord.Embed.from_dict(e) for e in message["embeds"]]}
    view = look.view(message)
    return shown if view is None else shown | {"view": view}
