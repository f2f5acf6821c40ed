"""Discord as a chat platform: what is said there comes to the desk, and what is answered goes back."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import discord
import yarl

from adapters.discord import commands, look, questions
from adapters.discord.agenda import Agenda
from adapters.discord.check import checked
from adapters.discord.people import People
from adapters.discord.post import ALL, NAME, TROUBLE, Posts, meant, sendable
from adapters.discord.questions import Back, back_of
from adapters.discord.replies import Turn, late_reply
from adapters.discord.settings import TOKEN, Secrets, Settings
from adapters.limits import Limiter
from bot.answer import Answer
from bot.chat import Checked, Desk, Does, Kind, Pace, Place, Question, Receipt, Said, Sought
from bot.errors import BadConfig, InDoubt, Refused, TryLater, where


_SHORTEST: Final = 1.0  # seconds
_LONGEST: Final = 60.0
_FINISHED_WITHIN: Final = 8.0
_LONGEST_SLEEP: Final = 30.0  # seconds that discord.py waits through by itself, the least it takes
_READY_WITHIN: float = (
    0.5  # seconds after the last server told of itself; a bot for a workshop has few
)
_MOST_COMPLETED: Final = 25
_LONGEST_CHOICE: Final = 100

_log = logging.getLogger("workshop_bot.discord")
for _name in ("discord", "discord.client", "discord.gateway", "discord.http"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)  # they write what was sent, and to where

_WON_T: Final = {
    discord.LoginFailure: f"Discord doesn't know the token in {TOKEN}; reset it in the developer portal",
    discord.PrivilegedIntentsRequired: "Discord refuses an intent that the bot asks for",
}


class Discord:
    """The servers that the bot was invited into, and people alone."""

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
        self._clock = clock
        self._pause = pause
        self._limiter = Limiter(pace, clock, pause)
        self._posts = Posts(self._connected, self._limiter, dict(settings.pings))
        self._agenda = Agenda()
        self._people = People(settings.guilds, settings.roles)
        self._client: _Client | None = None
        self._desk: Desk | None = None
        self._turns: dict[str, Turn] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    # -- the connection ----------------------------------------------------------------------

    async def run(self, desk: Desk) -> None:
        """Bring what is said to a desk until cancelled. Raises `BadConfig` if Discord won't have it.

        discord.py comes back by itself, but neither from a first login that failed nor from an event
        that broke it: then a new client begins.
        """
        self._desk = desk
        self.address()
        pause = _SHORTEST
        following = asyncio.get_running_loop().create_task(self._follow(desk))
        following.add_done_callback(self._ended)
        try:
            while True:
                self._client = client = _Client(self)
                begun = asyncio.get_running_loop().time()
                try:
                    await client.start(self._secrets.token)
                except (discord.LoginFailure, discord.PrivilegedIntentsRequired) as error:
                    raise BadConfig(_WON_T[type(error)]) from None
                except TROUBLE as error:
                    _log.warning("Discord can't be reached (%s)", type(error).__name__)
                except Exception as error:  # noqa: BLE001 - an event that broke the client
                    _log.error("the connection to Discord broke: %s", where(error))
                finally:
                    await client.close()
                if asyncio.get_running_loop().time() - begun > _LONGEST:
                    pause = _SHORTEST
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST)
        finally:
            following.cancel()
            if self._tasks:
                _, left = await asyncio.wait([*self._tasks], timeout=_FINISHED_WITHIN)
                for task in left:
                    task.cancel()
            if self._client is not None:
                await self._client.close()

    def address(self) -> None:
        """Let discord.py speak to another address, where the environment names one."""
        if self._secrets.api:
            discord.http.Route.BASE = self._secrets.api
        if self._secrets.gateway:
            discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(self._secrets.gateway)

    def _connected(self) -> discord.Client:
        if self._client is None or not self._client.is_ready():
            raise TryLater
        return self._client

    async def ready(self, client: discord.Client) -> None:
        """Tell each server the bot's commands, if they aren't what it knows already."""
        for guild, events in self._settings.guilds.items():
            wanted = commands.payload(events)
            try:
                await self._told(client, guild, wanted)
            except TROUBLE as error:
                _log.warning("the commands of a server can't be told: %s", meant(error))

        await self._keep_agenda()

    async def _keep_agenda(self) -> None:
        """Let the servers show the sessions of the events that are to stand there."""
        client, desk = self._client, self._desk
        if client is None or desk is None or not client.is_ready():
            return
        for guild, events in self._settings.guilds.items():
            for event in events.keys() & self._settings.scheduled:
                await self._agenda.keep(client, guild, event, desk.agenda(event))

    async def _follow(self, desk: Desk) -> None:
        """Keep the servers' events in step with the program."""
        async for _ in desk.changes():
            await self._keep_agenda()

    @staticmethod
    async def _told(client: discord.Client, guild: int, wanted: list[dict[str, Any]]) -> None:
        app = client.application_id
        assert app is not None
        known = await client.http.get_guild_commands(app, guild)
        if [_outline(c) for c in known] != [_outline(c) for c in wanted]:
            await client.http.bulk_upsert_guild_commands(app, guild, wanted)

    # -- what comes in -----------------------------------------------------------------------

    def _event_of(self, guild: discord.Guild | None) -> str:
        """The event of a server, if there is one only."""
        events = self._settings.guilds.get(guild.id, {}) if guild is not None else {}
        return next(iter(events)) if len(events) == 1 else ""

    async def said(self, message: discord.Message, me: int) -> None:
        """Take a message, if it is for the bot, and answer it."""
        desk = self._desk
        assert desk is not None
        question = questions.message(message, me, self._event_of(message.guild), self._clock())
        if question is None:
            return
        if message.guild is None:
            question = await self._known(question)
        if await desk.take(question):
            self._soon(self.answer(question))

    async def _known(self, question: Question) -> Question:
        """The question with the roles that its asker has elsewhere."""
        client, asker = self._client, question.asker
        assert client is not None
        roles = await self._people.roles(client, int(asker.id), question.at)
        return replace(question, asker=replace(asker, groups=roles))

    async def came(self, interaction: discord.Interaction) -> None:
        """Take an interaction and answer it, or complete what somebody types."""
        desk = self._desk
        assert desk is not None
        event = self._event_of(interaction.guild)
        if interaction.type == discord.InteractionType.autocomplete:
            await self._complete(desk, interaction, event)
            return
        question = questions.interaction(interaction, event, self._clock())
        if question is None:
            return
        turn = Turn(interaction)
        if interaction.guild is None:
            question = await self._known(question)
        if back_of(question).public:
            turn.shown_to_all()
        self._turns[question.id] = turn
        if await desk.take(question):
            self._soon(self.answer(question))
        else:
            self._turns.pop(question.id).drop()

    async def _complete(self, desk: Desk, interaction: discord.Interaction, event: str) -> None:
        kind, text, named = commands.typed(interaction.data or {})
        place = Place(named or event, NAME, str(interaction.channel_id or ""))
        names = await desk.complete(place, kind, text, _MOST_COMPLETED)
        choices = [
            discord.app_commands.Choice(name=n[:_LONGEST_CHOICE], value=n[:_LONGEST_CHOICE])
            for n in names
        ]
        with suppress(*TROUBLE):  # whoever types has typed on by now
            await interaction.response.autocomplete(choices)

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            _log.error("something broke: %s", where(error))

    # -- replies -----------------------------------------------------------------------------

    async def answer(self, question: Question) -> None:
        """Hear what was taken, and reply; a reply that can't be posted is left, and logged."""
        desk = self._desk
        assert desk is not None
        turn = self._turns.pop(question.id, None)
        try:
            heard = await desk.hear(question)
            if heard is not None:
                await self._reply(desk, question, heard, turn)
        except (Refused, TryLater, InDoubt) as error:
            _log.warning("question %s got no reply: %s", question.id, error)
        finally:
            if turn is not None:
                turn.drop()

    async def _reply(self, desk: Desk, question: Question, heard: Said, turn: Turn | None) -> None:
        back, answer, does = back_of(question), heard.answer, heard.does
        if answer.form is not None and turn is not None and await turn.open(answer.form):
            return
        pages = look.pages(answer)
        page, token = 0, ""
        if does == Does.PAGE:
            page, token = min(back.page, len(pages) - 1), question.token
        elif len(pages) > 1:
            with suppress(TryLater):
                token = await desk.keep(question.place, answer)
        private = question.place.private and does != Does.SHARE
        alone = does == Does.WHISPER or (private and not question.place.channel.startswith("@"))
        for number in range(len(pages)) if len(pages) > 1 and not token else [page]:
            message = look.message(answer, page=number, more=token, private=private)
            await self._send(question, does, message, turn, alone=alone)
            does = Does.REPLY if does == Does.REPLACE else does

    async def _send(
        self,
        question: Question,
        does: Does,
        message: dict[str, Any],
        turn: Turn | None,
        *,
        alone: bool,
    ) -> None:
        back = back_of(question)
        if turn is not None:
            await turn.reply(does, message, alone=alone)
        elif question.kind != Kind.TEXT:
            await late_reply(self._connected(), back, message, alone=alone)
        else:
            await self._below(back, message)

    async def _below(self, back: Back, message: dict[str, Any]) -> None:
        """Reply below a message, which pings nobody."""
        client = self._connected()
        await self._limiter.turn(ALL)
        channel = client.get_partial_messageable(back.channel)
        said = discord.MessageReference(
            message_id=back.message, channel_id=back.channel, fail_if_not_exists=False
        )
        try:
            await channel.send(reference=said, mention_author=False, **sendable(message))
        except TROUBLE as error:
            raise meant(error) from None

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
        """Let a post say something else; its code stays with it."""
        await self._posts.edit(receipt, answer, self._desk)

    async def delete(self, receipt: Receipt) -> None:
        """Take a post away; one that is gone already stays so."""
        await self._posts.delete(receipt)

    async def check(self, places: Sequence[Place]) -> Sequence[Checked]:
        """Whether the token, the servers and the channels are as the bot needs them."""
        self.address()
        return await checked(self._settings, self._secrets, places)


def _outline(command: Any) -> tuple[Any, ...]:  # noqa: ANN401 - what Discord tells of a command
    """What of a command matters for whether it has to be told anew."""
    options = tuple(_outline(o) for o in command.get("options") or ())
    choices = tuple((c["name"], c["value"]) for c in command.get("choices") or ())
    return (
        command["name"],
        command["description"],
        command.get("type", 1),
        bool(command.get("required")),
        bool(command.get("autocomplete")),
        command.get("default_member_permissions"),
        options,
        choices,
    )


class _Client(discord.Client):
    """discord.py's client: it asks for no privileged intents, and remembers no messages."""

    def __init__(self, owner: Discord) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
        super().__init__(
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            guild_ready_timeout=_READY_WITHIN,
            max_ratelimit_timeout=_LONGEST_SLEEP,
        )
        self._owner = owner

    async def on_ready(self) -> None:
        _log.info("connected to Discord")
        await self._owner.ready(self)

    async def on_message(self, message: discord.Message) -> None:
        assert self.user is not None
        await self._owner.said(message, self.user.id)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        await self._owner.came(interaction)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401, ARG002
        error = sys.exc_info()[1]
        if error is not None:
            _log.error("%s broke: %s", event_method, where(error))
