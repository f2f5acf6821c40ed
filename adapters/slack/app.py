"""Slack as a chat platform: what is said there comes to the desk, and what is answered goes back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
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
from adapters.slack.home import Homes
from adapters.slack.people import People
from adapters.slack.post import NAME, Paces, Posts
from adapters.slack.questions import Back, back_of
from adapters.slack.settings import Secrets, Settings
from adapters.slack.web import QUIET, Web, fatal, lost, said
from bot.answer import Answer
from bot.chat import Asker, Checked, Desk, Does, Pace, Place, Question, Receipt, Said, Sought
from bot.errors import InDoubt, Refused, TryLater, where


Json = Mapping[str, Any]

_A_SECOND: Final = timedelta(seconds=1)
_LONGEST_WAIT: Final = timedelta(seconds=30)
_LATE: Final = timedelta(minutes=5)  # what Slack brings later than this was said long ago
_REPLY_TRIES: Final = 5
_FINISHED_WITHIN: Final = 8.0  # seconds
_LEARNT_WITHIN: Final = 5.0
_LOOKS: Final = 300.0  # seconds between two looks whether Slack still has the bot
_BROKE: Final = 5.0

_log = logging.getLogger("workshop_bot.slack")


class Slack:
    """The workspace that an app is installed in."""

    name = NAME

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
        limiter = Limiter(pace, clock, pause)
        self._paces = Paces(limiter, settings.per_minute)
        self._posts = Posts(self._web, self._paces)
        self._homes = Homes(self._web, limiter)
        self._people = People(self._web, settings.groups, settings.people)
        self._clock = clock
        self._pause = pause
        self._desk: Desk | None = None
        self._me = self._team = ""
        self._tasks: set[asyncio.Task[None]] = set()

    # -- what comes in -----------------------------------------------------------------------

    async def run(self, desk: Desk) -> None:
        """Bring what is said to a desk until cancelled. Raises `BadConfig` if Slack won't have it."""
        self._desk = desk
        beside: list[asyncio.Task[None]] = []
        try:
            await self._introduce()
            with suppress(TimeoutError):
                async with asyncio.timeout(_LEARNT_WITHIN):
                    await self._people.learn()
            loop = asyncio.get_running_loop()
            beside = [
                loop.create_task(self._lasting(lambda: self._homes.follow(desk))),
                loop.create_task(self._lasting(self._people.follow)),
                loop.create_task(self._lasting(self._look_after)),
            ]
            connected = loop.create_task(self._connected(self._app()))
            ended = loop.create_task(self._web.ended.wait())
            beside += [connected, ended]  # type: ignore[list-item]
            await asyncio.wait({connected, ended}, return_when=asyncio.FIRST_COMPLETED)
            if self._web.why is not None:
                raise self._web.why
            await connected
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            await self._finished()
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
                self._me, self._team = found["user_id"], found.get("team_id", "")
                self._posts.bot = found.get("bot_id", "")
                return
            _log.warning("Slack can't be reached yet: %s", problem)
            await self._pause(pause)
            pause = min(pause * 2, _LONGEST_WAIT)

    async def _look_after(self) -> None:
        """Notice that Slack won't have the bot any more, also while nothing is posted."""
        while True:
            await asyncio.sleep(_LOOKS)
            with suppress(Refused, TryLater, InDoubt):
                await self._web.call("auth.test")

    async def _lasting(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do work that never ends, again if it breaks."""
        while True:
            try:
                await work()
            except Exception as error:  # noqa: BLE001 - what goes on beside must not end unheard
                _log.error("something broke: %s", where(error))
            await asyncio.sleep(_BROKE)

    async def _finished(self) -> None:
        """Let what is being answered be answered, within a while; the rest is told of and left."""
        if self._tasks:
            _, left = await asyncio.wait([*self._tasks], timeout=_FINISHED_WITHIN)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)
            if left:
                _log.warning("%d replies were left, as they had to wait too long", len(left))

    async def _connected(self, app: AsyncApp) -> None:
        listen = self._settings.listen
        if listen is None:
            await by_socket(app, self._secrets.app, self._web.client)
        else:
            await by_http(app, self._secrets.signing, *listen)

    def _app(self) -> AsyncApp:
        """Bolt, which knows what Slack's requests look like; signatures are checked before it."""

        async def authorized(team_id: str | None, enterprise_id: str | None) -> AuthorizeResult:
            return AuthorizeResult(
                enterprise_id=enterprise_id,
                team_id=team_id,
                bot_id=self._posts.bot,
                bot_user_id=self._me,
                bot_token=self._secrets.bot,
            )

        app = AsyncApp(
            logger=QUIET,
            name="workshop-bot",
            signing_secret=self._secrets.signing,
            client=self._web.client,
            authorize=authorized,
            request_verification_enabled=False,
            ssl_check_enabled=False,
        )
        app.use(_Incoming(self._came))
        app.error(_broke)
        return app

    async def _came(self, body: Json) -> None:
        """Keep what came, before Slack is told so; what isn't for the bot is dropped unread."""
        desk = self._desk
        assert desk is not None
        if questions.team(body) not in ("", self._team):
            return  # of another workspace: who is an organizer here needn't be one there
        event = body.get("event", {})
        if event.get("type") == "app_home_opened":
            if event.get("tab") == "home":
                self._soon(self._homes.opened(desk, event["user"]))
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
                question = questions.message(body, self._me, now)
                sent = questions.sent(body)
                if question is not None and sent is not None and now - sent > _LATE:
                    question = replace(question, at=sent)  # whoever asked was told nothing so far
            case "block_actions":
                question = questions.press(body, now)
            case "view_submission":
                question = questions.form(body, now)
            case _ if "command" in body:
                event = self._settings.commands.get(body["command"], "")
                question = questions.command(body, event, now)
            case _:
                question = None
        return None if question is None else replace(question, asker=self._known(question.asker))

    def _known(self, asker: Asker) -> Asker:
        """Who it is, with what is known of them besides."""
        name = self._people.name(asker.id) or asker.name
        return replace(asker, name=name, groups=self._people.groups(asker.id))

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
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
            heard = await desk.hear(question)
            if heard is not None:
                await self._reply(desk, question, heard)
        except (Refused, TryLater, InDoubt) as error:
            _log.warning("question %s got no reply: %s", question.id, error)

    async def _reply(self, desk: Desk, question: Question, heard: Said) -> None:
        back, answer = back_of(question), heard.answer
        if answer.form is not None and await self._opened(answer, back):
            return
        pages = look.pages(answer)
        page, token = 0, ""
        if heard.does == Does.PAGE:
            page, token = min(back.page, len(pages) - 1), question.token
        elif len(pages) > 1:
            with suppress(TryLater):  # then all pages are sent, one behind the other
                token = await desk.keep(question.place, answer)
        private = question.place.private and heard.does != Does.SHARE
        does = heard.does
        for number in range(len(pages)) if len(pages) > 1 and not token else [page]:
            message = look.message(answer, page=number, more=token, private=private)
            await self._patiently(does, back, message)
            does = Does.REPLY if does == Does.REPLACE else does

    async def _opened(self, answer: Answer, back: Back) -> bool:
        """Whether a form could be opened: for some seconds after a press it can."""
        assert answer.form is not None
        view = look.modal(answer.form, questions.form_held(answer.form.token, back))
        try:
            await self._web.call("views.open", trigger_id=back.trigger, view=view)
        except Refused:
            return False
        return True

    async def _patiently(self, does: Does, back: Back, message: Json) -> None:
        """Send a reply once; where Slack says later, wait."""
        for _ in range(_REPLY_TRIES):
            try:
                await self._send(does, back, message)
            except TryLater as later:
                wait = later.after or _A_SECOND
                if wait > _LONGEST_WAIT:
                    raise
                await self._pause(wait)
            else:
                return
        raise TryLater

    async def _send(self, does: Does, back: Back, message: Json) -> None:
        match does:
            case Does.REPLACE | Does.PAGE if back.url:
                # The address is bound to what was pressed, whatever the press says that was.
                try:
                    await self._web.respond(back.url, replace_original=True, **message)
                except Refused:
                    await self._say(back, message)
            case Does.SHARE:
                await self._paces.reply(back.channel)
                await self._web.respond(
                    back.url, response_type="in_channel", replace_original=False, **message
                )
            case Does.WHISPER | Does.REPLY if back.url and (back.alone or does == Does.WHISPER):
                await self._web.respond(
                    back.url, response_type="ephemeral", replace_original=False, **message
                )
            case _:
                await self._say(back, message)

    async def _say(self, back: Back, message: Json) -> None:
        """Post where the question was."""
        thread = {"thread_ts": back.thread} if back.thread else {}
        await self._paces.reply(back.channel)
        await self._web.call("chat.postMessage", channel=back.channel, **thread, **message)

    # -- posts -------------------------------------------------------------------------------

    async def post(self, place: Place, answer: Answer, key: str) -> Receipt:
        """Post into a channel, or a thread of it. Raises `TryLater`, `Refused`, `InDoubt`."""
        return await self._posts.post(place, answer, key, self._desk)

    async def direct(self, person: str, answer: Answer, key: str) -> Receipt:
        """Post to a person alone. Raises as `post` does."""
        place = Place("", self.name, f"@{person}", private=True)
        return await self._posts.post(place, answer, key, self._desk)

    async def look_up(self, place: Place, key: str, since: datetime) -> Receipt | Sought:
        """What was posted under a key since a moment (aware), if it was. Raises `TryLater`."""
        return await self._posts.look_up(place, key, since)

    async def edit(self, receipt: Receipt, answer: Answer) -> None:
        """Let a post say something else; its key stays with it."""
        await self._posts.edit(receipt, answer, self._desk)

    async def delete(self, receipt: Receipt) -> None:
        """Take a post away; one that is gone already stays so."""
        await self._posts.delete(receipt)

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
