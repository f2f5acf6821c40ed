"""A Discord on this machine, over real HTTP and WebSocket: what a bot does, it shows.

Its people are moved by the tests (`say`, `command`, `autocomplete`, `press`, `submit`), and whatever
Discord would refuse is refused. Wire formats and limits are those of the reference. Ids are strings.
"""

import asyncio
import contextlib
import json
import uuid
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import aiohttp
from aiohttp import web

from tests.fake_discord_limits import (
    TEXT,
    Problem,
    check,
    check_choices,
    check_commands,
    check_event,
    check_modal,
    errors,
    modal_problems,
    pings,
    problems,
    walk,
)


__all__ = [
    "FakeDiscord",
    "Fault",
    "Interaction",
    "Message",
    "Modal",
    "buttons",
    "modal_problems",
    "pings",
    "pointed_at",
    "problems",
    "text",
]

Json = dict[str, Any]
EPOCH = 1_420_070_400_000

# Permissions
ADMINISTRATOR, MANAGE_GUILD, REACT = 1 << 3, 1 << 5, 1 << 6
VIEW, SEND, MANAGE_MESSAGES, EMBED, ATTACH = 1 << 10, 1 << 11, 1 << 13, 1 << 14, 1 << 15
HISTORY, MENTION_EVERYONE, USE_COMMANDS = 1 << 16, 1 << 17, 1 << 31
MANAGE_EVENTS, CREATE_EVENTS = 1 << 33, 1 << 44
START_THREADS, SEND_IN_THREADS = 1 << 35, 1 << 38
EVERYTHING = (1 << 50) - 1
PEOPLE = VIEW | SEND | SEND_IN_THREADS | EMBED | ATTACH | HISTORY | REACT | USE_COMMANDS
BOT = PEOPLE | START_THREADS | MENTION_EVERYONE
EVENTS = MANAGE_EVENTS | CREATE_EVENTS
DENIALS = {
    "viewable": VIEW,
    "writable": SEND | SEND_IN_THREADS,
    "embeds": EMBED,
    "history": HISTORY,
    "threads": START_THREADS,
}

# Intents
GUILDS, MEMBERS, PRESENCES = 1 << 0, 1 << 1, 1 << 8
GUILD_MESSAGES, DIRECT_MESSAGES, CONTENT, SCHEDULED = 1 << 9, 1 << 12, 1 << 15, 1 << 16
PRIVILEGED = {"members": MEMBERS, "presences": PRESENCES, "message_content": CONTENT}
APP_FLAGS = {"members": 1 << 15, "presences": 1 << 13, "message_content": 1 << 19}

EPHEMERAL, LOADING = 1 << 6, 1 << 7
STRING, INTEGER, BOOLEAN, A_USER, A_CHANNEL, A_ROLE, MENTIONABLE, NUMBER = range(3, 11)
FOR_GOOD = {4003, 4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014}
INTERACTING = ("interactions", "webhooks")

