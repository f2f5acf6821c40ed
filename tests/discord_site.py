"""The bot on a fake Discord: the real adapter, reception, desk and store, in one process."""

import asyncio
import tempfile
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import discord

from adapters.discord import app
from adapters.discord.app import Discord
from adapters.discord.settings import Secrets, Settings
from bot.chat import Place
from bot.desk import Desk
from bot.engine import Engine
from bot.errors import TryLater
from bot.load.texts import FolderLoader
from bot.opening import Archive, served
from bot.reception import AtDesk, Reception
from bot.store import Store
from tests.conftest import FOLDERS, language
from tests.fake_discord import FakeDiscord, Fault, pointed_at
from tests.slack_site import AT, Clock


ORGANIZER = "900000000000000001"
GUILD, GENERAL, READ_ONLY, HIDDEN = (f"90000000000000001{n}" for n in range(4))
POST = "POST /channels/{}/messages"


class Site:
    """A server, and the bot in it: `async with Site() as site`.

    The organizer is Kim, by a role; the bot may write in the general channel only.
    """

    name = "discord"
    ann, bob, kim = "900000000000000101", "900000000000000102", "900000000000000103"
    too_long = 60  # seconds; less than half a minute discord.py waits through by itself
    revoked = "Discord doesn't know the token in DISCORD_TOKEN; reset it in the developer portal"

    def __init__(self, event="kbnets17", at=AT, *, strict=True, past=False, **settings):
        """In the `past` the platform's clock is that of the workshop's day, too."""
        self.clock = Clock(datetime.fromisoformat(at) if isinstance(at, str) else at)
        clock = {"clock": self.clock} if past else {}
        self.discord = FakeDiscord(strict=strict, **clock)
        self.token = self.discord.token
        self.event = event
        self.settings = settings
        self.desk: Any = None
        self.tokens = count(1)
        self.waits = []
        self.running: Any = None

    async def __aenter__(self):
        app._READY_WITHIN = 0.05
        self.folder = tempfile.TemporaryDirectory()
        self.store = Store(str(Path(self.folder.name, "site.sqlite")))
        loader = FolderLoader(FOLDERS[self.event])
        edition, _ = await served(self.store, loader, self.clock(), lasting=True)
        archive = Archive(self.store, loader, self.clock)
        engine = Engine(edition.event, language())
        self.desk = Desk(engine, edition, archive.keep, archive, archive)
        await self.discord.__aenter__()
        self.pointed = pointed_at(self.discord)
        self.pointed.__enter__()
        fake = self.discord
        fake.add_guild(GUILD, "workshop")
        fake.add_role(GUILD, "organizers", id=ORGANIZER)
        for id_, name in ((self.ann, "ann"), (self.bob, "bob"), (self.kim, "kim")):
            fake.add_user(name, id=id_)
            manager = discord.Permissions(manage_guild=True, view_channel=True, send_messages=True)
            kim = id_ == self.kim
            fake.add_member(GUILD, id_, [ORGANIZER] if kim else [], manager if kim else None)
        fake.add_channel(GUILD, "general", id=GENERAL)
        fake.add_channel(GUILD, "read-only", id=READ_ONLY, writable=False)
        fake.add_channel(GUILD, "hidden", id=HIDDEN, viewable=False)
        await self.start()
        return self

    async def __aexit__(self, broken, *_):
        await self.stop()
        self.pointed.__exit__(None, None, None)
        await self.store.close()
        await self.discord.__aexit__(None, None, None)
        self.folder.cleanup()
        invalid = [each for each in self.discord.refused if each[2]]
        assert broken is not None or not invalid
        assert broken is not None or not self.discord.unknown

    # -- the bot's lives ---------------------------------------------------------------------

    def made(self):
        """A bot that isn't running yet, with a reception of its own on the same store."""
        event = self.desk.event
        organizers = frozenset({f"discord:{ORGANIZER}"})
        at_desk = AtDesk(self.desk, frozenset({f"discord:{GENERAL}"}), organizers)
        self.reception = Reception(
            {event.id: at_desk}, self.clock, self.store, lambda: f"token{next(self.tokens)}"
        )
        guilds = {int(GUILD): {event.id: event.short}}
        settings = Settings(guilds, frozenset({ORGANIZER}), **self.settings)
        secrets = Secrets(self.token, self.discord.api_url, self.discord.gateway_url)
        return Discord(settings, secrets, self.store, self.clock, self.pause)

    async def start(self):
        """Let the bot run until it is connected."""
        self.bot = self.made()
        self.running = asyncio.create_task(self.bot.run(self.reception))
        there = asyncio.create_task(self._ready())
        await asyncio.wait({there, self.running}, return_when=asyncio.FIRST_COMPLETED)
        there.cancel()

    async def _ready(self):
        await self.discord.until(
            lambda: self.bot._client is not None and self.discord.calls["IDENTIFY"]
        )
        await self.bot._client.wait_until_ready()
        await self.discord.until(lambda: self.discord.registered(GUILD))

    async def stop(self):
        """Let the bot end."""
        self.running.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await self.running
        self.discord.forget()

    async def ended(self):
        """What the bot ends with by itself."""
        async with asyncio.timeout(5):
            await asyncio.wait([self.running])
        return self.running.exception()

    async def pause(self, length):
        """Note each wait, and let it be short."""
        self.waits.append(length)
        await asyncio.sleep(0)

    # -- what people do and see --------------------------------------------------------------

    async def ask(self, text, who=ann, channel=GENERAL):
        """Mention the bot; what it says to that."""
        return await self.reply_to(await self.mention(text, who, channel))

    async def mention(self, text, who=ann, channel=GENERAL):
        return await self.discord.say(who, channel, text, mention=True)

    async def mention_twice(self, text):
        """Mention the bot in a message that comes a second time."""
        said = await self.mention(text)
        await self.reply_to(said)
        raw = self.discord._show(said) if hasattr(self.discord, "_show") else None
        if raw is not None:
            self.discord.send_event("MESSAGE_CREATE", raw, guild=GUILD)
        await self.settled()

    async def reply_to(self, message):
        return await self.discord.reply_to(message)

    async def settled(self):
        await self.discord.settled()

    @staticmethod
    def stands_below(reply, message):
        """Whether a reply is where answers to a message belong."""
        return reply.reference == message.id

    async def say(self, text, who=ann, channel=GENERAL):
        """Say something to nobody in particular."""
        return await self.discord.say(who, channel, text)

    async def whisper(self, text, who=ann):
        """Say something to the bot alone; what it says to that."""
        return await self.reply_to(await self.discord.say(who, self.discord.dm(who), text))

    async def whisper_patiently(self, text, who=ann):
        """The same with time to connect again."""
        said = await self.discord.say(who, self.discord.dm(who), text)
        return await self.discord.reply_to(said, timeout=30)

    async def command(self, text, who=ann, channel=GENERAL):
        """Use a slash command; what it says, to this person alone."""
        if who == self.kim:
            came = await self.discord.command(who, channel, "organizer", {"line": text}, sub="say")
        else:
            came = await self.discord.command(who, channel, "ask", {"question": text})
        return await self.reply_to(came)

    async def press(self, message, label, who=ann):
        """Press a button; what is said to that, whoever sees it."""
        before = self.all_seen()
        await self.discord.press(who, message, label)
        return await self.discord.until(lambda: self._new(before))

    async def nothing(self, before):
        """Whether nothing was said since, once all is dealt with."""
        await self.settled()
        await asyncio.sleep(0.1)
        return self._new(before) is None

    def _all(self):
        fake = self.discord
        said = [m for c in fake.channels.values() for m in c.log]
        said += [m for whispers in fake._whispers.values() for m in whispers]
        return [m for m in said if m.author == fake.bot_user and not m.deleted and not m.loading]

    def all_seen(self):
        """Everything that the bot shows at the moment."""
        return {(m.id, self.text(m)) for m in self._all()}

    def _new(self, before):
        fresh = [m for m in self._all() if (m.id, self.text(m)) not in before]
        return fresh[-1] if fresh else None

    def text(self, message):
        """What a reader sees, without what stands in the footer, and without escapes."""
        parts = [message.content]
        for embed in message.embeds:
            parts.append(embed.get("description", ""))
            parts += [f"{f['name']}: {f['value']}" for f in embed.get("fields", ())]
        return "\n".join(p for p in parts if p).replace("\\", "").replace("\u2060", "")

    def buttons(self, message):
        """The labels of what can be pressed or chosen."""
        return self.discord.buttons(message)

    def in_channel(self, channel=GENERAL):
        """What the bot has said there for all to see."""
        mine = [m for m in self.discord.messages(channel) if m.author == self.discord.bot_user]
        return [m for m in mine if not m.deleted]

    def alone_with(self, who):
        """What the bot has said to somebody alone."""
        return [self.text(m) for m in self.in_channel(self.discord.dm(who))]

    def posted(self, receipt):
        """The message of a receipt."""
        channel, id_, _ = receipt.id.split("/")
        return next(m for m in self.discord.messages(channel) if m.id == id_)

    def pings(self, message):
        """Whom a message would ping."""
        return self.discord.pings(message)

    def forge(self, message, token):
        """Let all buttons of a message send another token."""
        for row in message.components:
            for item in row["components"]:
                item["custom_id"] = f"plain:0:{token}"

    async def press_pretending(self, message, label, action_id, other):
        """Press a button in a payload that says that it is another one, under another message."""
        token = next(
            item["custom_id"].rpartition(":")[2]
            for row in message.components
            for item in row["components"]
            if item.get("label") == label
        )
        other.payload["components"] = [
            {
                "type": 1,
                "components": [
                    {"type": 2, "style": 1, "label": label, "custom_id": f"{action_id}:{token}"}
                ],
            }
        ]
        await self.press(other, label)

    async def open_form(self, message, label, who):
        """Press what opens a form; the form."""
        came = await self.discord.press(who, message, label)
        return await self.discord.reply_to(came)

    async def fill_in(self, form, values, who):
        """Send a form; what is said to it."""
        before = self.all_seen()
        await self.discord.submit(who, form, values)
        return await self.discord.until(lambda: self._new(before))

    # -- what the platform does --------------------------------------------------------------

    def place(self, channel=GENERAL):
        return Place(self.desk.event.id, self.name, channel, private=channel.startswith("@"))

    def since(self):
        """A moment before all posts, by the platform's own clock."""
        return self.discord.clock() - timedelta(minutes=1)

    def lose_the_next_answer(self):
        """Let the next post land, and its answer be lost."""
        self.discord.fail(POST, Fault.DROP_AFTER)

    def refuse_the_next(self, seconds):
        """Let the next posts be refused for a while, as often as they are tried."""
        self.discord.fail(POST, Fault.ratelimited(seconds), times=5)

    def drop_the_next(self):
        """Let the next post never arrive."""
        self.discord.fail(POST, Fault.DROP_BEFORE)

    async def hide_the_history(self):
        """Take away what it takes to look for posts."""
        self.discord.permit(GENERAL, history=False)
        await self.settled()

    def closed_places(self):
        """Channels that can't be posted to, and what is said about each."""
        return {
            READ_ONLY: "the bot may not post there; let it Send Messages and Embed Links",
            HIDDEN: "the bot can't see the channel; let it View Channel there",
            "900000000000009999": "there is no such channel, or the bot can't see it",
            "general": "general is no id of Discord's",
        }

    def cut(self):
        """Cut all connections."""
        self.discord.cut()

    def revoke(self):
        """Let no token be good any more."""
        self.discord.token = "another"  # noqa: S105 - a fake's

    async def without_store(self):
        """Let the store be out of reach from now on."""

        async def gone(*args, **kwargs):
            raise TryLater

        for name in ("begin", "finish", "noted", "turn", "amend", "number"):
            setattr(self.store, name, gone)
