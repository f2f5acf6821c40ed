"""A Slack workspace on this machine, over real HTTP and WebSocket: what an app does, it shows.

Its people are moved by the tests (`say`, `command`, `press`, `submit`, `open_home`), and whatever
Slack would refuse is refused. Wire formats and limits are those of the reference.
"""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
import math
import re
import uuid
from bisect import bisect_right
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from tests.fake_slack_limits import elements, pings, problems, view_problems


__all__ = ["DEFAULT_SCOPES", "FakeSlack", "Fault", "Message", "pings", "problems", "view_problems"]

Json = dict[str, Any]
DEFAULT_SCOPES = frozenset(
    {
        *("app_mentions:read", "channels:history", "channels:read", "chat:write", "commands"),
        *("groups:history", "groups:read", "im:history", "im:read", "im:write"),
        *("usergroups:read", "users:read"),
    }
)
DEFAULT_EVENTS = frozenset(
    {"app_mention", "app_home_opened", "message.channels", "message.groups", "message.im"}
)
NOT_KEPT = {"token", "channel", "user", "ts", "response_type", "replace_original"}
FAMILY = {"channel": "channels", "group": "groups", "im": "im"}
# Calls a minute; posting has limits of its own.
TIERS = {
    **dict.fromkeys(("chat.update", "chat.delete", "conversations.open"), 50),
    **dict.fromkeys(("conversations.history", "conversations.replies", "conversations.info"), 50),
    **dict.fromkeys(("apps.connections.open",), 50),
    **dict.fromkeys(("usergroups.users.list",), 20),
    **dict.fromkeys(("chat.postEphemeral", "users.info", "conversations.members"), 100),
    **dict.fromkeys(("views.open", "views.publish", "views.update"), 100),
}


def real_clock():
    return datetime.now(UTC)  # noqa: TID251 - what Slack stamps and signs by is the real time


class Refused(Exception):
    """Slack's answer to a call that it doesn't do."""

    def __init__(self, error, **more):
        super().__init__(error)
        self.error, self.more = error, more


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
    retry_after: int | None = None

    DROP_BEFORE: ClassVar["Fault"]
    DROP_AFTER: ClassVar["Fault"]

    @staticmethod
    def ratelimited(retry_after=1):
        return Fault(code=429, body={"ok": False, "error": "ratelimited"}, retry_after=retry_after)

    @staticmethod
    def error(name, *, lands=False):
        return Fault(body={"ok": False, "error": name}, lands=lands)

    @staticmethod
    def status(code, html="<html><body>Server Error</body></html>", *, lands=False):
        return Fault(code=code, body=html, lands=lands)

    @staticmethod
    def slow(seconds, *, lands=False):
        return Fault(delay=seconds, lands=lands)


Fault.DROP_BEFORE = Fault(drop=True)
Fault.DROP_AFTER = Fault(drop=True, lands=True)


@dataclass
class User:
    id: str
    name: str
    is_bot: bool = False
    guest: bool = False
    tz: str = "Europe/Madrid"


@dataclass(eq=False)
class Message:
    """A message; one that only `to` sees is ephemeral."""

    channel: str
    ts: str
    user: str
    payload: Json
    bot_id: str | None = None
    to: str | None = None
    edited: str | None = None
    deleted: bool = False
    chosen: Json = field(default_factory=dict)
    client_id: str | None = None
    at: int = 0

    def __post_init__(self):
        self.at = micros(self.ts)

    @property
    def text(self) -> str:
        return self.payload.get("text") or ""

    @property
    def blocks(self) -> list[Json]:
        return self.payload.get("blocks") or []

    @property
    def thread_ts(self) -> str | None:
        return self.payload.get("thread_ts")

    @property
    def metadata(self) -> Json | None:
        return self.payload.get("metadata")

    @property
    def root(self) -> str:
        return self.thread_ts or self.ts


@dataclass(eq=False)
class Channel:
    id: str
    name: str
    members: set[str]
    archived: bool = False
    private: bool = False
    kind: str = "channel"
    log: list[Message] = field(default_factory=list)
    by_ts: dict[str, Message] = field(default_factory=dict)
    threads: dict[str, list[Message]] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """What events call it."""
        return "group" if self.kind == "channel" and self.private else self.kind


@dataclass(eq=False)
class Interaction:
    """A command or an action: how the app acked it, and what came to it."""

    user: str
    channel: str
    trigger_id: str
    response_url: str
    message: Message | None = None
    payload: Json = field(default_factory=dict)
    came: list[Message] = field(default_factory=list)
    uses: int = 0
    born: datetime | None = None
    acked: float | None = None
    ack: Any = None
    done: bool = False  # acked, or given up


@dataclass(eq=False)
class Socket:
    ws: web.WebSocketResponse
    request: web.Request


class Bucket:
    """So many a second, and a burst of so many at once."""

    def __init__(self, rate, burst):
        self.rate, self.burst, self.left, self.at = rate, burst, float(burst), 0.0

    def wait(self, now):
        """How long until there is one."""
        self.left = min(self.burst, self.left + (now - self.at) * self.rate)
        self.at = now
        return 0.0 if self.left >= 1 else (1 - self.left) / self.rate


def micros(ts):
    seconds, _, rest = str(ts).partition(".")
    return int(seconds or 0) * 1_000_000 + int((rest + "000000")[:6])


def flag(value):
    return value in {True, "1", "true", "True"}