SAID: dict[int, tuple[int, str]] = {
    0: (404, "404: Not Found"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10070: (404, "Unknown Guild Scheduled Event"),
    30032: (400, "Maximum number of application commands reached (100)."),
    30038: (400, "Maximum number of guild scheduled events reached (100)"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    160002: (403, "Cannot reply without permission to read message history"),
    160004: (400, "A thread has already been created for this message"),
    180000: (400, "Cannot update a finished event"),
}


def real_clock():
    return datetime.now(UTC)  # noqa: TID251 - what Discord stamps by is the real time


class Refused(Exception):
    """Discord's answer to a call that it doesn't do."""

    def __init__(self, code, found=(), status=None):
        super().__init__(code)
        self.code, self.found = code, list(found)
        self.status, self.said = SAID.get(code, (400, "Error"))
        self.status = status or self.status


@dataclass(frozen=True)
class Fault:
    """What befalls a call; `lands` says that it takes effect all the same.

    Of a slow one the effect comes after the wait, or before it if it `lands` early.
    """

    lands: bool = False
    drop: bool = False
    delay: float = 0.0
    code: int = 200
    body: Json | str | None = None
    retry_after: float | None = None

    DROP_BEFORE: ClassVar["Fault"]
    DROP_AFTER: ClassVar["Fault"]

    @staticmethod
    def ratelimited(retry_after=1.0, *, everywhere=False):
        message = "You are being rate limited."
        body = {"message": message, "retry_after": retry_after, "global": everywhere}
        return Fault(code=429, body=body, retry_after=retry_after)

    @staticmethod
    def error(code, *, status=None, message=None, lands=False):
        known, said = SAID.get(code, (400, "Error"))
        body = {"message": message or said, "code": code}
        return Fault(code=status or known, body=body, lands=lands)

    @staticmethod
    def status(code, html="<html><body>Server Error</body></html>", *, lands=False):
        return Fault(code=code, body=html, lands=lands)

    @staticmethod
    def slow(seconds, *, lands=False):
        return Fault(delay=seconds, lands=lands)


Fault.DROP_BEFORE = Fault(drop=True)
Fault.DROP_AFTER = Fault(drop=True, lands=True)


@dataclass(eq=False)
class User:
    id: str
    name: str
    bot: bool = False
    dms: bool = True  # lets the bot write first, or at all


@dataclass(eq=False)
class Role:
    id: str
    name: str
    permissions: int = 0
    position: int = 0
    mentionable: bool = False
    of_bot: bool = False


@dataclass(eq=False)
class Member:
    user: User
    roles: list[str]
    joined: str
    nick: str | None = None


@dataclass(eq=False)
class Message:
    """A message; one that only `to` sees is ephemeral. Its payload is as the bot sent it."""

    id: str
    channel: str
    author: str
    payload: Json
    sent: str
    kind: int = 0
    flags: int = 0
    reference: str | None = None
    to: str | None = None
    interaction: "Interaction | None" = None
    edited: str | None = None
    deleted: bool = False
    thread: str | None = None
    versions: list[Json] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)
    at: int = 0

    def __post_init__(self):
        self.at = int(self.id)

    @property
    def content(self) -> str:
        return self.payload.get("content") or ""

    @property
    def embeds(self) -> list[Json]:
        return self.payload.get("embeds") or []

    @property
    def components(self) -> list[Json]:
        return self.payload.get("components") or []

    @property
    def nonce(self) -> str | None:
        nonce = self.payload.get("nonce")
        return None if nonce is None else str(nonce)

    @property
    def allowed_mentions(self) -> Json | None:
        return self.payload.get("allowed_mentions")

    @property
    def ephemeral(self) -> bool:
        return self.to is not None

    @property
    def loading(self) -> bool:
        """Whether it is still but the promise of one."""
        return bool(self.flags & LOADING)


@dataclass(eq=False)
class Channel:
    """A text channel, a thread (11) or the conversation of the bot with one user (1)."""

    id: str
    name: str
    guild: str | None = None
    kind: int = 0
    parent: str | None = None
    user: User | None = None
    owner: str | None = None
    topic: str | None = None
    denied: int = 0
    log: list[Message] = field(default_factory=list)
    by_id: dict[str, Message] = field(default_factory=dict)
    replies: dict[str, Message] = field(default_factory=dict)
    plain: list[Message] = field(default_factory=list)


@dataclass(eq=False)
class Guild:
    id: str
    name: str
    owner: str
    roles: dict[str, Role] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    events: dict[str, Json] = field(default_factory=dict)


@dataclass(eq=False)
class Modal:
    """A form that the bot opened for a user."""

    user: str
    interaction: "Interaction"
    payload: Json

    @property
    def title(self) -> str:
        return self.payload.get("title") or ""

    @property
    def custom_id(self) -> str:
        return self.payload.get("custom_id") or ""

    @property
    def inputs(self) -> list[tuple[Json, str]]:
        """What can be filled in, each with its label."""
        found = []
        for row in self.payload["components"]:
            inside = [row["component"]] if "component" in row else row.get("components") or []
            found += [(part, part.get("label") or row.get("label") or "") for part in inside]
        return found


@dataclass(eq=False)
class Interaction:
    """A command, an autocompletion, a press or a form: what came to it.

    `kind` is the type of the first answer, None as long as there is none. `responses` are the first
    answer (also if it changes the message pressed on), `followups` what was posted after it,
    `edits` the messages changed through it later, once for each change, and `came` all of these in
    order.
    """

    id: str
    token: str
    type: int
    user: str
    channel: str
    guild: str | None
    born: datetime
    message: Message | None = None
    payload: Json = field(default_factory=dict)
    kind: int | None = None
    deferred: bool = False
    ephemeral: bool = False
    late: bool = False
    answered_after: float | None = None
    original: Message | None = None
    modal: Modal | None = None
    choices: list[Json] | None = None
    responses: list[Message] = field(default_factory=list)
    followups: list[Message] = field(default_factory=list)
    edits: list[Message] = field(default_factory=list)
    came: list[Message] = field(default_factory=list)
    own: dict[str, Message] = field(default_factory=dict)
    began: float = 0.0
    timer: asyncio.TimerHandle | None = None


class Session:
    """What a bot has identified as: events go to it, or wait for it to resume."""

    def __init__(self, id_, intents, shard):
        self.id, self.intents, self.shard = id_, intents, shard
        self.seq = self.seen = self.resumed = 0
        self.log: deque[tuple[int, str]] = deque(maxlen=20_000)
        self.link: Link | None = None

    @property
    def connected(self):
        return self.link is not None

    def takes(self, guild, intents):
        if intents and not self.intents & intents:
            return False
        return (int(guild or 0) >> 22) % self.shard[1] == self.shard[0]

    def tell(self, kind, raw):
        self.seq += 1
        event = f'{{"t":"{kind}","s":{self.seq},"op":0,"d":{raw}}}'
        self.log.append((self.seq, event))
        if self.link is not None:
            self.link.put(event)


class Link:
    """A WebSocket: what is put is sent in order, and a number closes it with that code."""

    def __init__(self, ws, request):
        self.ws, self.request = ws, request
        self.session: Session | None = None
        self.queue: asyncio.Queue[str | int] = asyncio.Queue()

    def put(self, what):
        self.queue.put_nowait(what if isinstance(what, str | int) else json.dumps(what))

    async def pump(self):
        with contextlib.suppress(ConnectionError, RuntimeError):
            while isinstance(what := await self.queue.get(), str):
                await self.ws.send_str(what)
            await self.ws.close(code=what)


@dataclass(eq=False, slots=True)
class Call:
    """What is asked: the ids in the path, what the body says, and the query."""

    route: str
    ids: list[str]
    args: Any
    query: Any


class Window:
    """So many in so many seconds, counted from the first."""

    def __init__(self, most, seconds):
        self.most, self.seconds, self.used, self.ends = most, seconds, 0, 0.0

    def wait(self, now):
        """How long until there is one."""
        if now >= self.ends:
            self.used, self.ends = 0, now + self.seconds
        return self.ends - now if self.used >= self.most else 0.0


def text(message: Message) -> str:
    """All text of a message that a reader sees, a line each."""
    parts: list[str | None] = [message.content]
    for embed in message.embeds:
        parts += [(embed.get("author") or {}).get("name"), embed.get("title")]
        parts.append(embed.get("description"))
        for pair in embed.get("fields") or ():
            parts += [pair.get("name"), pair.get("value")]
        parts.append((embed.get("footer") or {}).get("text"))
    parts += [p.get("content") for p in walk(message.components) if p.get("type") == TEXT]
    return "\n".join(part for part in parts if part)


def buttons(message: Message) -> list[str]:
    """The labels of the buttons of a message."""
    found = [part for part in walk(message.components) if part.get("type") == 2]
    return [part.get("label") or (part.get("emoji") or {}).get("name") or "" for part in found]


@contextlib.contextmanager
def pointed_at(fake):
    """Let discord.py talk to a fake meanwhile."""
    import discord  # noqa: PLC0415 - the fake itself doesn't need it
    import yarl  # noqa: PLC0415

    route, socket = discord.http.Route, discord.gateway.DiscordWebSocket
    before = route.BASE, socket.DEFAULT_GATEWAY
    route.BASE, socket.DEFAULT_GATEWAY = fake.api_url, yarl.URL(fake.gateway_url)
    try:
        yield fake
    finally:
        route.BASE, socket.DEFAULT_GATEWAY = before


def id_of(what):
    """The id of what is given as such, or itself."""
    return str(getattr(what, "id", what))


def iso(moment):
    return moment.astimezone(UTC).isoformat()


def limit_of(query, default, most):
    try:
        limit = int(query.get("limit", default))
    except ValueError:
        limit = 0
    if not 1 <= limit <= most:
        what = f"int value should be between 1 and {most}."
        raise Refused(50035, [Problem(50035, ("limit",), "NUMBER_TYPE_RANGE", what)])
    return limit


class FakeDiscord:
    """Some guilds and one bot: `async with FakeDiscord() as discord`."""

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = real_clock,
        strict=True,
        limits=False,
        privileged=(),
    ):
        self.clock, self.strict, self.limits = clock, strict, limits
        self.token = "fake-token"  # noqa: S105
        self.privileged: set[str] = set(privileged)
        self.users: dict[str, User] = {}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self.roles: dict[str, Role] = {}
        # limits
        self.per_channel, self.per_second = (5, 5.0), 50
        self.nonce_window = timedelta(seconds=120)
        self.quiet = 0.02
        self.answer_within, self.token_ttl = 3.0, timedelta(minutes=15)
        # gateway
        self.heartbeat = 41.25
        self.answer_heartbeats = True
        self.gateway_down = False
        self.sessions: list[Session] = []
        # what it shows
        self.calls: Counter[str] = Counter()
        self.limited: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()
        self.refused: list[tuple[str, int, list[str]]] = []
        self.deduplicated = 0
        self.modals: list[Modal] = []
        self.interactions: dict[str, Interaction] = {}
        self.late: list[Interaction] = []
        self._whispers: dict[tuple[str, str], list[Message]] = defaultdict(list)
        self._commands: dict[str | None, list[Json]] = {}
        self._dms: dict[str, str] = {}
        self._tokens: dict[str, Interaction] = {}
        self._nonces: dict[str, tuple[datetime, Message]] = {}
        self._pending: set[str] = set()
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._windows: dict[str, Window] = {}
        self._links: set[Link] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._watching: dict[str | None, set[asyncio.Future[None]]] = defaultdict(set)
        self._last = self._inside = 0
        self.bot_user = self.add_user("bot", bot=True)
        self.app_id = self.bot_user
        self.owner = self.add_user("owner")

    # The world

    def new_id(self):
        """A snowflake: of the time it is, and larger than all before."""
        now = (int(self.clock().timestamp() * 1000) - EPOCH) << 22
        self._last = max(self._last + 1, now)
        return str(self._last)

    def add_user(self, name, *, id=None, bot=False, dms=True):  # noqa: A002
        """Add a user; who wants no `dms` can't be written to by the bot."""
        user = User(id_of(id or self.new_id()), name, bot, dms)
        self.users[user.id] = user
        return user.id

    def add_guild(self, id=None, name="guild", *, owner=None):  # noqa: A002
        """Add a guild that the bot is in."""
        guild = Guild(id_of(id or self.new_id()), name, id_of(owner or self.owner))
        self.guilds[guild.id] = guild
        everyone = guild.roles[guild.id] = Role(guild.id, "@everyone", PEOPLE)
        self.roles[guild.id] = everyone
        its = self.add_role(guild.id, "bot", permissions=BOT | EVENTS)
        guild.roles[its].of_bot = True
        self._join(guild, self.bot_user, [its])
        if guild.owner in self.users:
            self._join(guild, guild.owner, [])
        self._tell("GUILD_CREATE", self._show_guild(guild), guild.id, GUILDS)
        return guild.id

    def remove_guild(self, guild):
        """Let the bot be thrown out of a guild."""
        gone = self.guilds.pop(id_of(guild))
        self._tell("GUILD_DELETE", {"id": gone.id}, gone.id, GUILDS)

    def add_channel(
        self,
        guild,
        name="general",
        *,
        id=None,  # noqa: A002
        parent=None,
        kind=None,
        topic=None,
        **allowed,
    ):
        """Add a text channel, or a thread below a `parent`; see `permit` for what is allowed."""
        at = self.guilds[id_of(guild)]
        under = id_of(parent) if parent is not None else None
        kind = (11 if under else 0) if kind is None else kind
        channel = Channel(id_of(id or self.new_id()), name, at.id, kind, under, topic=topic)
        channel.owner = at.owner
        self._deny(channel, allowed)
        self.channels[channel.id] = at.channels[channel.id] = channel
        event = "THREAD_CREATE" if under else "CHANNEL_CREATE"
        self._tell(event, self._show_channel(channel), at.id, GUILDS)
        self._changed()
        return channel.id

    def remove_channel(self, channel):
        gone = self.channels.pop(id_of(channel))
        if gone.guild is not None:
            del self.guilds[gone.guild].channels[gone.id]
        event = "THREAD_DELETE" if gone.parent else "CHANNEL_DELETE"
        self._tell(event, self._show_channel(gone), gone.guild, GUILDS)

    def permit(self, channel, **allowed):
        """Say what the bot may there: viewable, writable, embeds, history, threads (all bool)."""
        there = self.channels[id_of(channel)]
        self._deny(there, allowed)
        self._tell("CHANNEL_UPDATE", self._show_channel(there), there.guild, GUILDS)

    def permit_events(self, guild, allowed):
        """Say whether the bot may plan events in a guild."""
        role = self._bot_role(self.guilds[id_of(guild)])
        role.permissions = BOT | EVENTS if allowed else BOT
        shown = {"guild_id": id_of(guild), "role": self._show_role(role)}
        self._tell("GUILD_ROLE_UPDATE", shown, id_of(guild), GUILDS)

    def _deny(self, channel, allowed):
        for name, may in allowed.items():
            bits = DENIALS[name]
            channel.denied = channel.denied & ~bits if may else channel.denied | bits

    def add_role(self, guild, name, *, id=None, permissions=0, mentionable=False):  # noqa: A002
        at = self.guilds[id_of(guild)]
        bits = getattr(permissions, "value", permissions)
        role = Role(id_of(id or self.new_id()), name, bits, len(at.roles), mentionable)
        at.roles[role.id] = self.roles[role.id] = role
        shown = {"guild_id": at.id, "role": self._show_role(role)}
        self._tell("GUILD_ROLE_CREATE", shown, at.id, GUILDS)
        return role.id

    def add_member(self, guild, user, roles=(), permissions=None, *, nick=None):
        """Let a user into a guild; `permissions` of their own come by a role of their own."""
        at, who = self.guilds[id_of(guild)], id_of(user)
        has = [id_of(role) for role in roles]
        if permissions is not None:
            name = f"{self.users[who].name} may"
            has.append(self.add_role(at.id, name, permissions=permissions))
        self._join(at, who, has, nick)
        shown = {"guild_id": at.id, **self._show_member(at, who)}
        self._tell("GUILD_MEMBER_ADD", shown, at.id, MEMBERS)

    def _join(self, guild, user, roles, nick=None):
        guild.members[user] = Member(self.users[user], roles, iso(self.clock()), nick)

    def dm(self, user):
        """The id of the conversation of a user with the bot, opened if need be."""
        who = id_of(user)
        if who not in self._dms:
            channel = Channel(self.new_id(), "", None, 1, user=self.users[who])
            self._dms[who] = channel.id
            self.channels[channel.id] = channel
        return self._dms[who]

    # What it shows

    def messages(self, channel):
        """Everything said in a channel, oldest first; deleted ones are marked."""
        return [*self.channels[id_of(channel)].log]

    def ephemerals(self, user, channel):
        """What only this user sees there, without what was deleted."""
        there = self._whispers[id_of(user), id_of(channel)]
        return [m for m in there if not m.deleted]

    def scheduled(self, guild):
        """The events of a guild that are to come or on."""
        return [dict(event) for event in self._events(self.guilds[id_of(guild)])]

    def registered(self, guild=None):
        """The commands of a guild, or of all guilds."""
        return self._commands.get(None if guild is None else id_of(guild), [])

    def pings(self, message):
        """Whom a message would ping."""
        replied = None
        if message.reference is not None:
            there = self.channels[message.channel].by_id.get(message.reference)
            replied = there.author if there else None
        answers = message.interaction is not None
        found = pings(message.payload, interaction=answers, replied=replied)
        guild = self.guilds.get(self.channels[message.channel].guild or "")
        if guild is not None and message.author != self.bot_user:
            if found and not self._may(guild, message.author) & MENTION_EVERYONE:
                found = [whom for whom in found if whom not in {"@everyone", "@here"}]
        return found

    text = staticmethod(text)
    buttons = staticmethod(buttons)

    async def until(self, predicate, timeout=5, *, there=None):  # noqa: ASYNC109
        """Wait until `predicate()` is true, and give back what it said.

        With `there` it is asked only when something is said in that channel.
        """
        watching = self._watching[there]
        async with asyncio.timeout(timeout):
            while not (found := predicate()):
                changed = asyncio.get_running_loop().create_future()
                watching.add(changed)
                try:
                    await changed
                finally:
                    watching.discard(changed)
            return found

    async def reply_to(self, what, timeout=5):  # noqa: ASYNC109
        """Wait for the first answer of the bot to a message or an interaction.

        To a message: what replies to it, what is said in its thread, or else what is said after it
        without replying to anything. To an interaction: a message, or the modal that it opens.
        """
        if isinstance(what, Interaction):
            return await self.until(lambda: what.came[0] if what.came else what.modal, timeout)
        return await self.until(lambda: self._reply(what), timeout, there=what.channel)

    async def connected(self, sessions=1, timeout=5):  # noqa: ASYNC109
        """Wait until so many sessions are connected."""
        await self.until(lambda: len(self._online()) >= sessions, timeout)

    async def settled(self, timeout=5):  # noqa: ASYNC109
        """Wait until the bot has read all events, and has nothing open: no interaction, no call.

        What it does on its own for longer than `quiet` seconds without a call isn't seen.
        """
        async with asyncio.timeout(timeout):
            while True:
                await self.until(lambda: not self._pending and not self._inside, None)
                before = self.calls.total()
                for session in self._online():
                    await self._heard(session)
                await asyncio.sleep(self.quiet)
                if not self._pending and not self._inside and self.calls.total() == before:
                    return

    async def _heard(self, session):
        """Wait until a session has read what it was told."""
        seq = session.seq
        session.seen = min(session.seen, seq - 1)
        if session.link is not None:
            session.link.put({"op": 1, "d": None})
        await self.until(lambda: session.seen >= seq or session.link is None, None)

    def _reply(self, said):
        channel = self.channels[said.channel]
        if said.id in channel.replies:
            return channel.replies[said.id]
        if said.thread:
            log = self.channels[said.thread].log
            return next((m for m in log if m.author == self.bot_user), None)
        at = bisect_right(channel.plain, said.at, key=lambda m: m.at)
        return channel.plain[at] if at < len(channel.plain) else None

    def _online(self):
        return [session for session in self.sessions if session.link is not None]

    def _changed(self, *where):
        for there in (None, *where):
            for changed in self._watching.get(there, ()):
                if not changed.done():
                    changed.set_result(None)

    # Running

    async def __aenter__(self):
        app = web.Application(client_max_size=32 * 2**20)
        app.router.add_route("*", "/api/v10/{path:.*}", self._api)
        app.router.add_get("/gateway", self._gateway)
        app.router.add_get("/gateway/", self._gateway)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        self.api_url = f"http://127.0.0.1:{self.port}/api/v10"
        self.gateway_url = f"ws://127.0.0.1:{self.port}/gateway"
        return self

    async def __aexit__(self, *_):
        for made in self.interactions.values():
            if made.timer is not None:
                made.timer.cancel()
        for link in self._links:
            link.put(1001)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=0.5)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._runner.cleanup()

    # The HTTP API

    def fail(self, route, fault, times=1):
        """Let the next calls of a route go wrong: "POST /channels/{}/messages"."""
        self._faults[route].extend([fault] * times)

    async def _api(self, request):
        parts = request.path.removeprefix("/api/v10/").split("/")
        secret = (1, 2) if parts[0] in INTERACTING else ()
        ids, named = [], []
        for at, part in enumerate(parts):
            its = at in secret or part.isdigit()
            named.append("{}" if its else part)
            if its:
                ids.append(part)
        route = f"{request.method} /{'/'.join(named)}"
        self.calls[route] += 1
        self._inside += 1
        try:
            call = Call(route, ids, await _body(request), request.query)
            fault = self._faults[route].popleft() if self._faults.get(route) else None
            if fault is None:
                return self._answer(call, request)
            return await self._befall(fault, call, request)
        finally:
            self._inside -= 1
            self._changed()

    async def _befall(self, fault, call, request):
        """Do a call, or let happen to it what was ordered."""
        answer = self._answer(call, request) if fault.lands else None
        self._changed()
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.drop:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if fault.body is None:
            return answer or self._answer(call, request)
        if isinstance(fault.body, str):
            return web.Response(status=fault.code, text=fault.body, content_type="text/html")
        headers = {}
        if fault.retry_after is not None:
            self.limited[call.route] += 1
            scope = "global" if fault.body.get("global") else "user"
            headers = _held_back(fault.retry_after, scope)
        return _json(fault.body, fault.code, headers)

    def _answer(self, call, request):
        headers: dict[str, str] = {}
        try:
            method = ROUTES.get(call.route)
            if method is None:
                self.unknown[call.route] += 1
                raise Refused(0)  # noqa: TRY301
            if not call.route.partition("/")[2].startswith(INTERACTING):
                if request.headers.get("Authorization") != f"Bot {self.token}":
                    self.refused.append((call.route, 0, []))
                    return _json({"message": "401: Unauthorized", "code": 0}, 401)
                held = self._limit(call, headers)
                if held is not None:
                    return held
            answer = method(self, call)
        except Refused as no:
            self.refused.append((call.route, no.code, [str(problem) for problem in no.found]))
            body = {"message": no.said, "code": no.code}
            if no.code == 50035:
                body["errors"] = errors(no.found)
            return _json(body, no.status, headers)
        if answer is None:
            return web.Response(status=204, headers=headers)
        return _json(answer, 200, headers)

    def _limit(self, call, headers):
        """The answer to a call that has to wait, if it has."""
        if not self.limits:
            return None
        now = asyncio.get_running_loop().time()
        every = self._window("global", self.per_second, 1.0)
        scope, wait, window = "global", every.wait(now), None
        if not wait and call.route == "POST /channels/{}/messages":
            window = self._window(call.ids[0], *self.per_channel)
            scope, wait = "user", window.wait(now)
        if not wait:
            every.used += 1
        if window is not None:
            window.used += not wait
            headers |= {
                "X-RateLimit-Limit": str(window.most),
                "X-RateLimit-Remaining": str(window.most - window.used),
                "X-RateLimit-Reset": f"{real_clock().timestamp() + window.ends - now:.3f}",
                "X-RateLimit-Reset-After": f"{window.ends - now:.3f}",
                "X-RateLimit-Bucket": "80c17d2f203122d936070c88c8d10f33",
            }
        if not wait:
            return None
        self.limited[call.route] += 1
        body = {
            "message": "You are being rate limited.",
            "retry_after": round(wait, 3),
            "global": scope == "global",
        }
        return _json(body, 429, headers | _held_back(wait, scope))

    def _window(self, name, most, seconds):
        window = self._windows.get(name)
        if window is None or (window.most, window.seconds) != (most, seconds):
            window = self._windows[name] = Window(most, seconds)
        return window

    def _refuse(self, found):
        if found and self.strict:
            codes = {problem.code for problem in found}
            raise Refused(50035 if 50035 in codes else found[0].code, found)

    def _checked(self, payload):
        """Refuse a message that Discord would."""
        if not isinstance(payload, dict):
            raise Refused(50035)
        if self.strict:
            self._refuse(check(payload))
        elif not any(payload.get(name) for name in ("content", "embeds", "components")):
            raise Refused(50006)
        return payload

    # What the API shows

    def _show_user(self, user):
        user = self.users[user] if isinstance(user, str) else user
        shown = {
            "id": user.id,
            "username": user.name,
            "discriminator": "0",
            "global_name": None,
            "avatar": None,
            "public_flags": 0,
        }
        if user.bot:
            shown["bot"] = True
        return shown

    def _show_member(self, guild, user, *, whole=True):
        member = guild.members.get(user)
        shown = {
            "nick": member.nick if member else None,
            "avatar": None,
            "roles": [*member.roles] if member else [],
            "joined_at": member.joined if member else None,
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "pending": False,
            "flags": 0,
            "communication_disabled_until": None,
        }
        if whole:
            shown["user"] = self._show_user(user)
        return shown

    def _show_role(self, role):
        shown = {
            "id": role.id,
            "name": role.name,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "position": role.position,
            "permissions": str(role.permissions),
            "managed": role.of_bot,
            "mentionable": role.mentionable,
            "flags": 0,
        }
        if role.of_bot:
            shown["tags"] = {"bot_id": self.bot_user}
        return shown

    def _show_channel(self, channel):
        last = channel.log[-1].id if channel.log else None
        shown = {"id": channel.id, "type": channel.kind, "last_message_id": last, "flags": 0}
        if channel.user is not None:
            return shown | {"recipients": [self._show_user(channel.user)]}
        shown |= {
            "guild_id": channel.guild,
            "name": channel.name,
            "parent_id": channel.parent,
            "rate_limit_per_user": 0,
        }
        if channel.parent is not None:
            began = iso(datetime.fromtimestamp(((int(channel.id) >> 22) + EPOCH) / 1000, UTC))
            return shown | {
                "owner_id": channel.owner,
                "message_count": len(channel.log),
                "total_message_sent": len(channel.log),
                "member_count": 1,
                "member": {"join_timestamp": began, "flags": 0},
                "thread_metadata": {
                    "archived": False,
                    "auto_archive_duration": 1440,
                    "archive_timestamp": began,
                    "create_timestamp": began,
                    "locked": False,
                },
            }
        denied = {"id": self.bot_user, "type": 1, "allow": "0", "deny": str(channel.denied)}
        return shown | {
            "position": 0,
            "topic": channel.topic,
            "nsfw": False,
            "permission_overwrites": [denied] if channel.denied else [],
        }

    def _show_guild(self, guild, *, whole=True):
        shown = {
            "id": guild.id,
            "name": guild.name,
            "owner_id": guild.owner,
            "roles": [self._show_role(role) for role in guild.roles.values()],
            "emojis": [],
            "stickers": [],
            "features": [],
            "system_channel_flags": 0,
            "premium_tier": 0,
            "nsfw_level": 0,
            "preferred_locale": "en-US",
            "verification_level": 0,
            "mfa_level": 0,
            "explicit_content_filter": 0,
            "default_message_notifications": 0,
            "afk_timeout": 300,
        }
        if whole:
            there = guild.channels.values()
            few = [who for who in guild.members if who == self.bot_user]
            shown |= {
                "channels": [self._show_channel(c) for c in there if c.parent is None],
                "threads": [self._show_channel(c) for c in there if c.parent is not None],
                "members": [self._show_member(guild, who) for who in few],
                "presences": [],
                "voice_states": [],
                "stage_instances": [],
                "guild_scheduled_events": [*self._events(guild)],
                "member_count": len(guild.members),
                "large": len(guild.members) > 250,
                "joined_at": guild.members[self.bot_user].joined,
                "unavailable": False,
            }
        return shown

    def _show(self, message, *, censored=False):
        """A message as the API shows it; `censored` to an app that may not read people's."""
        hidden = censored and self._private(message)
        payload = {} if hidden else message.payload
        shown: Json = {
            "id": message.id,
            "channel_id": message.channel,
            "type": message.kind,
            "author": self._show_user(message.author),
            "content": payload.get("content") or "",
            "timestamp": message.sent,
            "edited_timestamp": message.edited,
            "tts": False,
            "mention_everyone": "@everyone" in message.mentions or "@here" in message.mentions,
            "mentions": [
                self._show_user(m[2:-1]) for m in message.mentions if m[2:-1] in self.users
            ],
            "mention_roles": [m[3:-1] for m in message.mentions if m.startswith("<@&")],
            "attachments": [],
            "embeds": payload.get("embeds") or [],
            "components": payload.get("components") or [],
            "pinned": False,
            "flags": message.flags,
        }
        if message.nonce is not None:
            shown["nonce"] = message.nonce
        channel = self.channels.get(message.channel)
        if message.reference is not None and channel is not None:
            where = {"message_id": message.reference, "channel_id": channel.id}
            shown["message_reference"] = {"type": 0, **where}
            if channel.guild:
                shown["message_reference"]["guild_id"] = channel.guild
            there = channel.by_id.get(message.reference)
            if there is None or there.deleted:
                shown["referenced_message"] = None
            elif message.kind == 19:
                first = {**self._show(there, censored=censored)}
                first.pop("referenced_message", None)
                shown["referenced_message"] = first
        if message.thread is not None and message.thread in self.channels:
            shown["thread"] = self._show_channel(self.channels[message.thread])
        if message.interaction is not None:
            made = message.interaction
            shown |= {"webhook_id": self.app_id, "application_id": self.app_id}
            shown["interaction_metadata"] = {
                "id": made.id,
                "type": made.type,
                "user": self._show_user(made.user),
                "authorizing_integration_owners": {"0": made.guild or "0"},
            }
        return shown

    def _private(self, message):
        """Whether it is none of the business of an app without the message content intent."""
        if message.author == self.bot_user or f"<@{self.bot_user}>" in message.mentions:
            return False
        return self.channels[message.channel].guild is not None

    def _me(self, call):
        return {
            **self._show_user(self.bot_user),
            "flags": 0,
            "verified": True,
            "mfa_enabled": True,
            "locale": "en-US",
        }

    def _app_flags(self):
        return sum(APP_FLAGS[name] for name in self.privileged)

    def _application(self, call):
        return {
            "id": self.app_id,
            "name": self.users[self.bot_user].name,
            "icon": None,
            "description": "",
            "summary": "",
            "bot_public": False,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": self._app_flags(),
            "owner": self._show_user(self.owner),
            "bot": self._show_user(self.bot_user),
            "approximate_guild_count": len(self.guilds),
        }

    def _gateway_bot(self, call):
        limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        return {"url": self.gateway_url, "shards": 1, "session_start_limit": limit}

    def _get_user(self, call):
        if call.ids[0] not in self.users:
            raise Refused(10013)
        return self._show_user(call.ids[0])

    def _guild(self, call):
        if call.ids[0] not in self.guilds:
            raise Refused(10004)
        return self.guilds[call.ids[0]]

    def _get_guild(self, call):
        return self._show_guild(self._guild(call), whole=False)

    def _get_channels(self, call):
        return [self._show_channel(c) for c in self._guild(call).channels.values() if not c.parent]

    def _get_roles(self, call):
        return [self._show_role(role) for role in self._guild(call).roles.values()]

    def _get_member(self, call):
        guild, who = self._guild(call), call.ids[1]
        if who not in guild.members:
            raise Refused(10007 if who in self.users else 10013)
        return self._show_member(guild, who)

    # Permissions

    def _bot_role(self, guild):
        return next(role for role in guild.roles.values() if role.of_bot)

    def _may(self, guild, user, channel=None):
        """What a member may, in a channel or at all."""
        member = guild.members.get(user)
        bits = guild.roles[guild.id].permissions
        for role in member.roles if member else ():
            bits |= guild.roles[role].permissions
        if user == guild.owner or bits & ADMINISTRATOR:
            return EVERYTHING
        if channel is not None and user == self.bot_user:
            over = self.channels.get(channel.parent) if channel.parent else None
            bits &= ~(channel.denied | (over.denied if over else 0))
        return bits

    def _seen(self, id_, *need):
        """A channel, if the bot may know of it and may do there what it wants to."""
        channel = self.channels.get(id_)
        if channel is None:
            raise Refused(10003)
        if channel.guild is None:
            return channel
        guild = self.guilds.get(channel.guild)
        may = self._may(guild, self.bot_user, channel) if guild else 0
        if not may & VIEW:
            raise Refused(50001)
        if any(not may & bit for bit in need):
            raise Refused(50013)
        return channel

    def _can(self, channel, bit):
        if channel.guild is None:
            return True
        return bool(self._may(self.guilds[channel.guild], self.bot_user, channel) & bit)

    def _get_channel(self, call):
        return self._show_channel(self._seen(call.ids[0]))

    def _typing(self, call):
        self._seen(call.ids[0], SEND)

    # Messages

    def _create_dm(self, call):
        whom = str(call.args.get("recipient_id"))
        if whom not in self.users:
            raise Refused(10013)
        if self.users[whom].bot:
            raise Refused(50007)
        return self._show_channel(self.channels[self.dm(whom)])

    def _post(self, call):
        channel = self._seen(call.ids[0], SEND)
        if channel.user is not None and not channel.user.dms:
            raise Refused(50007)
        payload = self._checked(call.args)
        if payload.get("embeds") and not self._can(channel, EMBED):
            raise Refused(50013)
        nonce = payload.get("nonce")
        if nonce is not None and payload.get("enforce_nonce"):
            earlier = self._earlier(str(nonce))
            if earlier is not None:
                return self._show(earlier)
        reference = self._referenced(channel, payload)
        message = self._keep(channel, self.bot_user, payload, reference=reference)
        if nonce is not None:
            self._nonces[str(nonce)] = (self.clock(), message)
        return self._show(message)

    def _earlier(self, nonce):
        """The message that a nonce has already made."""
        if nonce not in self._nonces:
            return None
        said, message = self._nonces[nonce]
        if self.clock() - said >= self.nonce_window:
            return None
        self.deduplicated += 1
        if message.deleted:
            raise Refused(10008)
        return message

    def _referenced(self, channel, payload):
        reference = payload.get("message_reference")
        if not reference or not reference.get("message_id"):
            return None
        if not self._can(channel, HISTORY):
            raise Refused(160002)
        there = channel.by_id.get(str(reference["message_id"]))
        if there is None or there.deleted:
            if reference.get("fail_if_not_exists", True):
                where, what = ("message_reference",), "Unknown message"
                raise Refused(50035, [Problem(50035, where, "REPLIES_UNKNOWN_MESSAGE", what)])
            return None
        return there.id

    def _keep(self, channel, author, payload, *, reference=None, kind=None, made=None, to=None):
        """Put a message into a channel, or let one see it, and tell the bot."""
        if kind is None:
            kind = 19 if reference is not None else 0
        message = Message(
            self.new_id(), channel.id, author, payload, iso(self.clock()), kind, reference=reference
        )
        message.flags = payload.get("flags") or 0
        message.interaction, message.to = made, to
        message.mentions = self.pings(message)
        if to is not None:
            message.flags |= EPHEMERAL
            self._whispers[to, channel.id].append(message)
            return message
        channel.log.append(message)
        channel.by_id[message.id] = message
        if author == self.bot_user and made is None:
            if reference is None:
                channel.plain.append(message)
            else:
                channel.replies.setdefault(reference, message)
        self._tell_message("MESSAGE_CREATE", channel, message)
        self._changed(channel.id, channel.parent)
        return message

    def _own(self, call):
        """The bot's message that is meant, with its channel."""
        channel = self._seen(call.ids[0])
        message = channel.by_id.get(call.ids[1])
        if message is None or message.deleted:
            raise Refused(10008)
        return channel, message

    def _patch(self, call):
        channel, message = self._own(call)
        if message.author != self.bot_user:
            raise Refused(50005)
        self._edit(channel, message, call.args)
        return self._show(message)

    def _edit(self, channel, message, changes):
        """Change a message: what isn't said stays, except whom it may mention."""
        if not isinstance(changes, dict):
            raise Refused(50035)
        kept = {k: v for k, v in message.payload.items() if k != "allowed_mentions"}
        flags = message.flags & ~LOADING | (changes.get("flags") or 0)
        payload = self._checked({**kept, **changes, "flags": flags})
        if message.author == self.bot_user and message.interaction is None:
            if changes.get("embeds") and not self._can(channel, EMBED):
                raise Refused(50013)
        message.versions.append(message.payload)
        message.payload = payload
        message.flags = flags
        message.edited = iso(self.clock())
        message.mentions = self.pings(message)
        if message.to is None:
            self._tell_message("MESSAGE_UPDATE", channel, message)
        self._changed()

    def _delete(self, call):
        channel, message = self._own(call)
        if message.author != self.bot_user and not self._can(channel, MANAGE_MESSAGES):
            raise Refused(50013)
        self._strike(channel, message)

    def _strike(self, channel, message):
        message.deleted = True
        if message.to is None:
            shown = {"id": message.id, "channel_id": channel.id}
            self._tell_there("MESSAGE_DELETE", channel, shown)
        self._changed()

    def _get_message(self, call):
        channel, message = self._own(call)
        if not self._can(channel, HISTORY):
            raise Refused(50001)
        return self._show(message, censored="message_content" not in self.privileged)

    def _list(self, call):
        """The newest first; who may not read the history gets nothing."""
        channel = self._seen(call.ids[0])
        limit = limit_of(call.query, 50, 100)
        if not self._can(channel, HISTORY):
            return []
        log = channel.log

        def index(name, *, after=False):
            cut = bisect_right if after else bisect_left
            return cut(log, int(call.query[name]), key=lambda m: m.at)

        if "after" in call.query:
            there = _some(log[index("after", after=True) :], limit)
        elif "around" in call.query:
            at, half = index("around"), limit // 2
            older, newer = _some(reversed(log[:at]), half), _some(log[at:], limit - half)
            there = [*reversed(older), *newer]
        else:
            end = index("before") if "before" in call.query else len(log)
            there = _some((log[at] for at in range(end - 1, -1, -1)), limit)
            there.reverse()
        censored = "message_content" not in self.privileged
        return [self._show(message, censored=censored) for message in reversed(there)]

    def _start_thread(self, call):
        channel = self._seen(call.ids[0], START_THREADS)
        message = None
        if len(call.ids) > 1:
            _, message = self._own(call)
            if message.thread is not None:
                raise Refused(160004)
        name = call.args.get("name")
        if not isinstance(name, str) or not 1 <= len(name) <= 100:
            what = "Must be between 1 and 100 in length."
            raise Refused(50035, [Problem(50035, ("name",), "BASE_TYPE_BAD_LENGTH", what)])
        id_ = message.id if message else None
        thread = self.add_channel(channel.guild, name, id=id_, parent=channel.id)
        self.channels[thread].owner = self.bot_user
        if message is not None:
            message.thread = thread
        return self._show_channel(self.channels[thread])

    # Commands

    def _get_commands(self, call):
        return self.registered(call.ids[1] if len(call.ids) > 1 else None)

    def _put_commands(self, call):
        where = call.ids[1] if len(call.ids) > 1 else None
        if where is not None and where not in self.guilds:
            raise Refused(50001)
        self._refuse(check_commands(call.args))
        before = {(o["type"], o["name"]): o["id"] for o in self.registered(where)}
        fresh = []
        for command in call.args:
            kind, name = command.get("type") or 1, command["name"]
            bits = command.get("default_member_permissions")
            fresh.append(
                {
                    **command,
                    "type": kind,
                    "id": before.get((kind, name)) or self.new_id(),
                    "application_id": self.app_id,
                    "version": self.new_id(),
                    "description": command.get("description") or "",
                    "default_member_permissions": None if bits is None else str(bits),
                }
            )
            if where is not None:
                fresh[-1]["guild_id"] = where
        self._commands[where] = fresh
        return fresh

    # Scheduled events

    def _events(self, guild):
        """Those to come or on; what takes place elsewhere begins and ends by the clock."""
        now = self.clock()
        there = []
        for event in guild.events.values():
            if event["entity_type"] == 3 and event["status"] in {1, 2}:
                if datetime.fromisoformat(event["scheduled_end_time"]) <= now:
                    event["status"] = 3
                elif datetime.fromisoformat(event["scheduled_start_time"]) <= now:
                    event["status"] = 2
            if event["status"] in {1, 2}:
                there.append(event)
        return there

    def _planned(self, call):
        guild = self._guild(call)
        self._events(guild)
        if call.ids[1] not in guild.events:
            raise Refused(10070)
        return guild, guild.events[call.ids[1]]

    def _plan(self, guild):
        if not self._may(guild, self.bot_user) & EVENTS:
            raise Refused(50013)

    def _list_events(self, call):
        return self._events(self._guild(call))

    def _get_event(self, call):
        return self._planned(call)[1]

    def _create_event(self, call):
        guild = self._guild(call)
        self._plan(guild)
        self._refuse(check_event(call.args, self.clock()))
        if len(self._events(guild)) >= 100:
            raise Refused(30038)
        return self._schedule(guild, call.args, self.bot_user)

    def _schedule(self, guild, payload, creator):
        event = {
            "id": self.new_id(),
            "guild_id": guild.id,
            "channel_id": None,
            "creator_id": creator,
            "creator": self._show_user(creator),
            "description": None,
            "scheduled_end_time": None,
            "entity_metadata": None,
            "entity_id": None,
            "image": None,
            "recurrence_rule": None,
            "user_count": 0,
            **payload,
            "status": 1,
        }
        guild.events[event["id"]] = _timed(event)
        self._tell("GUILD_SCHEDULED_EVENT_CREATE", event, guild.id, SCHEDULED)
        self._changed()
        return event

    def _edit_event(self, call):
        guild, event = self._planned(call)
        self._plan(guild)
        if event["status"] in {3, 4}:
            raise Refused(180000)
        merged = {**event, **call.args}
        fresh = "scheduled_start_time" in call.args
        moved = fresh and _timed(merged) and merged["scheduled_start_time"]
        new = moved and moved != event["scheduled_start_time"]
        self._refuse(check_event(merged, self.clock() if new else None))
        status = merged["status"]
        if (event["status"], status) not in {(1, 1), (2, 2), (1, 2), (1, 4), (2, 3)}:
            what = f"from {event['status']} to {status}"
            raise Refused(50035, [Problem(50035, ("status",), "BASE_TYPE_CHOICES", what)])
        event |= _timed(merged)
        self._tell("GUILD_SCHEDULED_EVENT_UPDATE", event, guild.id, SCHEDULED)
        return event

    def _delete_event(self, call):
        guild, event = self._planned(call)
        self._plan(guild)
        self._cancel(guild, event)

    def _cancel(self, guild, event):
        del guild.events[event["id"]]
        self._tell("GUILD_SCHEDULED_EVENT_DELETE", event, guild.id, SCHEDULED)
        self._changed()

    def add_event(
        self, guild, name, start, end, *, location="here", description=None, creator=None
    ):
        """Let somebody plan an event by hand; gives back its id."""
        payload = {
            "name": name,
            "description": description,
            "privacy_level": 2,
            "entity_type": 3,
            "entity_metadata": {"location": location},
            "scheduled_start_time": iso(start),
            "scheduled_end_time": iso(end),
        }
        creator = id_of(creator or self.owner)
        return self._schedule(self.guilds[id_of(guild)], payload, creator)["id"]

    def remove_event(self, guild, event):
        """Let somebody delete an event by hand."""
        at = self.guilds[id_of(guild)]
        self._cancel(at, at.events[id_of(event)])

    # Answers to interactions

    def _callback(self, call):
        made = self.interactions.get(call.ids[0])
        if made is None or made.token != call.ids[1] or made.late:
            raise Refused(10062)
        if made.kind is not None:
            raise Refused(40060)
        kind, data = call.args.get("type"), call.args.get("data") or {}
        allowed = {2: {4, 5, 9}, 3: {4, 5, 6, 7, 9}, 4: {8}, 5: {4, 5, 6, 7}}[made.type]
        if kind not in allowed or (kind in {6, 7} and made.message is None):
            what = f"Value must be one of {sorted(allowed)}."
            raise Refused(50035, [Problem(50035, ("type",), "BASE_TYPE_CHOICES", what)])
        ANSWERS[kind](self, made, data)
        made.kind = kind
        made.answered_after = asyncio.get_running_loop().time() - made.began
        if made.timer is not None:
            made.timer.cancel()
        self._pending.discard(made.id)
        if call.query.get("with_response", "").lower() not in {"1", "true"}:
            return None
        return self._called_back(made, kind)

    def _called_back(self, made, kind):
        told: Json = {"id": made.id, "type": made.type}
        answer: Json = {"interaction": told}
        if kind in {4, 5, 6, 7}:
            message = made.original
            told |= {
                "response_message_id": message.id,
                "response_message_loading": message.loading,
                "response_message_ephemeral": message.ephemeral,
            }
            answer["resource"] = {"type": kind, "message": self._show(message)}
        return answer

    def _respond(self, made, data):
        payload = self._checked(data)
        made.original = message = self._answered(made, payload)
        made.responses.append(message)
        made.came.append(message)

    def _answered(self, made, payload, *, original=True):
        made_by = 20 if made.type == 2 and original else 0
        hidden = bool((payload.get("flags") or 0) & EPHEMERAL)
        made.ephemeral = hidden if original else made.ephemeral
        channel = self.channels[made.channel]
        to = made.user if hidden else None
        message = self._keep(channel, self.bot_user, payload, kind=made_by, made=made, to=to)
        made.own[message.id] = message
        return message

    def _defer(self, made, data):
        made.deferred = True
        flags = LOADING | ((data.get("flags") or 0) & EPHEMERAL)
        made.original = self._answered(made, {"flags": flags})

    def _defer_update(self, made, data):
        made.deferred = True
        made.original, made.ephemeral = made.message, made.message.ephemeral

    def _update(self, made, data):
        message = made.message
        if message.deleted:
            raise Refused(10008)
        self._edit(self.channels[message.channel], message, data)
        made.original, made.ephemeral = message, message.ephemeral
        made.responses.append(message)
        made.came.append(message)

    def _choose(self, made, data):
        self._refuse(check_choices(data.get("choices")))
        made.choices = data["choices"]

    def _open(self, made, data):
        self._refuse(check_modal(data))
        made.modal = Modal(made.user, made, data)
        self.modals.append(made.modal)

    def _valid(self, call):
        """The interaction of a token that is still good."""
        made = self._tokens.get(call.ids[1])
        if made is None or call.ids[0] != self.app_id or made.kind is None:
            raise Refused(10015)
        if self.clock() - made.born >= self.token_ttl:
            raise Refused(50027)
        return made

    def _followup(self, call):
        made = self._valid(call)
        original = made.original
        if original is not None and original.loading and not original.deleted:
            payload = {**call.args, "flags": (call.args.get("flags") or 0) & ~EPHEMERAL}
            self._complete(made, original, payload)
            return self._show(original)
        message = self._answered(made, self._checked(call.args), original=False)
        made.followups.append(message)
        made.came.append(message)
        return self._show(message)

    def _complete(self, made, message, payload):
        self._edit(self.channels[message.channel], message, payload)
        message.edited = None
        made.responses.append(message)
        made.came.append(message)

    def _of(self, call):
        """The message that is meant by a call about one of an interaction."""
        made = self._valid(call)
        message = made.own.get(call.ids[2]) if len(call.ids) > 2 else made.original
        if message is None or message.deleted:
            raise Refused(10008)
        return made, message

    def _get_answer(self, call):
        return self._show(self._of(call)[1])

    def _patch_answer(self, call):
        made, message = self._of(call)
        if message.loading:
            self._complete(made, message, call.args)
        else:
            self._edit(self.channels[message.channel], message, call.args)
            made.edits.append(message)
            made.came.append(message)
        return self._show(message)

    def _delete_answer(self, call):
        _, message = self._of(call)
        self._strike(self.channels[message.channel], message)

    # Gateway

    async def _gateway(self, request):
        if self.gateway_down:
            return web.Response(status=503)
        ws = web.WebSocketResponse(compress=False, max_msg_size=2**20)
        await ws.prepare(request)
        link = Link(ws, request)
        self._links.add(link)
        link.put({"op": 10, "d": {"heartbeat_interval": int(self.heartbeat * 1000)}})
        task = asyncio.create_task(link.pump())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            async for frame in ws:
                if frame.type == aiohttp.WSMsgType.TEXT:
                    self._frame(link, frame.data)
        finally:
            self._unlink(link, ended=ws.close_code in {1000, 1001})
            task.cancel()
        return ws

    def _unlink(self, link, *, ended=False):
        """Part a connection from its session, which may be resumed unless it `ended`."""
        self._links.discard(link)
        session, link.session = link.session, None
        if session is not None and session.link is link:
            session.link = None
            if ended:
                self.sessions.remove(session)
        self._changed()

    def _close(self, link, code):
        self._unlink(link, ended=code in FOR_GOOD)
        self._links.add(link)
        link.put(code)

    def _frame(self, link, raw):
        if len(raw) > 4096:
            self._close(link, 4002)
            return
        try:
            said = json.loads(raw)
            op, data = said["op"], said.get("d")
        except (ValueError, TypeError, KeyError):
            self._close(link, 4002)
            return
        if op == 1:
            self._beat(link, data)
        elif op == 2:
            self._identify(link, data)
        elif op == 6:
            self._resume(link, data)
        elif link.session is None:
            self._close(link, 4003)
        elif op == 8:
            self._send_members(link.session, data)
        elif op not in {3, 4}:
            self._close(link, 4001)

    def _beat(self, link, seq):
        if link.session is not None and isinstance(seq, int):
            link.session.seen = seq
            self._changed()
        if self.answer_heartbeats:
            link.put({"op": 11})

    def _identify(self, link, data):
        self.calls["IDENTIFY"] += 1
        asked = data.get("intents") or 0
        allowed = sum(PRIVILEGED[name] for name in self.privileged)
        if link.session is not None:
            self._close(link, 4005)
        elif data.get("token") != self.token:
            self.refused.append(("IDENTIFY", 4004, []))
            self._close(link, 4004)
        elif asked & sum(PRIVILEGED.values()) & ~allowed:
            self.refused.append(("IDENTIFY", 4014, []))
            self._close(link, 4014)
        else:
            shard = data.get("shard")
            session = Session(uuid.uuid4().hex, asked, tuple(shard or (0, 1)))
            session.link, link.session = link, session
            ready = {
                "v": 10,
                "user": self._me(None),
                "guilds": [],
                "session_id": session.id,
                "resume_gateway_url": self.gateway_url,
                "application": {"id": self.app_id, "flags": self._app_flags()},
            }
            if shard:
                ready["shard"] = shard
            there = [guild for guild in self.guilds.values() if session.takes(guild.id, 0)]
            ready["guilds"] = [{"id": guild.id, "unavailable": True} for guild in there]
            session.tell("READY", json.dumps(ready))
            for guild in there if asked & GUILDS else ():
                session.tell("GUILD_CREATE", json.dumps(self._show_guild(guild)))
            self.sessions.append(session)
            self._changed()

    def _resume(self, link, data):
        self.calls["RESUME"] += 1
        found = [s for s in self.sessions if s.id == data.get("session_id")]
        if data.get("token") != self.token:
            self._close(link, 4004)
            return
        seq = data.get("seq") or 0
        if not found or (found[0].log and found[0].log[0][0] > seq + 1):
            link.put({"op": 9, "d": False})
            return
        session = found[0]
        if session.link is not None:
            self._close(session.link, 4000)
        session.link, link.session = link, session
        session.resumed += 1
        for at, event in session.log:
            if at > seq:
                link.put(event)
        session.tell("RESUMED", "{}")
        self._changed()

    def _send_members(self, session, data):
        guild = self.guilds.get(str(data.get("guild_id")))
        if guild is None:
            return
        wanted = data.get("user_ids")
        if wanted is not None:
            wanted = [wanted] if isinstance(wanted, str | int) else wanted
            there = [str(who) for who in wanted if str(who) in guild.members]
        else:
            query = (data.get("query") or "").lower()
            named = {who: m.nick or m.user.name for who, m in guild.members.items()}
            there = [who for who, name in named.items() if name.lower().startswith(query)]
            there = there[: data.get("limit") or None]
        chunks = [there[at : at + 1000] for at in range(0, len(there), 1000)] or [[]]
        for at, chunk in enumerate(chunks):
            shown: Json = {
                "guild_id": guild.id,
                "members": [self._show_member(guild, who) for who in chunk],
                "chunk_index": at,
                "chunk_count": len(chunks),
            }
            if data.get("nonce") is not None:
                shown["nonce"] = data["nonce"]
            session.tell("GUILD_MEMBERS_CHUNK", json.dumps(shown))

    def reconnect(self):
        """Ask each connection to come again (op 7)."""
        for session in self._online():
            session.link.put({"op": 7, "d": None})

    def invalidate(self, *, resumable=False):
        """Tell each connection that its session is invalid (op 9)."""
        for session in self._online():
            session.link.put({"op": 9, "d": resumable})
            if not resumable:
                self._unlink(session.link, ended=True)

    def forget(self):
        """Forget all sessions that aren't connected: nobody can resume them."""
        self.sessions = self._online()

    def close(self, code=4000):
        """Close each connection with a code."""
        for session in self._online():
            self._close(session.link, code)

    def cut(self):
        """Cut the TCP connections of the gateway."""
        for link in [*self._links]:
            self._unlink(link)
            if link.request.transport is not None:
                link.request.transport.abort()

    # Events

    def send_event(self, kind, data, guild=None):
        """Send an event to all sessions whatever they asked for."""
        self._tell(kind, data, None if guild is None else id_of(guild), 0)

    def _tell(self, kind, data, guild, intents):
        there = [session for session in self.sessions if session.takes(guild, intents)]
        if there:
            raw = json.dumps(data)
            for session in there:
                session.tell(kind, raw)

    def _unseen(self, channel):
        return channel.guild is not None and not self._can(channel, VIEW)

    def _tell_there(self, kind, channel, data):
        if not self._unseen(channel):
            if channel.guild is not None:
                data["guild_id"] = channel.guild
            intent = GUILD_MESSAGES if channel.guild is not None else DIRECT_MESSAGES
            self._tell(kind, data, channel.guild, intent)

    def _tell_message(self, kind, channel, message):
        intent = GUILD_MESSAGES if channel.guild is not None else DIRECT_MESSAGES
        there = [session for session in self.sessions if session.takes(channel.guild, intent)]
        if not there or self._unseen(channel):
            return
        raw: dict[bool, str] = {}
        for session in there:
            censored = not session.intents & CONTENT
            if censored not in raw:
                shown = self._show(message, censored=censored)
                if channel.guild is not None:
                    guild = self.guilds[channel.guild]
                    shown["guild_id"] = guild.id
                    if message.interaction is None:
                        shown["member"] = self._show_member(guild, message.author, whole=False)
                raw[censored] = json.dumps(shown)
            session.tell(kind, raw[censored])

    # What people do

    async def say(self, user, channel, text, reply_to=None, mention=False):
        """Say something.

        With `mention` it begins by mentioning the bot; a reply with `mention` pings whom it
        replies to.
        """
        there = self.channels[id_of(channel)]
        reference = None
        payload: Json = {"content": text}
        if reply_to is not None:
            reference = id_of(reply_to)
            payload["allowed_mentions"] = {"parse": ["users", "roles", "everyone"]}
            payload["allowed_mentions"]["replied_user"] = mention
        elif mention:
            payload["content"] = f"<@{self.bot_user}> {text}"
        message = self._keep(there, id_of(user), payload, reference=reference)
        await asyncio.sleep(0)
        return message

    async def edit(self, message, text):
        """Change what somebody said."""
        kept = {"content": text, "allowed_mentions": message.allowed_mentions}
        self._edit(self.channels[message.channel], message, kept)
        await asyncio.sleep(0)

    async def delete(self, message):
        self._strike(self.channels[message.channel], message)
        await asyncio.sleep(0)

    def _interact(self, user, channel, kind, data, message=None, *, name=None):
        """Let a user do something that the bot is to answer."""
        there = self.channels[channel]
        made = Interaction(
            self.new_id(),
            uuid.uuid4().hex * 2,
            kind,
            user,
            channel,
            there.guild,
            self.clock(),
            message,
        )
        guild = self.guilds.get(there.guild) if there.guild else None
        payload: Json = {
            "id": made.id,
            "application_id": self.app_id,
            "type": kind,
            "token": made.token,
            "version": 1,
            "data": data,
            "channel": self._show_channel(there),
            "channel_id": channel,
            "locale": "en-US",
            "app_permissions": str(PEOPLE),
            "entitlements": [],
            "authorizing_integration_owners": {"0": guild.id if guild else "0"},
            "context": 0 if guild else 1,
            "attachment_size_limit": 10 * 2**20,
        }
        if guild is not None:
            payload |= {
                "guild_id": guild.id,
                "guild": {"id": guild.id, "locale": "en-US", "features": []},
                "guild_locale": "en-US",
                "app_permissions": str(self._may(guild, self.bot_user, there)),
                "member": {
                    **self._show_member(guild, user),
                    "permissions": str(self._may(guild, user, there)),
                },
            }
        else:
            payload["user"] = self._show_user(user)
        if message is not None:
            payload["message"] = self._show(message)
        made.payload = payload
        self.interactions[made.id] = self._tokens[made.token] = made
        self._pending.add(made.id)
        loop = asyncio.get_running_loop()
        made.began = loop.time()
        made.timer = loop.call_later(self.answer_within, self._too_late, made)
        self._tell("INTERACTION_CREATE", payload, there.guild, 0)
        return made

    def _too_late(self, made):
        if made.kind is None:
            made.late = True
            self.late.append(made)
            self._pending.discard(made.id)
            self._changed()

    async def command(
        self, user, channel, name, options=None, group=None, sub=None, *, forced=False
    ):
        """Run a slash command; what comes to it stands in the interaction.

        Raises LookupError if the user can't see such a command there, and ValueError if their client
        wouldn't send such options. With `forced` it is sent all the same.
        """
        who, where = id_of(user), id_of(channel)
        data = self._typed(who, where, name, group, sub, forced)
        found = data.pop("schema")
        data["inner"] += self._filled(found, options or {}, data, where, forced=forced)
        del data["inner"]
        made = self._interact(who, where, 2, data)
        await asyncio.sleep(0)
        return made

    async def autocomplete(
        self, user, channel, command, option, typed, options=None, group=None, sub=None
    ):
        """Type into an option, and wait for the choices that the bot offers."""
        who, where = id_of(user), id_of(channel)
        data = self._typed(who, where, command, group, sub, False)
        schema = data.pop("schema")
        found = next((o for o in schema if o["name"] == option and o.get("autocomplete")), None)
        if found is None:
            raise LookupError(f"no option {option!r} that completes itself")
        data["inner"] += self._filled(schema, options or {}, data, where, forced=True)
        entry = {"name": option, "type": found["type"], "value": typed, "focused": True}
        data["inner"].append(entry)
        del data["inner"]
        made = self._interact(who, where, 4, data)
        await self.until(lambda: made.choices is not None or made.late, self.answer_within + 1)
        if made.choices is None:
            raise TimeoutError(f"no choices for {typed!r}")
        return made.choices

    def _typed(self, user, channel, name, group, sub, forced):
        """The data of a command, its `inner` options still empty, with their schema."""
        command = self._visible(user, channel, name, forced)
        if command is None:
            raise LookupError(f"{self.users[user].name} sees no /{name} there")
        inner: list[Json] = []
        schema, options = command.get("options") or [], inner
        for kind, part in ((1, sub), (2, group)):
            if part is not None:
                options = [{"name": part, "type": kind, "options": options}]
        for kind, part in ((2, group), (1, sub)):
            if part is not None:
                below = [o for o in schema if (o["type"], o["name"]) == (kind, part)]
                if not below and not forced:
                    raise LookupError(f"/{name} has no {part}")
                schema = (below[0].get("options") or []) if below else []
        if any(option["type"] in {1, 2} for option in schema) and not forced:
            raise LookupError(f"/{name} wants a subcommand")
        data = {"id": command["id"], "name": name, "type": 1, "options": options}
        if command.get("guild_id"):
            data["guild_id"] = command["guild_id"]
        return data | {"inner": inner, "schema": schema}

    def _visible(self, user, channel, name, forced):
        """The command of a name that a user sees in a channel."""
        there = self.channels[channel]
        known = [*self.registered(there.guild)] if there.guild else []
        found = [c for c in [*known, *self.registered()] if c["name"] == name and c["type"] == 1]
        if forced:
            return found[0] if found else {"id": self.new_id(), "name": name}
        if there.guild is None:
            return next((command for command in found if _in_dms(command)), None)
        has = self._may(self.guilds[there.guild], user, there)
        if not has & USE_COMMANDS:
            return None
        for command in found:
            needs = command["default_member_permissions"]
            if (
                has == EVERYTHING
                or needs is None
                or (int(needs) and has & int(needs) == int(needs))
            ):
                if 0 in (command.get("contexts") or [0]):
                    return command
        return None

    def _filled(self, schema, given, data, channel, *, forced):
        """Options with values as a client sends them."""
        known = {option["name"]: option for option in schema}
        if not forced:
            for name in given:
                if name not in known:
                    raise LookupError(f"no option {name!r}")
            for name, option in known.items():
                if option.get("required") and name not in given:
                    raise ValueError(f"{name} is required")
        filled = []
        for name, value in given.items():
            option = known.get(name) or {"type": _type_of(value)}
            kind = option["type"]
            chosen = value if forced else _chosen(option, value)
            if kind in {A_USER, A_CHANNEL, A_ROLE, MENTIONABLE}:
                chosen = id_of(value)
                self._resolve(data, kind, chosen, channel)
            filled.append({"name": name, "type": kind, "value": chosen})
        return filled

    def _resolve(self, data, kind, id_, channel):
        """Tell with an option what its id stands for."""
        resolved = data.setdefault("resolved", {})
        if id_ in self.users and kind in {A_USER, MENTIONABLE}:
            resolved.setdefault("users", {})[id_] = self._show_user(id_)
            guild = self.guilds.get(self.channels[channel].guild or "")
            if guild is not None and id_ in guild.members:
                shown = self._show_member(guild, id_, whole=False)
                shown["permissions"] = str(self._may(guild, id_))
                resolved.setdefault("members", {})[id_] = shown
        elif id_ in self.channels and kind == A_CHANNEL:
            shown = self._show_channel(self.channels[id_]) | {"permissions": str(PEOPLE)}
            resolved.setdefault("channels", {})[id_] = shown
        elif id_ in self.roles:
            resolved.setdefault("roles", {})[id_] = self._show_role(self.roles[id_])
        else:
            raise LookupError(id_)

    async def press(self, user, message, what, values=None, *, forced=False):
        """Press a button by its label or custom_id, or choose `values` of a select.

        A select is found by its placeholder or custom_id; its options by their labels or values.
        With `forced` a press of whatever custom_id is sent, whether there is such a button or not.
        """
        who = id_of(user)
        part = next((p for p in walk(message.components) if _called(p, what)), None)
        if forced:
            part = part or {"type": 2, "custom_id": what}
        elif message.deleted or message.to not in {None, who}:
            raise LookupError(f"{self.users[who].name} sees no such message")
        elif part is None:
            raise LookupError(what)
        elif part.get("disabled") or part.get("url"):
            raise ValueError(f"{what} can't be pressed")
        data: Json = {"component_type": part["type"], "custom_id": part["custom_id"], "id": 1}
        if part["type"] != 2:
            values = [values] if isinstance(values, str | int) else list(values or ())
            data["values"] = self._picked(part, values, data, message.channel)
        made = self._interact(who, message.channel, 3, data, message)
        await asyncio.sleep(0)
        return made

    def _picked(self, select, values, data, channel):
        """The values that are chosen of a select."""
        if select["type"] == 3:
            by = {}
            for option in select["options"]:
                by[option["label"]] = by[option["value"]] = option["value"]
            for value in values:
                if value not in by:
                    raise LookupError(value)
            chosen = [by[value] for value in values]
        else:
            chosen = [id_of(value) for value in values]
            kinds = {5: A_USER, 6: A_ROLE, 7: MENTIONABLE, 8: A_CHANNEL}
            for value in chosen:
                self._resolve(data, kinds[select["type"]], value, channel)
        least, most = select.get("min_values"), select.get("max_values")
        if not (1 if least is None else least) <= len(chosen) <= (1 if most is None else most):
            raise ValueError(f"{len(chosen)} values")
        return chosen

    async def submit(self, user, modal, values=None):
        """Submit a modal, or the one of an interaction, with values by label or custom_id."""
        modal = modal.modal if isinstance(modal, Interaction) else modal
        values = dict(values or {})
        filled: dict[str, Json] = {}
        data: Json = {"custom_id": modal.custom_id}
        for part, label in modal.inputs:
            key = next((k for k in (part.get("custom_id"), label) if k in values), None)
            value = values.pop(key) if key is not None else None
            entry: Json = {"type": part["type"], "id": 1, "custom_id": part.get("custom_id")}
            if part["type"] == 4:
                entry["value"] = _written(part, label, value)
            else:
                chosen = [value] if isinstance(value, str | int) else list(value or ())
                entry["values"] = self._picked(part, chosen, data, modal.interaction.channel)
            filled[entry["custom_id"]] = entry
        if values:
            raise LookupError(next(iter(values)))
        data["components"] = []
        for row in modal.payload["components"]:
            if "component" in row:
                inner = filled[row["component"]["custom_id"]]
                data["components"].append({"type": row["type"], "id": 1, "component": inner})
            elif "components" in row:
                rows = [filled[part["custom_id"]] for part in row["components"]]
                data["components"].append({"type": 1, "id": 1, "components": rows})
        opened = modal.interaction
        made = self._interact(id_of(user), opened.channel, 5, data, opened.message)
        await asyncio.sleep(0)
        return made


