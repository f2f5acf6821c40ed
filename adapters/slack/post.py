"""Posts on Slack: into channels, threads and to people alone; found again by their keys."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from adapters.limits import Limiter
from adapters.slack import look
from adapters.slack.web import Web
from bot.answer import Answer
from bot.chat import Budget, Desk, Place, Receipt, Sought
from bot.errors import Refused, TryLater


NAME: Final = "slack"

_A_SECOND: Final = timedelta(seconds=1)
_MINUTE: Final = timedelta(minutes=1)
_CHANNEL_BURST: Final = 3  # one a second, "short bursts of more" (docs.slack.dev: rate limits)
_NOTICES: Final = 0.2  # of what the workspace takes: however much is asked, this is kept for them
_REPLIES_BURST, _NOTICES_BURST = 20, 5
_LONGEST_TURN: Final = 60.0  # seconds
_PAGES: Final = 10
_PAGE: Final = 100
_BEFORE: Final = timedelta(minutes=15)  # how far Slack's clock may be behind ours
_MOST_PEOPLE: Final = 1_000
_EVENT_TYPE: Final = "workshop_bot"


class Paces:
    """How fast Slack is posted to: each channel, and the workspace in all."""

    def __init__(self, limiter: Limiter, per_minute: int) -> None:
        self._limiter = limiter
        replies = _MINUTE / (per_minute * (1 - _NOTICES))
        notices = _MINUTE / (per_minute * _NOTICES)
        self._replies = Budget("slack/replies", replies, _REPLIES_BURST)
        self._notices = Budget("slack/notices", notices, _NOTICES_BURST)

    async def reply(self, channel: str) -> None:
        """Come back when it is a reply's turn. Raises `TryLater` if that isn't soon."""
        await self._turn(_channel(channel), self._replies)

    async def notice(self, channel: str) -> None:
        """Come back when it is a notice's turn. Raises `TryLater` if that isn't soon."""
        await self._turn(_channel(channel), self._notices)

    async def _turn(self, *budgets: Budget) -> None:
        try:
            async with asyncio.timeout(_LONGEST_TURN):
                await self._limiter.turn(*budgets)
        except TimeoutError:
            raise TryLater from None


def _channel(channel: str) -> Budget:
    return Budget(f"slack/{channel}", _A_SECOND, _CHANNEL_BURST)


class Posts:
    """What the core posts by itself."""

    def __init__(self, web: Web, paces: Paces) -> None:
        """Who the bot is on Slack, `bot`, is to be set once that is known."""
        self._web = web
        self._paces = paces
        self._dms: OrderedDict[str, str] = OrderedDict()
        self.bot = ""

    async def post(self, place: Place, answer: Answer, key: str, desk: Desk | None) -> Receipt:
        """Post into a channel, a thread, or to a person alone; long answers are kept at a desk."""
        channel = await self.channel(place)
        thread = {"thread_ts": place.thread} if place.thread else {}
        # By this a post is found again whose answer was lost; it may be read by all in the channel.
        marked = {"event_type": _EVENT_TYPE, "event_payload": {"key": key}}
        message = await self._message(place, answer, desk)
        await self._paces.notice(channel)
        found = await self._web.call(
            "chat.postMessage", channel=channel, metadata=marked, **thread, **message
        )
        return _receipt(place, channel, found["ts"])

    async def _message(self, place: Place, answer: Answer, desk: Desk | None) -> Mapping[str, Any]:
        several = len(look.pages(answer)) > 1 and desk is not None
        return look.message(answer, more=await desk.keep(place, answer) if several and desk else "")

    async def look_up(self, place: Place, key: str, since: datetime) -> Receipt | Sought:
        """Look through a channel's history for a post by its key; cannot tell where it can't be read.

        Raises `TryLater` as long as nobody knows which messages are the bot's own.
        """
        if not self.bot:
            raise TryLater
        try:
            channel = await self.channel(place)
            return await self._found(place, channel, key, since)
        except Refused:
            return Sought.CANNOT_TELL

    async def _found(
        self, place: Place, channel: str, key: str, since: datetime
    ) -> Receipt | Sought:
        arguments: dict[str, Any] = {
            "channel": channel,
            "oldest": f"{(since - _BEFORE).timestamp():.6f}",
            "include_all_metadata": "true",
            "limit": _PAGE,
        }
        method = "conversations.history"
        if place.thread:
            method, arguments["ts"] = "conversations.replies", place.thread
        for _ in range(_PAGES):
            answer = await self._web.read(method, **arguments)
            for message in answer.get("messages", ()):
                payload = message.get("metadata", {}).get("event_payload", {})
                if payload.get("key") == key and message.get("bot_id", self.bot) == self.bot:
                    return _receipt(place, channel, message["ts"])
            cursor = answer.get("response_metadata", {}).get("next_cursor", "")
            if not cursor:
                return Sought.ABSENT
            arguments["cursor"] = cursor
        return Sought.CANNOT_TELL

    async def edit(self, receipt: Receipt, answer: Answer, desk: Desk | None) -> None:
        """Let a post say something else; its key stays with it."""
        channel, _, ts = receipt.id.rpartition("/")
        message = await self._message(receipt.place, answer, desk)
        await self._web.call("chat.update", channel=channel, ts=ts, **message)

    async def delete(self, receipt: Receipt) -> None:
        """Take a post away; one that is gone already stays so."""
        channel, _, ts = receipt.id.rpartition("/")
        try:
            await self._web.call("chat.delete", channel=channel, ts=ts)
        except Refused as refused:
            if refused.code != "message_not_found":
                raise

    async def channel(self, place: Place) -> str:
        """The id of a channel, also of the conversation with a person alone."""
        if not place.channel.startswith("@"):
            return place.channel
        person = place.channel.removeprefix("@")
        if person not in self._dms:
            found = await self._web.call("conversations.open", users=person)
            self._dms[person] = found["channel"]["id"]
            while len(self._dms) > _MOST_PEOPLE:
                self._dms.popitem(last=False)
        return self._dms[person]


def _receipt(place: Place, channel: str, ts: str) -> Receipt:
    """The id of a message is its channel and its moment."""
    return Receipt(place, f"{channel}/{ts}", datetime.fromtimestamp(float(ts), UTC))