class FakeSlack:
    """A workspace with one app: `async with FakeSlack() as slack`."""

    def __init__(self, *, clock: Callable[[], datetime] = real_clock, strict=True):
        self.clock, self.strict = clock, strict
        self.bot_token, self.app_token = "xoxb-1-fake", "xapp-1-A0FAKE-fake"
        self.signing_secret = "0123456789abcdef0123456789abcdef"  # noqa: S105
        self.team, self.team_domain, self.app_id = "T0FAKE", "fake", "A0FAKE"
        self.bot_user, self.bot_id = "U0BOT", "B0BOT"
        self.scopes: set[str] = set(DEFAULT_SCOPES)
        self.app_scopes: set[str] = {"connections:write"}
        self.events: set[str] = set(DEFAULT_EVENTS)
        self.auth_error: str | None = None
        self.home_enabled = True
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.groups: dict[str, list[str]] = {}
        # limits
        self.per_channel: float | None = None
        self.burst = 3
        self.workspace_per_minute: int | None = None
        self.tiers = False
        self.trigger_ttl, self.url_ttl = timedelta(seconds=3), timedelta(minutes=30)
        # delivery
        self.mode = "socket"
        self.url = ""
        self.ack_timeout = 3.0
        self.retry_delays: tuple[float, ...] = (0.0, 0.2, 0.5)
        self.closing_after = 0.05
        self.answer_pings = True
        self.sockets: list[Socket] = []
        # what it shows
        self.calls: Counter[str] = Counter()
        self.limited: Counter[str] = Counter()
        self.refused: list[tuple[str, str, list[str]]] = []
        self.acks: dict[str, float] = {}
        self.ack_payloads: dict[str, Any] = {}
        self.unacked = 0
        self.retried = 0
        self.modals: list[Json] = []
        self.interactions: dict[str, Interaction] = {}
        self._whispers: dict[tuple[str, str], list[Message]] = defaultdict(list)
        self._homes: dict[str, Json] = {}
        self._chosen: dict[str, Json] = defaultdict(dict)
        self._owners: dict[str, str] = {}
        self._triggers: dict[str, tuple[str, datetime | None]] = {}
        self._ims: dict[str, str] = {}
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._buckets: dict[str, Bucket] = {}
        self._connected = asyncio.Event()
        self._tickets: set[str] = set()
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._watching: set[asyncio.Future[None]] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._http: aiohttp.ClientSession | None = None
        self._last = self._serial = self._turn = 0
        self.add_user(self.bot_user, "bot", is_bot=True)

    # The world

    def add_user(self, id_, name="", **more):
        self.users[id_] = User(id_, name or id_.lower(), **more)
        return self.users[id_]

    def add_group(self, id_, users):
        self.groups[id_] = list(users)

    def add_channel(self, id_, name="", members=(), *, bot=True, **more):
        """Add a channel with some members, and with the bot unless told otherwise."""
        there = {*members, *([self.bot_user] if bot else [])}
        self.channels[id_] = Channel(id_, name or id_.lower(), there, **more)
        return self.channels[id_]

    def im(self, user):
        """The id of the conversation of a user with the bot, opened if need be."""
        if user not in self._ims:
            self._ims[user] = f"D{user}"
            self.channels[f"D{user}"] = Channel(
                f"D{user}", "directmessage", {user, self.bot_user}, kind="im"
            )
        return self._ims[user]

    # What it shows

    def messages(self, channel):
        """Everything said in a channel, replies too, oldest first; deleted ones are marked."""
        return [*self.channels[channel].log]

    def ephemerals(self, user, channel):
        """What only this user sees there, without what was deleted."""
        return [m for m in self._whispers[user, channel] if not m.deleted]

    def home(self, user):
        return self._homes.get(user)

    async def until(self, predicate, timeout=5):  # noqa: ASYNC109
        """Wait until `predicate()` is true, and give back what it said."""
        async with asyncio.timeout(timeout):
            while not (found := predicate()):
                changed = asyncio.get_running_loop().create_future()
                self._watching.add(changed)
                try:
                    await changed
                finally:
                    self._watching.discard(changed)
            return found

    async def reply_to(self, what, timeout=5):  # noqa: ASYNC109
        """Wait for the first answer of the bot to a message, a command or an action."""
        if isinstance(what, Interaction):
            return await self.until(lambda: what.came and what.came[0], timeout)
        return await self.until(lambda: self._reply(what), timeout)

    async def settled(self, timeout=5):  # noqa: ASYNC109
        """Wait until all that was sent to the app is acked or given up."""
        await self.until(lambda: not self._tasks, timeout)

    def _reply(self, said):
        channel = self.channels[said.channel]
        for m in channel.threads.get(said.root, ()):
            if m.bot_id == self.bot_id and m.ts > said.ts:
                return m
        if channel.kind == "im" and said.thread_ts is None:
            for m in channel.log[bisect_right(channel.log, said.at, key=lambda m: m.at) :]:
                if m.bot_id == self.bot_id and m.thread_ts is None:
                    return m
        there = self._whispers.get((said.user, said.channel), ())
        return next((m for m in there if m.ts > said.ts and m.thread_ts in {None, said.root}), None)

    def _changed(self):
        for changed in self._watching:
            if not changed.done():
                changed.set_result(None)

    # Running

    async def __aenter__(self):
        app = web.Application(client_max_size=4 * 2**20)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/hooks/{key}", self._hook)
        app.router.add_get("/link/", self._link)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        self.base = f"http://127.0.0.1:{self.port}"
        self.api_url = f"{self.base}/api/"
        return self

    async def __aexit__(self, *_):
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for socket in [*self.sockets]:
            with contextlib.suppress(ConnectionError, TimeoutError):
                await asyncio.wait_for(socket.ws.close(), 0.5)
        if self._http is not None:
            await self._http.close()
        await self._runner.cleanup()

    def _go(self, coroutine):
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task):
        self._tasks.discard(task)
        self._changed()

    # The Web API

    def fail(self, method, fault, times=1):
        """Let the next calls of a method go wrong; "response_url" is a method here."""
        self._faults[method].extend([fault] * times)

    async def _api(self, request):
        method = request.match_info["method"]
        return await self._answered(method, request, lambda args: self._call(method, request, args))

    async def _answered(self, method, request, call):
        """Do a call, or let happen to it what was ordered."""
        self.calls[method] += 1
        args = await _arguments(request)
        fault = self._faults[method].popleft() if self._faults.get(method) else None
        if fault is None:
            answer = call(args)
            self._changed()
            return answer
        answer = call(args) if fault.lands else None
        self._changed()
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.drop:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if fault.body is None:
            answer = answer or call(args)
            self._changed()
            return answer
        headers = {}
        if fault.retry_after is not None:
            self.limited[method] += 1
            headers["Retry-After"] = str(fault.retry_after)
        if isinstance(fault.body, str):
            return web.Response(
                status=fault.code, text=fault.body, content_type="text/html", headers=headers
            )
        return web.json_response(fault.body, status=fault.code, headers=headers)

    def _call(self, method, request, args):
        scopes = self.app_scopes if method == "apps.connections.open" else self.scopes
        headers = {"x-oauth-scopes": ",".join(sorted(scopes))}
        try:
            self._admit(method, request, args)
            wait = self._limit(method, args)
            if wait:
                self.limited[method] += 1
                headers["Retry-After"] = str(math.ceil(wait))
                body = {"ok": False, "error": "ratelimited"}
                return web.json_response(body, status=429, headers=headers)
            body = {"ok": True, **METHODS[method](self, args)}
        except Refused as no:
            why = no.more.pop("why", [])
            self.refused.append((method, no.error, why))
            if why:
                no.more["response_metadata"] = {"messages": [f"[ERROR] {w}" for w in why]}
            body = {"ok": False, "error": no.error, **no.more}
        return web.json_response(body, headers=headers)

    def _admit(self, method, request, args):
        """Check the token, and what it may do."""
        if method not in METHODS:
            raise Refused("unknown_method", req_method=method)
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind != "Bearer" and method != "apps.connections.open":
            token = args.get("token", "")
        if not token:
            raise Refused("not_authed")
        right, other = self.bot_token, self.app_token
        if method == "apps.connections.open":
            right, other = other, right
        if self.auth_error:
            raise Refused(self.auth_error)
        if token == other:
            raise Refused("not_allowed_token_type")
        if token != right:
            raise Refused("invalid_auth")
        if method in SCOPES:
            self._need(SCOPES[method], self.app_scopes if right == self.app_token else self.scopes)

    def _need(self, scope, scopes):
        if scope not in scopes:
            raise Refused("missing_scope", needed=scope, provided=",".join(sorted(scopes)))

    def _limit(self, method, args):
        """How long a call has to wait."""
        buckets = []
        if self.tiers and method in TIERS:
            buckets.append(self._bucket(method, TIERS[method] / 60, TIERS[method]))
        if method == "chat.postMessage":
            if self.per_channel is not None:
                channel = f"in {args.get('channel')}"
                buckets.append(self._bucket(channel, self.per_channel, self.burst))
            if (most := self.workspace_per_minute) is not None:
                buckets.append(self._bucket("workspace", most / 60, most))
        if not buckets:
            return 0.0
        now = asyncio.get_running_loop().time()
        wait = max(bucket.wait(now) for bucket in buckets)
        if not wait:
            for bucket in buckets:
                bucket.left -= 1
        return wait

    def _bucket(self, name, rate, burst):
        bucket = self._buckets.get(name)
        if bucket is None or (bucket.rate, bucket.burst) != (rate, burst):
            bucket = self._buckets[name] = Bucket(rate, burst)
        return bucket

    def _new_ts(self):
        self._last = max(self._last + 1, int(self.clock().timestamp() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06}"

    def _id(self, prefix):
        self._serial += 1
        return f"{prefix}{self._serial:08}"

    def _channel(self, args, *, scope=None):
        """The channel that is meant, if the bot may know of it."""
        name = str(args.get("channel") or "")
        channel = self.channels.get(name)
        if channel is None and name.startswith("#"):
            channel = next((c for c in self.channels.values() if f"#{c.name}" == name), None)
        if channel is None:
            raise Refused("channel_not_found")
        if scope:
            self._need(f"{FAMILY[channel.type]}:{scope}", self.scopes)
        if self.bot_user not in channel.members and channel.type != "channel":
            raise Refused("channel_not_found")
        return channel

    def _open_to_posts(self, args):
        channel = self._channel(args)
        if self.bot_user not in channel.members and "chat:write.public" not in self.scopes:
            raise Refused("not_in_channel")
        if channel.archived:
            raise Refused("is_archived")
        return channel

    def _checked(self, args):
        """A message as it is kept: without what isn't said, and each block with an id."""
        payload = {
            name: value
            for name, value in args.items()
            if value is not None and name not in NOT_KEPT
        }
        if self.strict:
            self._refuse(problems(payload))
        elif not any(payload.get(name) for name in ("text", "blocks", "markdown_text")):
            raise Refused("no_text")
        if isinstance(payload.get("blocks"), list):
            payload["blocks"] = self._named(payload["blocks"])
        return payload

    def _refuse(self, found):
        if found:
            raise Refused(found[0].partition(":")[0], why=found)

    def _named(self, blocks):
        named = []
        for block in blocks:
            fresh = {**block, "block_id": block.get("block_id") or self._id("b")}
            if "accessory" in fresh:
                fresh["accessory"] = self._acting(fresh["accessory"])
            if fresh.get("type") == "actions":
                fresh["elements"] = [self._acting(e) for e in fresh["elements"]]
            if "element" in fresh:
                fresh["element"] = self._acting(fresh["element"])
            named.append(fresh)
        return named

    def _acting(self, element):
        if element.get("type") == "image" or element.get("action_id"):
            return element
        return {**element, "action_id": self._id("a")}

    def _keep(self, channel, user, payload, bot_id=None):
        """Put a message into a channel, and tell the app."""
        message = Message(channel.id, self._new_ts(), user, payload, bot_id)
        if not bot_id:
            message.client_id = str(uuid.uuid4())
        channel.log.append(message)
        channel.by_ts[message.ts] = message
        if message.thread_ts:
            channel.threads.setdefault(message.thread_ts, []).append(message)
        event = self._as_event(channel, message)
        self._tell_message(channel, event)
        self._changed()
        return message

    def _whisper(self, channel, user, payload):
        message = Message(channel, self._new_ts(), self.bot_user, payload, self.bot_id, to=user)
        self._whispers[user, channel].append(message)
        self._changed()
        return message

    def _show(self, message, *, metadata=False):
        """A message as the API shows it."""
        shown = {
            "type": "message",
            "user": message.user,
            "text": message.text,
            "ts": message.ts,
            "team": self.team,
        }
        if message.bot_id:
            shown |= {"bot_id": message.bot_id, "app_id": self.app_id}
        if message.blocks:
            shown["blocks"] = message.blocks
        if message.edited:
            shown["edited"] = {"user": message.user, "ts": message.edited}
        if message.metadata and metadata:
            shown["metadata"] = message.metadata
        channel = self.channels[message.channel]
        if message.thread_ts:
            root = channel.by_ts.get(message.thread_ts)
            shown["thread_ts"] = message.thread_ts
            shown["parent_user_id"] = root.user if root else None
        elif message.ts in channel.threads:
            replies = [m for m in channel.threads[message.ts] if not m.deleted]
            if replies:
                shown |= {"thread_ts": message.ts, "reply_count": len(replies)}
                shown["latest_reply"] = replies[-1].ts
        return shown

    def _auth_test(self, args):
        return {
            "url": f"https://{self.team_domain}.slack.com/",
            "team": self.team_domain,
            "user": self.users[self.bot_user].name,
            "team_id": self.team,
            "user_id": self.bot_user,
            "bot_id": self.bot_id,
            "is_enterprise_install": False,
        }

    def _connections_open(self, args):
        ticket = uuid.uuid4().hex
        self._tickets.add(ticket)
        url = f"ws://127.0.0.1:{self.port}/link/?ticket={ticket}&app_id={self.app_id}"
        return {"url": url}

    def _post_message(self, args):
        whom = str(args.get("channel") or "")
        if whom in self.users:
            if self.users[whom].is_bot:
                raise Refused("cannot_dm_bot")
            args = {**args, "channel": self.im(whom)}
        channel = self._open_to_posts(args)
        message = self._keep(channel, self.bot_user, self._checked(args), self.bot_id)
        shown = self._show(message, metadata=True)
        return {"channel": channel.id, "ts": message.ts, "message": shown}

    def _post_ephemeral(self, args):
        channel = self._open_to_posts(args)
        if args.get("user") not in self.users:
            raise Refused("user_not_found")
        if args["user"] not in channel.members:
            raise Refused("user_not_in_channel")
        return {"message_ts": self._whisper(channel.id, args["user"], self._checked(args)).ts}

    def _own(self, args, error):
        """The bot's message that is meant, with its channel."""
        channel = self._channel(args)
        message = channel.by_ts.get(str(args.get("ts")))
        if message is None or message.deleted:
            raise Refused("message_not_found")
        if message.bot_id != self.bot_id:
            raise Refused(error)
        return channel, message

    def _update(self, args):
        channel, message = self._own(args, "cant_update_message")
        if channel.archived:
            raise Refused("is_inactive")
        if args.get("metadata") == {}:
            args = {**args, "metadata": None}
            message.payload = {k: v for k, v in message.payload.items() if k != "metadata"}
        self._edit(channel, message, self._checked(args))
        return {
            "channel": channel.id,
            "ts": message.ts,
            "text": message.text,
            "message": self._show(message, metadata=True),
        }

    def _edit(self, channel, message, payload):
        """Change a message; its thread and, unless there is another, its metadata stay."""
        before = self._show(message)
        kept = {k: v for k, v in message.payload.items() if k in {"thread_ts", "metadata"}}
        thread = {k: v for k, v in kept.items() if k == "thread_ts"}
        message.payload = {**kept, **payload, **thread}
        message.edited = self._new_ts()
        more = {"message": self._show(message), "previous_message": before}
        self._tell_message(channel, self._hidden(channel, "message_changed", more))

    def _delete(self, args):
        channel, message = self._own(args, "cant_delete_message")
        self._strike(channel, message)
        return {"channel": channel.id, "ts": message.ts}

    def _strike(self, channel, message):
        before = self._show(message)
        message.deleted = True
        more = {"previous_message": before, "deleted_ts": message.ts}
        self._tell_message(channel, self._hidden(channel, "message_deleted", more))

    def _permalink(self, args):
        channel = self._channel(args)
        ts = str(args.get("message_ts"))
        if ts not in channel.by_ts:
            raise Refused("message_not_found")
        link = f"https://{self.team_domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
        return {"channel": channel.id, "permalink": link}

    def _conversations_open(self, args):
        if args.get("channel"):
            return {"channel": {"id": self._channel(args).id}, "already_open": True}
        users = args.get("users") or ""
        users = users.split(",") if isinstance(users, str) else users
        if len(users) != 1 or users[0] not in self.users:
            raise Refused("user_not_found" if users and users[0] else "users_list_not_supplied")
        if self.users[users[0]].is_bot:
            raise Refused("cannot_dm_bot")
        there = users[0] in self._ims
        more = {"no_op": True, "already_open": True} if there else {}
        return {"channel": {"id": self.im(users[0])}, **more}

    def _conversations_info(self, args):
        channel = self._channel(args, scope="read")
        shown = {
            "id": channel.id,
            "name": channel.name,
            "is_im": channel.kind == "im",
            "is_channel": channel.type == "channel",
            "is_group": channel.type == "group",
            "is_private": channel.private,
            "is_archived": channel.archived,
            "is_member": self.bot_user in channel.members,
            "context_team_id": self.team,
        }
        if channel.kind == "im":
            shown["user"] = next(iter(channel.members - {self.bot_user}), None)
        if flag(args.get("include_num_members")):
            shown["num_members"] = len(channel.members)
        return {"channel": shown}

    def _members(self, args):
        found = sorted(self._channel(args, scope="read").members)
        page, more = _page(found, args)
        return {"members": page, **more}

    def _read(self, args):
        channel = self._channel(args, scope="history")
        if self.bot_user not in channel.members:
            raise Refused("not_in_channel")
        return channel

    def _between(self, messages, args):
        """Those that a history or thread shows: not deleted, and of the span asked for."""
        oldest = micros(args["oldest"]) if args.get("oldest") else -1
        latest = micros(args["latest"]) if args.get("latest") else math.inf
        if flag(args.get("inclusive")):
            oldest, latest = oldest - 1, latest + 1
        return [m for m in messages if not m.deleted and oldest < m.at < latest]

    def _history(self, args):
        log = self._read(args).log
        if args.get("oldest"):
            key = micros(args["oldest"]) - 1
            log = log[bisect_right(log, key, key=lambda m: m.at) :]
        there = self._between(reversed(log), args)
        there = [m for m in there if not m.thread_ts or flag(m.payload.get("reply_broadcast"))]
        return self._shown(there, args)

    def _replies(self, args):
        channel = self._read(args)
        root = channel.by_ts.get(str(args.get("ts")))
        if root is None or (root.deleted and root.ts not in channel.threads):
            raise Refused("thread_not_found")
        there = self._between(channel.threads.get(root.ts, ()), args)
        return self._shown([*([] if root.deleted else [root]), *there], args)

    def _shown(self, messages, args):
        metadata = flag(args.get("include_all_metadata"))
        page, more = _page(messages, args)
        shown = [self._show(m, metadata=metadata) for m in page]
        return {
            "messages": shown,
            "has_more": bool(more["response_metadata"]["next_cursor"]),
        } | more

    def _users_info(self, args):
        user = self.users.get(str(args.get("user")))
        if user is None:
            raise Refused("user_not_found")
        shown = {
            "id": user.id,
            "team_id": self.team,
            "name": user.name,
            "real_name": user.name,
            "deleted": False,
            "is_bot": user.is_bot,
            "tz": user.tz,
            "is_admin": False,
            "is_restricted": user.guest,
            "is_ultra_restricted": False,
            "profile": {"display_name": user.name, "real_name": user.name, "team": self.team},
        }
        return {"user": shown}

    def _group_users(self, args):
        if args.get("usergroup") not in self.groups:
            raise Refused("no_such_subteam")
        return {"users": [*self.groups[args["usergroup"]]]}

    # Views

    def _view(self, args, kind, user, over=None):
        """A view as it is kept, if it may be."""
        view = args.get("view")
        if not isinstance(view, dict) or view.get("type") != kind:
            raise Refused("invalid_arguments", why=["invalid `view`"])
        if self.strict:
            self._refuse(view_problems(view))
        if over and args.get("hash") and args["hash"] != over["hash"]:
            raise Refused("hash_conflict")
        id_ = over["id"] if over else self._id("V")
        self._owners[id_] = user
        return {
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "title": None,
            "submit": None,
            "close": None,
            "clear_on_close": False,
            "notify_on_close": False,
            **view,
            "id": id_,
            "team_id": self.team,
            "app_id": self.app_id,
            "bot_id": self.bot_id,
            "root_view_id": id_,
            "previous_view_id": None,
            "state": {"values": {}},
            "blocks": self._named(view["blocks"]),
            "hash": f"{self._new_ts()}.{self._id('h')}",
        }

    def _views_open(self, args):
        trigger = str(args.get("trigger_id"))
        if trigger not in self._triggers:
            raise Refused("invalid_arguments", why=["invalid `trigger_id`"])
        user, born = self._triggers[trigger]
        if born is None:
            raise Refused("exchanged_trigger_id")
        if self.clock() - born > self.trigger_ttl:
            raise Refused("expired_trigger_id")
        view = self._view(args, "modal", user)
        self._triggers[trigger] = (user, None)
        self.modals.append(view)
        return {"view": view}

    def _views_publish(self, args):
        user = str(args.get("user_id"))
        if user not in self.users:
            raise Refused("invalid_arguments", why=["invalid `user_id`"])
        if not self.home_enabled:
            raise Refused("not_enabled")
        self._homes[user] = self._view(args, "home", user, self._homes.get(user))
        return {"view": self._homes[user]}

    def _views_update(self, args):
        there = [*self.modals, *self._homes.values()]
        for old in there:
            named = args.get("external_id") and old["external_id"] == args["external_id"]
            if old["id"] == args.get("view_id") or named:
                view = self._view(args, old["type"], self._owners[old["id"]], old)
                self._replace_view(old, view)
                return {"view": view}
        raise Refused("not_found")

    def _replace_view(self, old, view):
        if old["type"] == "home":
            self._homes[self._owners[old["id"]]] = view
        else:
            self.modals[self.modals.index(old)] = view

    # response_url

    async def _hook(self, request):
        came = self.interactions.get(request.match_info["key"])
        return await self._answered("response_url", request, lambda args: self._to(came, args))

    def _to(self, came, args):
        try:
            self._use(came)
            self._respond(came, args)
        except Refused as no:
            self.refused.append(("response_url", no.error, no.more.get("why", [])))
            status = 404 if no.error in {"invalid_url", "expired_url"} else 400
            return web.json_response({"ok": False, "error": no.error}, status=status)
        return web.Response(text="ok")

    def _use(self, came):
        if came is None or came.born is None:
            raise Refused("invalid_url")
        if came.uses >= 5 or self.clock() - came.born > self.url_ttl:
            raise Refused("expired_url")
        came.uses += 1

    def _respond(self, came, args):
        """Do what was posted to a response_url, or said with the ack of a command."""
        original = came.message
        if flag(args.get("delete_original")):
            if original is not None and not original.deleted:
                if original.to is None:
                    self._strike(self.channels[original.channel], original)
                else:
                    original.deleted = True
            self._changed()
            return
        payload = self._checked(args)
        channel = self.channels[came.channel]
        if flag(args.get("replace_original")) and original is not None:
            if original.to is None:
                self._edit(channel, original, payload)
            else:
                original.payload, original.edited = payload, self._new_ts()
            came.came.append(original)
        elif args.get("response_type") == "in_channel":
            came.came.append(self._keep(channel, self.bot_user, payload, self.bot_id))
        else:
            came.came.append(self._whisper(channel.id, came.user, payload))
        self._changed()

    # Socket Mode

    async def _link(self, request):
        ws = web.WebSocketResponse(autoping=False)
        if request.query.get("ticket") not in self._tickets:
            return web.Response(status=401)
        self._tickets.discard(request.query["ticket"])
        await ws.prepare(request)
        if len(self.sockets) >= 10:
            self.refused.append(("link", "too_many_websockets", []))
            await ws.send_json(self._goodbye("too_many_websockets"))
            await ws.close()
            return ws
        socket = Socket(ws, request)
        await ws.send_json(
            {
                "type": "hello",
                "num_connections": len(self.sockets) + 1,
                "debug_info": {**self._host(), "approximate_connection_time": 18060},
                "connection_info": {"app_id": self.app_id},
            }
        )
        self.sockets.append(socket)
        self._connected.set()
        self._changed()
        try:
            async for frame in ws:
                if frame.type == aiohttp.WSMsgType.TEXT:
                    self._ack(json.loads(frame.data))
                elif frame.type == aiohttp.WSMsgType.PING and self.answer_pings:
                    await ws.pong(frame.data)
        finally:
            self._drop(socket)
        return ws

    def _host(self):
        return {"host": "applink-fake", "build_number": 1}

    def _goodbye(self, reason):
        return {"type": "disconnect", "reason": reason, "debug_info": self._host()}

    def _drop(self, socket):
        if socket in self.sockets:
            self.sockets.remove(socket)
            if not self.sockets:
                self._connected.clear()
            self._changed()

    def _ack(self, said):
        waiting = self._waiting.get(said.get("envelope_id"))
        if waiting is not None and not waiting.done():
            waiting.set_result(said.get("payload") or {})

    async def disconnect(self, reason="refresh_requested"):
        """Tell each socket to go, and close it a moment later."""
        for socket in [*self.sockets]:
            self._drop(socket)
            with contextlib.suppress(ConnectionError):
                await socket.ws.send_json(self._goodbye(reason))
            self._go(self._close(socket))

    async def _close(self, socket):
        await asyncio.sleep(self.closing_after)
        with contextlib.suppress(ConnectionError):
            await socket.ws.close()

    def cut(self):
        """Cut the TCP connections of all sockets."""
        for socket in [*self.sockets]:
            self._drop(socket)
            if socket.request.transport is not None:
                socket.request.transport.abort()

    # Delivery

    def http_to(self, url):
        """Send everything to a URL from now on, signed, rather than through sockets."""
        self.mode, self.url = "http", url

    async def _deliver(self, kind, payload, *, retried=True, within=None):
        """Send until it is acked; gives back what the ack said, or None if there was none."""
        event_id = payload.get("event_id")
        reason = ""
        delays = self.retry_delays if retried else ()
        for attempt, delay in enumerate((0.0, *delays)):
            if attempt:
                self.retried += 1
                await asyncio.sleep(delay)
            send = self._by_http if self.mode == "http" else self._by_socket
            loop = asyncio.get_running_loop()
            id_, began, ack, reason, again = await send(kind, payload, attempt, reason, within)
            if ack is not None:
                for name in filter(None, (id_, event_id)):
                    self.acks.setdefault(name, loop.time() - began)
                    self.ack_payloads.setdefault(name, ack)
                self._changed()
                return ack
            if not again:
                break
        self.unacked += 1
        self._changed()
        return None

    async def _by_socket(self, kind, payload, attempt, reason, within):
        loop = asyncio.get_running_loop()
        id_ = str(uuid.uuid4())
        envelope = {
            "envelope_id": id_,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind == "slash_commands",
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        raw = json.dumps(envelope)
        waiting = self._waiting[id_] = loop.create_future()
        began = loop.time()
        try:
            while True:
                async with asyncio.timeout(within):
                    await self._connected.wait()
                if not self.sockets:
                    continue  # it went before this came to run
                self._turn += 1
                socket = self.sockets[self._turn % len(self.sockets)]
                began = loop.time()
                try:
                    await socket.ws.send_str(raw)
                    break
                except ConnectionError:
                    self._drop(socket)
            ack = await asyncio.wait_for(waiting, self.ack_timeout)
        except TimeoutError:
            return id_, began, None, "timeout", True
        finally:
            self._waiting.pop(id_, None)
        return id_, began, ack, "", False

    async def _by_http(self, kind, payload, attempt, reason, within):
        loop = asyncio.get_running_loop()
        began = loop.time()
        if kind == "events_api":
            body, form = json.dumps(payload), False
        elif kind == "slash_commands":
            body, form = urlencode(payload), True
        else:
            body, form = urlencode({"payload": json.dumps(payload)}), True
        headers = self._signed(body, form=form)
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        id_ = str(uuid.uuid4())
        try:
            async with asyncio.timeout(self.ack_timeout):
                async with self._client().post(self.url, data=body, headers=headers) as response:
                    text = await response.text()
        except TimeoutError:
            return id_, began, None, "http_timeout", True
        except aiohttp.ClientError:
            return id_, began, None, "connection_failed", True
        if response.status // 100 != 2:
            again = response.headers.get("X-Slack-No-Retry") != "1"
            return id_, began, None, "http_error", again
        if response.content_type == "application/json":
            return id_, began, json.loads(text or "{}"), "", False
        return id_, began, {"text": text} if text else {}, "", False

    def _client(self):
        if self._http is None:
            self._http = aiohttp.ClientSession()
        return self._http

    def _signed(self, body, *, form=False, secret=None, age=0.0):
        ts = str(int(real_clock().timestamp() - age))
        key = (secret or self.signing_secret).encode()
        seal = hmac.new(key, f"v0:{ts}:{body}".encode(), hashlib.sha256).hexdigest()
        kind = "application/x-www-form-urlencoded" if form else "application/json"
        return {
            "X-Slack-Request-Timestamp": ts,
            "X-Slack-Signature": f"v0={seal}",
            "Content-Type": kind,
        }

    async def post_signed(self, payload=None, *, secret=None, age=0.0):
        """Send one event as it is, signed with a secret and an age; gives back the status."""
        event = {"type": "app_mention", "user": self.bot_user, "text": "hi", "ts": "1.0"}
        body = json.dumps(payload or self._callback({**event, "channel": "C0NONE"}))
        headers = self._signed(body, secret=secret, age=age)
        async with self._client().post(self.url, data=body, headers=headers) as response:
            await response.read()
            return response.status

    async def bad_signature(self, payload=None):
        return await self.post_signed(payload, secret="ffffffffffffffffffffffffffffffff")

    async def old_timestamp(self, payload=None, *, age=600.0):
        return await self.post_signed(payload, age=age)

    # Events

    def _callback(self, event):
        auth = {"enterprise_id": None, "team_id": self.team, "user_id": self.bot_user}
        return {
            "token": "fake",
            "team_id": self.team,
            "api_app_id": self.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": self._id("Ev"),
            "event_time": int(self.clock().timestamp()),
            "authorizations": [{**auth, "is_bot": True, "is_enterprise_install": False}],
            "is_ext_shared_channel": False,
            "event_context": self._id("EC"),
        }

    def send_event(self, event):
        """Send an event whatever the app subscribes to; gives back its event_id."""
        payload = self._callback(event)
        self._go(self._deliver("events_api", payload))
        return payload["event_id"]

    def _subscribed(self, event, scope):
        return event in self.events and scope in self.scopes

    def _as_event(self, channel, message):
        event = self._show(message)
        if message.client_id:
            event["client_msg_id"] = message.client_id
        more = {"channel": channel.id, "channel_type": channel.type, "event_ts": message.ts}
        return event | more

    def _hidden(self, channel, subtype, more):
        ts = self._new_ts()
        return {
            "type": "message",
            "subtype": subtype,
            "hidden": True,
            **more,
            "channel": channel.id,
            "channel_type": channel.type,
            "ts": ts,
            "event_ts": ts,
        }

    def _tell_message(self, channel, event):
        if self.bot_user in channel.members:
            family = FAMILY[channel.type]
            if self._subscribed(f"message.{family}", f"{family}:history"):
                self.send_event(event)

    # What people do

    async def say(self, user, channel, text, thread=None):
        """Say something in a channel (or a thread of it: a message or its ts)."""
        there = self.channels[channel]
        there.members.add(user)
        payload = {"text": text}
        if thread is not None:
            payload["thread_ts"] = thread.root if isinstance(thread, Message) else thread
        message = self._keep(there, user, payload)
        mentioned = re.search(rf"<@{self.bot_user}(\|[^>]*)?>", text)
        if mentioned and there.kind != "im" and self.bot_user in there.members:
            if self._subscribed("app_mention", "app_mentions:read"):
                event = self._as_event(there, message) | {"type": "app_mention"}
                del event["channel_type"]
                self.send_event(event)
        await asyncio.sleep(0)
        return message

    async def edit_message(self, message, text):
        self._edit(self.channels[message.channel], message, {"text": text})
        self._changed()
        await asyncio.sleep(0)

    async def delete_message(self, message):
        self._strike(self.channels[message.channel], message)
        self._changed()
        await asyncio.sleep(0)

    async def open_home(self, user):
        event = {
            "type": "app_home_opened",
            "user": user,
            "channel": self.im(user),
            "tab": "home",
            "event_ts": self._new_ts(),
        }
        if user in self._homes:
            event["view"] = self._homes[user]
        if "app_home_opened" in self.events:
            self.send_event(event)
        await asyncio.sleep(0)

    def _interaction(self, user, channel, message=None):
        key = uuid.uuid4().hex
        now = self.clock()
        trigger = f"{self._id('')}.{self._id('')}.{key}"
        self._triggers[trigger] = (user, now)
        url = f"{self.base}/hooks/{key}"
        self.interactions[key] = made = Interaction(user, channel, trigger, url, message, born=now)
        return made

    async def command(self, user, channel, command, text=""):
        """Type a slash command; what comes to it stands in `came`."""
        made = self._interaction(user, channel)
        made.payload = {
            "token": "fake",
            "team_id": self.team,
            "team_domain": self.team_domain,
            "channel_id": channel,
            "channel_name": self.channels[channel].name,
            "user_id": user,
            "user_name": self.users[user].name,
            "command": command,
            "text": text,
            "api_app_id": self.app_id,
            "is_enterprise_install": "false",
            "response_url": made.response_url,
            "trigger_id": made.trigger_id,
        }
        if "commands" in self.scopes:
            self._go(self._interact("slash_commands", made))
            await asyncio.sleep(0)
        return made

    async def _interact(self, kind, made):
        began = asyncio.get_running_loop().time()
        ack = await self._deliver(kind, made.payload, retried=False, within=self.ack_timeout)
        if ack is not None:
            made.acked, made.ack = asyncio.get_running_loop().time() - began, ack
            if kind == "slash_commands" and ack:
                with contextlib.suppress(Refused):
                    self._respond(made, ack)
        made.done = True
        self._changed()
        return ack

    def _who(self, user):
        name = self.users[user].name
        return {
            "user": {"id": user, "username": name, "name": name, "team_id": self.team},
            "team": {"id": self.team, "domain": self.team_domain},
            "enterprise": None,
            "api_app_id": self.app_id,
            "token": "fake",
            "is_enterprise_install": False,
        }

    async def press(self, user, on, what, value=None):
        """Press a button by its label or action_id, or choose from a static_select by `value`.

        `on` is a message, an ephemeral one, or a view.
        """
        if isinstance(on, Message):
            made = self._interaction(user, on.channel, on)
            blocks, chosen = on.blocks, on.chosen
            where = {
                "type": "message",
                "message_ts": on.ts,
                "channel_id": on.channel,
                "is_ephemeral": on.to is not None,
            }
            if on.thread_ts:
                where["thread_ts"] = on.thread_ts
            named = {"id": on.channel, "name": self.channels[on.channel].name}
            more: Json = {"container": where, "channel": named, "response_url": made.response_url}
            if on.to is None:
                more["message"] = self._show(on)
        else:
            made = self._interaction(user, self.im(user))
            made.born, made.response_url = None, ""  # a view has none
            blocks, chosen = on["blocks"], self._chosen[on["id"]]
            more = {"container": {"type": "view", "view_id": on["id"]}, "view": on}
        block, element = _find(blocks, what, value)
        act = {
            "type": element["type"],
            "block_id": block["block_id"],
            "action_id": element["action_id"],
            "action_ts": self._new_ts(),
        }
        if element["type"] == "button":
            act["text"] = element["text"]
            if "value" in element:
                act["value"] = element["value"]
        else:
            chosen[element["action_id"]] = _typed(element, value)
            act |= _held(element, chosen[element["action_id"]])
        state = {"values": _state(blocks, lambda _, e: _held(e, chosen.get(e["action_id"])))}
        if "view" in more:
            more["view"] = {**on, "state": state}
        else:
            more["state"] = state
        made.payload = {
            "type": "block_actions",
            **self._who(user),
            "trigger_id": made.trigger_id,
            **more,
            "actions": [act],
        }
        self._go(self._interact("interactive", made))
        await asyncio.sleep(0)
        return made

    async def submit(self, user, view, values=None):
        """Submit a modal with values by action_id or block_id; gives back what the ack said."""
        view = next(
            v for v in self.modals if v["id"] == (view if isinstance(view, str) else view["id"])
        )
        values = values or {}

        def filled(block, element):
            for name in (element["action_id"], block["block_id"]):
                if name in values:
                    return _held(element, _typed(element, values[name]))
            return _held(element, None)

        made = self._interaction(user, self.im(user))
        made.born, made.response_url = None, ""
        state = {"values": _state(view["blocks"], filled)}
        made.payload = {
            "type": "view_submission",
            **self._who(user),
            "trigger_id": made.trigger_id,
            "view": {**view, "state": state},
            "response_urls": [],
        }
        ack = await self._interact("interactive", made)
        if ack is None:
            raise TimeoutError
        self._after(user, view, ack)
        return ack

    def _after(self, user, view, ack):
        """Do what the ack of a submission says."""
        action = ack.get("response_action")
        if action in {"update", "push"}:
            over = view if action == "update" else None
            try:
                fresh = self._view(ack, "modal", user, over)
            except Refused as no:
                self.refused.append(("response_action", no.error, no.more.get("why", [])))
                return
            if over:
                self._replace_view(view, fresh)
            else:
                self.modals.append(fresh)
        elif action == "clear":
            self.modals = [v for v in self.modals if self._owners[v["id"]] != user]
        elif action is None and view in self.modals:
            self.modals.remove(view)
        self._changed()


# Which scope each method needs; those that read channels ask by the kind of the channel.
SCOPES = {
    **dict.fromkeys(("chat.postMessage", "chat.postEphemeral"), "chat:write"),
    **dict.fromkeys(("chat.update", "chat.delete"), "chat:write"),
    "apps.connections.open": "connections:write",
    "conversations.open": "im:write",
    "users.info": "users:read",
    "usergroups.users.list": "usergroups:read",
}
METHODS: dict[str, Callable[[FakeSlack, Json], Json]] = {
    "auth.test": FakeSlack._auth_test,
    "apps.connections.open": FakeSlack._connections_open,
    "chat.postMessage": FakeSlack._post_message,
    "chat.postEphemeral": FakeSlack._post_ephemeral,
    "chat.update": FakeSlack._update,
    "chat.delete": FakeSlack._delete,
    "chat.getPermalink": FakeSlack._permalink,
    "conversations.open": FakeSlack._conversations_open,
    "conversations.info": FakeSlack._conversations_info,
    "conversations.members": FakeSlack._members,
    "conversations.history": FakeSlack._history,
    "conversations.replies": FakeSlack._replies,
    "users.info": FakeSlack._users_info,
    "usergroups.users.list": FakeSlack._group_users,
    "views.open": FakeSlack._views_open,
    "views.publish": FakeSlack._views_publish,
    "views.update": FakeSlack._views_update,
}


async def _arguments(request):
    """What a call says, however it is sent."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        with contextlib.suppress(ValueError):
            said = json.loads(await request.read())
            args |= said if isinstance(said, dict) else {}
    elif request.can_read_body:
        args |= dict(await request.post())
    for name in ("blocks", "attachments", "metadata", "view"):
        if isinstance(args.get(name), str):
            with contextlib.suppress(ValueError):
                args[name] = json.loads(args[name])
    return args


def _page(items, args):
    """Some of the items, with the cursor of the next."""
    start = 0
    if args.get("cursor"):
        try:
            start = int(base64.b64decode(args["cursor"]).decode().removeprefix("next:"))
        except ValueError:
            raise Refused("invalid_cursor") from None
    try:
        limit = int(args.get("limit") or 100)
    except ValueError:
        raise Refused("invalid_arguments") from None
    if not 1 <= limit <= 1000:
        raise Refused("invalid_limit")
    end = start + limit
    cursor = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
    return items[start:end], {"response_metadata": {"next_cursor": cursor}}


def _find(blocks, what, value):
    """The element of a label, action_id, or, if it is a select, value."""
    for block in blocks:
        for element in elements(block):
            label = element.get("text") or element.get("placeholder") or {}
            if what in {element.get("action_id"), label.get("text")}:
                if value is None or element["type"] != "button" or element.get("value") == value:
                    return block, element
    raise LookupError(what)


def _options(element):
    groups = element.get("option_groups") or [element]
    return [option for group in groups for option in group.get("options") or ()]


def _option(element, value):
    for option in _options(element):
        if value in {option["value"], option["text"]["text"]}:
            return option
    raise LookupError(value)


def _typed(element, value):
    """A value as an element of its type holds it."""
    if _options(element):
        many = isinstance(value, list | tuple | set)
        return [_option(element, v) for v in value] if many else _option(element, value)
    return value


HOLDS = {
    "static_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "external_select": "selected_option",
    "multi_static_select": "selected_options",
    "checkboxes": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}


def _held(element, value):
    """What the state says of an element; None is what it began with."""
    name = HOLDS.get(element["type"], "value")
    if value is None:
        value = element.get(
            name.replace("selected", "initial") if name != "value" else "initial_value"
        )
    if value is None and name == "selected_options":
        value = []
    return {"type": element["type"], name: value}


def _state(blocks, held):
    state: dict[str, Json] = {}
    for block in blocks:
        for element in elements(block):
            if element["type"] not in {"button", "image", "overflow"}:
                state.setdefault(block["block_id"], {})[element["action_id"]] = held(block, element)
    return state
