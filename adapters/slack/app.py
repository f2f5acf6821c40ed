"""Slack as a chat platform: what is said there comes to the desk, what is answered or due goes there."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from adapters.limits import Limiter
from adapters.slack import look, questions
from adapters.slack.check import checked
from adapters.slack.connection import by_http, by_socket
from adapters.slack.questions import Back, back_of
from adapters.slack.settings import Secrets, Settings
from adapters.slack.web import QUIET, Web, fatal, lost, said
from bot.answer import Answer, Status
from bot.chat import Asker, Budget, Checked, Desk, Pace, Place, Question, Receipt, Sought
from bot.errors import InDoubt, Refused, TryLater, where


Json = Mapping[str, Any]

_A_SECOND: Final = timedelta(seconds=1)
_MINUTE: Final = timedelta(minutes=1)
_CHANNEL_BURST: Final = 3  # one a second, "short bursts of more" (docs.slack.dev: rate limits)
_WORKSPACE_BURST: Final = 20
_VIEWS: Final = Budget("slack/views", timedelta(seconds=0.6), 10)  # tier 4: 100 a minute and more
_GROUPS_LAST: Final = 300.0  # seconds
_MOST_HOMES: Final = 1_000
_REPLY_TRIES: Final = 5
_LONGEST_WAIT: Final = timedelta(seconds=30)
_PAGES: Final = 10
_PAGE: Final = 100
_BEFORE: Final = timedelta(minutes=1)  # Slack's clock may be behind ours
_EVENT_TYPE: Final = "workshop_bot"

_log = logging.getLogger("workshop_bot.slack")


class Slack:
    """The workspace that an app is installed in."""

    name = "slack"

    def __init__(
        self,
        settings: Settings,
        secrets: Secrets,
        pace: Pace,
        clock: Callable[[], datetime],
        pause: Callable[[timedelta], Awaitable[None]],
    ) -> None:
        """`pace` shares budgets with other processes, `clock` gives the aware moment."""
        self._settings = settings
        self._secrets = secrets
        self._web = Web(secrets)
        self._limiter = Limiter(pace, clock, pause)
        self._workspace = Budget("slack", _MINUTE / settings.per_minute, _WORKSPACE_BURST)
        self._clock = clock
        self._pause = pause
        self._desk: Desk | None = None
        self._me = self._bot = ""
        self._members: dict[str, frozenset[str]] = {}
        self._alone: OrderedDict[str, str] = OrderedDict()
        self._homes: OrderedDict[str, None] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()

    # -- what comes in -----------------------------------------------------------------------

    async def run(self, desk: Desk) -> None:
        """Bring what is said to a desk until cancelled. Raises `BadConfig` if Slack won't have it."""
        self._desk = desk
        try:
            await self._introduce()
            beside = [asyncio.create_task(self._follow(desk))]
            if self._settings.groups:
                beside.append(asyncio.create_task(self._know_groups()))
            try:
                await self._connected(self._app())
            finally:
                for task in beside:
                    task.cancel()
                await asyncio.gather(*beside, return_exceptions=True)
        finally:
            if self._tasks:  # what is being answered is answered
                await asyncio.wait([*self._tasks], timeout=5)
            await self._web.close()

    async def _introduce(self) -> None:
        """Learn who the bot is, as soon as Slack can be reached."""
        pause = _A_SECOND
        while True:
            try:
                found = await self._web.client.auth_test()
            except SlackApiError as error:
                if (end := fatal(error)) is not None:
                    raise end from None
                problem: Exception = said(error)
            except Exception as error:  # noqa: BLE001 - whatever kept it from being reached
                problem = lost(error)
            else:
                self._me, self._bot = found["user_id"], found.get("bot_id", "")
                return
            _log.warning("Slack can't be reached yet (%s)", type(problem).__name__)
            await self._pause(pause)
            pause = min(pause * 2, _LONGEST_WAIT)

    async def _connected(self, app: AsyncApp) -> None:
        listen = self._settings.listen
        if listen is None:
            await by_socket(app, self._secrets.app, self._web.client)
        else:
            await by_http(app, *listen)

    def _app(self) -> AsyncApp:
        """Bolt, which checks signatures and knows what Slack's requests look like."""

        async def authorized(team_id: str | None, enterprise_id: str | None) -> AuthorizeResult:
            return AuthorizeResult(
                enterprise_id=enterprise_id,
                team_id=team_id,
                bot_id=self._bot,
                bot_user_id=self._me,
                bot_token=self._secrets.bot,
            )

        app = AsyncApp(
            logger=QUIET,
            name="workshop-bot",
            signing_secret=self._secrets.signing,
            client=self._web.client,
            authorize=authorized,
            request_verification_enabled=self._settings.listen is not None,
            ssl_check_enabled=False,  # it would answer before the signature is looked at
        )
        app.use(_Incoming(self._came))
        app.error(_broke)
        return app

    async def _came(self, body: Json) -> None:
        """Keep what came, before Slack is told so; what isn't for the bot is dropped unread."""
        desk = self._desk
        assert desk is not None
        event = body.get("event", {})
        if event.get("type") == "app_home_opened":
            if event.get("tab") == "home":
                self._soon(self._show_home(desk, event["user"]))
            return
        question = self._question(body)
        if question is None:
            return
        if not (
            question.addressed
            or questions.thread_is_ours(body, self._me)
            or await desk.joined(question.place)
        ):
            return
        if await desk.take(question):
            self._soon(self.answer(question))

    def _question(self, body: Json) -> Question | None:
        now = self._clock()
        match body.get("type"):
            case "event_callback" if body["event"].get("type") in ("message", "app_mention"):
                return questions.message(body, self._me, self._groups, now)
            case "block_actions":
                return questions.press(body, self._groups, now)
            case "view_submission":
                return questions.form(body, self._groups, now)
            case _ if "command" in body:
                event = self._settings.commands.get(body["command"], "")
                return questions.command(body, event, self._groups, now)
            case _:
                return None

    def _soon(self, work: Any) -> None:  # noqa: ANN401 - any coroutine
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Let a task go; what broke it is told, as nobody waits for it."""
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            _log.error("something broke: %s", where(error))

    # -- replies -----------------------------------------------------------------------------

    async def answer(self, question: Question) -> None:
        """Hear what was taken, and reply; a reply that can't be posted is left, and logged."""
        desk = self._desk
        assert desk is not None
        try:
            answer = await desk.hear(question)
            if answer is not None:
                await self._reply(desk, question, answer)
        except (Refused, TryLater, InDoubt) as error:
            _log.warning("question %s got no reply: %s", question.id, error)

    async def _reply(self, desk: Desk, question: Question, answer: Answer) -> None:
        back = back_of(question)
        if answer.form is not None and back.trigger:
            held = questions.form_held(answer.form.token, back)
            view = look.modal(answer.form, held)
            await self._web.call("views.open", trigger_id=back.trigger, view=view)
            return
        if back.does == "replace" and answer.status != Status.ANSWERED:
            back = replace(back, does="whisper")  # what was pressed stays, for whom it is meant
        pages = look.pages(answer)
        token = question.token if back.does == "page" else ""
        if len(pages) > 1 and not token:
            with suppress(TryLater):  # then all pages are sent, one behind the other
                token = await desk.keep(question.place, answer)
        shown = (
            range(len(pages)) if len(pages) > 1 and not token else [min(back.page, len(pages) - 1)]
        )
        for page in shown:
            message = look.message(answer, page=page, more=token, private=question.place.private)
            await self._send(back, message)
            back = replace(back, does="whisper" if back.does == "whisper" else "reply")

    async def _send(self, back: Back, message: Json) -> None:
        """Send a reply once; where Slack says later, wait."""
        for _ in range(_REPLY_TRIES):
            try:
                await self._sent(back, message)
            except TryLater as later:
                wait = later.after or _A_SECOND
                if wait > _LONGEST_WAIT:
                    raise
                await self._pause(wait)
            else:
                return
        raise TryLater

    async def _sent(self, back: Back, message: Json) -> None:
        if back.does in ("replace", "page") and back.ts:
            await self._web.call("chat.update", channel=back.channel, ts=back.ts, **message)
        elif back.does in ("replace", "page"):
            await self._web.respond(back.url, replace_original=True, **message)
        elif back.does == "share":
            await self._limiter.turn(*self._budgets(back.channel))
            await self._web.respond(
                back.url, response_type="in_channel", replace_original=False, **message
            )
        elif back.does == "whisper":
            await self._web.respond(
                back.url, response_type="ephemeral", replace_original=False, **message
            )
        else:
            thread = {"thread_ts": back.thread} if back.thread else {}
            await self._limiter.turn(*self._budgets(back.channel))
            await self._web.call("chat.postMessage", channel=back.channel, **thread, **message)

    def _budgets(self, channel: str) -> tuple[Budget, Budget]:
        return Budget(f"slack/{channel}", _A_SECOND, _CHANNEL_BURST), self._workspace

    # -- the bot's own page ------------------------------------------------------------------

    async def _show_home(self, desk: Desk, user: str) -> None:
        """Show somebody the bot's own page, and again when an event changes."""
        self._homes[user] = None
        self._homes.move_to_end(user)
        while len(self._homes) > _MOST_HOMES:
            self._homes.popitem(last=False)
        try:
            await self._limiter.turn(_VIEWS)
            asker = Asker(user, groups=self._groups(user))
            view = look.home(await desk.home(asker))
            await self._web.call("views.publish", user_id=user, view=view)
        except (Refused, TryLater, InDoubt) as error:
            _log.warning("a home page could not be shown: %s", error)

    async def _follow(self, desk: Desk) -> None:
        """Show the pages anew, of those who looked last, each time that an event changes."""
        async for _ in desk.changes():
            for user in reversed([*self._homes]):
                await self._show_home(desk, user)

    # -- groups ------------------------------------------------------------------------------

    def _groups(self, user: str) -> frozenset[str]:
        return frozenset(g for g, members in self._members.items() if user in members)

    async def _know_groups(self) -> None:
        """Know who is in the groups that matter; while that can't be told, who was."""
        while True:
            for group in self._settings.groups:
                try:
                    found = await self._web.read("usergroups.users.list", usergroup=group)
                    self._members[group] = frozenset(found.get("users", ()))
                except (Refused, TryLater, InDoubt) as error:
                    _log.warning("who is in the group %s can't be told: %s", group, error)
            await asyncio.sleep(_GROUPS_LAST)

    # -- posts -------------------------------------------------------------------------------

    async def post(self, place: Place, answer: Answer, key: str) -> Receipt:
        """Post into a channel, or a thread of it. Raises `TryLater`, `Refused`, `InDoubt`."""
        return await self._posted(place, place.channel, answer, key)

    async def direct(self, person: str, answer: Answer, key: str) -> Receipt:
        """Post to a person alone. Raises as `post` does."""
        place = Place("", self.name, f"@{person}", private=True)
        return await self._posted(place, await self._channel(place), answer, key)

    async def _posted(self, place: Place, channel: str, answer: Answer, key: str) -> Receipt:
        token = ""
        if len(look.pages(answer)) > 1 and self._desk is not None:
            token = await self._desk.keep(place, answer)
        thread = {"thread_ts": place.thread} if place.thread else {}
        # By this a post is found again whose answer was lost; it may be read by all in the channel.
        marked = {"event_type": _EVENT_TYPE, "event_payload": {"key": key}}
        message = look.message(answer, more=token)
        await self._limiter.turn(*self._budgets(channel))
        found = await self._web.call(
            "chat.postMessage", channel=channel, metadata=marked, **thread, **message
        )
        return _receipt(place, channel, found["ts"])

    async def look_up(self, place: Place, key: str, since: datetime) -> Receipt | Sought:
        """Look through a channel's history for a post by its key; cannot tell where it can't be read."""
        try:
            channel = await self._channel(place)
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
                if payload.get("key") == key and message.get("bot_id", self._bot) == self._bot:
                    return _receipt(place, channel, message["ts"])
            cursor = answer.get("response_metadata", {}).get("next_cursor", "")
            if not cursor:
                return Sought.ABSENT
            arguments["cursor"] = cursor
        return Sought.CANNOT_TELL

    async def edit(self, receipt: Receipt, answer: Answer) -> None:
        """Let a post say something else; its key stays with it."""
        channel, _, ts = receipt.id.rpartition("/")
        token = ""
        if len(look.pages(answer)) > 1 and self._desk is not None:
            token = await self._desk.keep(receipt.place, answer)
        message = look.message(answer, more=token)
        await self._web.call("chat.update", channel=channel, ts=ts, **message)

    async def delete(self, receipt: Receipt) -> None:
        """Take a post away; one that is gone already stays so."""
        channel, _, ts = receipt.id.rpartition("/")
        try:
            await self._web.call("chat.delete", channel=channel, ts=ts)
        except Refused as refused:
            if refused.reason != _GONE:
                raise

    async def _channel(self, place: Place) -> str:
        """The id of a channel, also of the conversation with a person alone."""
        if not place.channel.startswith("@"):
            return place.channel
        person = place.channel.removeprefix("@")
        if person not in self._alone:
            found = await self._web.call("conversations.open", users=person)
            self._alone[person] = found["channel"]["id"]
            while len(self._alone) > _MOST_HOMES:
                self._alone.popitem(last=False)
        return self._alone[person]

    async def check(self, places: Sequence[Place]) -> Sequence[Checked]:
        """Whether tokens, scopes and channels are as the bot needs them."""
        try:
            return await checked(self._web, self._settings, self._secrets, places)
        finally:
            await self._web.close()


class _Incoming(AsyncMiddleware):
    """Hands over what comes in, and acknowledges it when it is kept: no listener of Bolt's follows.

    Bolt would acknowledge events before it calls a listener, and then they can be lost.
    """

    def __init__(self, came: Callable[[Json], Awaitable[None]]) -> None:
        self._came = came

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - as Bolt calls it
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002, ARG002
    ) -> BoltResponse:
        """Acknowledge what is kept; Slack sends again what isn't."""
        await self._came(req.body)
        return BoltResponse(status=200, body="")


async def _broke(error: Exception) -> None:
    _log.error("something that came in broke: %s", where(error))


def _receipt(place: Place, channel: str, ts: str) -> Receipt:
    """The id of a message is its channel and its moment."""
    return Receipt(place, f"{channel}/{ts}", datetime.fromtimestamp(float(ts), UTC))


_GONE: Final = "the message is gone"