ANSWERS: dict[int, Callable[[FakeDiscord, Interaction, Json], None]] = {
    4: FakeDiscord._respond,
    5: FakeDiscord._defer,
    6: FakeDiscord._defer_update,
    7: FakeDiscord._update,
    8: FakeDiscord._choose,
    9: FakeDiscord._open,
}
ROUTES: dict[str, Callable[[FakeDiscord, Call], Any]] = {
    "GET /users/@me": FakeDiscord._me,
    "GET /users/{}": FakeDiscord._get_user,
    "GET /oauth2/applications/@me": FakeDiscord._application,
    "GET /applications/@me": FakeDiscord._application,
    "GET /gateway/bot": FakeDiscord._gateway_bot,
    "POST /users/@me/channels": FakeDiscord._create_dm,
    "GET /guilds/{}": FakeDiscord._get_guild,
    "GET /guilds/{}/channels": FakeDiscord._get_channels,
    "GET /guilds/{}/roles": FakeDiscord._get_roles,
    "GET /guilds/{}/members/{}": FakeDiscord._get_member,
    "GET /channels/{}": FakeDiscord._get_channel,
    "POST /channels/{}/typing": FakeDiscord._typing,
    "GET /channels/{}/messages": FakeDiscord._list,
    "POST /channels/{}/messages": FakeDiscord._post,
    "GET /channels/{}/messages/{}": FakeDiscord._get_message,
    "PATCH /channels/{}/messages/{}": FakeDiscord._patch,
    "DELETE /channels/{}/messages/{}": FakeDiscord._delete,
    "POST /channels/{}/threads": FakeDiscord._start_thread,
    "POST /channels/{}/messages/{}/threads": FakeDiscord._start_thread,
    "GET /applications/{}/commands": FakeDiscord._get_commands,
    "PUT /applications/{}/commands": FakeDiscord._put_commands,
    "GET /applications/{}/guilds/{}/commands": FakeDiscord._get_commands,
    "PUT /applications/{}/guilds/{}/commands": FakeDiscord._put_commands,
    "GET /guilds/{}/scheduled-events": FakeDiscord._list_events,
    "POST /guilds/{}/scheduled-events": FakeDiscord._create_event,
    "GET /guilds/{}/scheduled-events/{}": FakeDiscord._get_event,
    "PATCH /guilds/{}/scheduled-events/{}": FakeDiscord._edit_event,
    "DELETE /guilds/{}/scheduled-events/{}": FakeDiscord._delete_event,
    "POST /interactions/{}/{}/callback": FakeDiscord._callback,
    "POST /webhooks/{}/{}": FakeDiscord._followup,
    **{
        f"{verb} /webhooks/{{}}/{{}}/messages/{which}": method
        for which in ("@original", "{}")
        for verb, method in (
            ("GET", FakeDiscord._get_answer),
            ("PATCH", FakeDiscord._patch_answer),
            ("DELETE", FakeDiscord._delete_answer),
        )
    },
}


def _json(body, status=200, headers=None):
    """An answer of exactly the content type that discord.py looks for."""
    headers = {"Content-Type": "application/json", **(headers or {})}
    return web.Response(body=json.dumps(body).encode(), status=status, headers=headers)


def _held_back(seconds, scope):
    held = {
        "Via": "1.1 google",
        "Retry-After": str(max(1, round(seconds))),
        "X-RateLimit-Scope": scope,
    }
    return held | ({"X-RateLimit-Global": "true"} if scope == "global" else {})


async def _body(request):
    """What a call says, however it is sent; the names of its files stand under "files"."""
    if not request.can_read_body:
        return {}
    if request.content_type.startswith("multipart/"):
        form = await request.post()
        said: Json = json.loads(form.get("payload_json") or "{}")
        part = said.get("data", said)
        part["files"] = [f.filename for f in form.values() if isinstance(f, web.FileField)]
        return said
    try:
        return json.loads(await request.read() or b"{}")
    except ValueError:
        return {}


def _some(messages, limit):
    """So many that aren't deleted."""
    there: list[Message] = []
    for message in messages:
        if len(there) >= limit:
            break
        if not message.deleted:
            there.append(message)
    return there


def _timed(event):
    """Say the times of an event as Discord does."""
    for name in ("scheduled_start_time", "scheduled_end_time"):
        with contextlib.suppress(TypeError, ValueError):
            event[name] = iso(datetime.fromisoformat(event[name]))
    return event


def _in_dms(command):
    contexts = command.get("contexts")
    if contexts is not None:
        return 1 in contexts
    return not command.get("guild_id") and command.get("dm_permission") is not False


def _type_of(value):
    kinds = {bool: BOOLEAN, int: INTEGER, float: NUMBER}
    return kinds.get(type(value), STRING)


def _chosen(option, value):
    """A value as an option takes it: one of its choices, by name or value, and of its type."""
    if option.get("choices"):
        for choice in option["choices"]:
            if value in {choice["name"], choice["value"]}:
                return choice["value"]
        raise ValueError(f"{value!r} is no choice")
    types = {STRING: str, INTEGER: int, BOOLEAN: bool, NUMBER: int | float}
    wanted = types.get(option["type"])
    if wanted and (
        not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool)
    ):
        raise ValueError(f"{option['name']}: {value!r}")
    size = len(value) if isinstance(value, str) else value
    least, most = ("min_length", "max_length") if size != value else ("min_value", "max_value")
    for name, wrong in ((least, lambda end: size < end), (most, lambda end: size > end)):
        if option.get(name) is not None and wrong(option[name]):
            raise ValueError(f"{option['name']}: {value!r}, {name} {option[name]}")
    return value


def _called(part, what):
    emoji = (part.get("emoji") or {}).get("name")
    names = (part.get("custom_id"), part.get("label"), part.get("placeholder"), emoji)
    return part.get("type") in {2, 3, 5, 6, 7, 8} and what in names


def _written(part, label, value):
    """What a text input holds, if a client would let it be sent."""
    value = (part.get("value") or "") if value is None else value
    if not value and part.get("required", True):
        raise ValueError(f"{label} is required")
    least, most = part.get("min_length") or 0, part.get("max_length") or 4000
    if value and not least <= len(value) <= most:
        raise ValueError(f"{label} may have {least} to {most} characters")
    return value
