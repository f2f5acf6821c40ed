"""The bot on a fake Slack: the real adapter, reception, desk and store, in one process."""

import asyncio
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import yaml

from adapters.slack.app import Slack
from adapters.slack.settings import Secrets, Settings
from bot.chat import Place
from bot.desk import Desk
from bot.engine import Engine
from bot.errors import TryLater
from bot.load.texts import FolderLoader
from bot.opening import Archive, served
from bot.reception import AtDesk, Reception
from bot.store import Store
from tests.conftest import FOLDERS, ROOT, language
from tests.fake_slack import FakeSlack, Fault, pings


AT = datetime.fromisoformat("2017-08-21T11:00:00-07:00")
GENERAL, PRIVATE, ELSEWHERE = "C0GENERAL", "C0PRIVATE", "C0ELSEWHERE"
ANN, BOB, KIM = "U0ANN", "U0BOB", "U0KIM"

MANIFEST = yaml.safe_load((ROOT / "deploy" / "slack-manifest.yaml").read_text(encoding="utf-8"))
SCOPES = frozenset(MANIFEST["oauth_config"]["scopes"]["bot"])
EVENTS = frozenset(MANIFEST["settings"]["event_subscriptions"]["bot_events"])


@dataclass
class Clock:
    """The clock of the workshop's day, which stands unless it is put on."""

    now: datetime = AT

    def __call__(self):
        return self.now


class Site:
    """A workspace, and the bot in it: `async with Site() as site`.

    The app is as the manifest makes it. The organizer is Kim; the bot is in the general channel and in
    a private one. What differs between platforms has the same name in each platform's site.
    """

    name = "slack"
    ann, bob, kim = ANN, BOB, KIM
    too_long = 7  # seconds that a post isn't kept waiting for
    organizers = frozenset({f"slack:{KIM}"})

    def __init__(self, event="kbnets17", at=AT, *, strict=True, **settings):
        self.slack = FakeSlack(strict=strict)
        self.slack.scopes, self.slack.events = set(SCOPES), set(EVENTS)
        self.clock = Clock(datetime.fromisoformat(at) if isinstance(at, str) else at)
        self.event = event
        self.desk: Any = None
        self.settings = settings
        self.tokens = count(1)
        self.waits = []
        self.running: Any = None

    async def __aenter__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.store = Store(str(Path(self.folder.name, "site.sqlite")))
        loader = FolderLoader(FOLDERS[self.event])
        edition, _ = await served(self.store, loader, self.clock(), lasting=True)
        archive = Archive(self.store, loader, self.clock)
        engine = Engine(edition.event, language())
        self.desk = Desk(engine, edition, archive.keep, archive, archive)
        await self.slack.__aenter__()
        for id_, name in ((ANN, "ann"), (BOB, "bob"), (KIM, "kim")):
            self.slack.add_user(id_, name)
        self.slack.add_channel(GENERAL, "general", [ANN, BOB, KIM])
        self.slack.add_channel(PRIVATE, "private", [ANN, KIM], private=True)
        self.slack.add_channel(ELSEWHERE, "elsewhere", [ANN, KIM], bot=False)
        await self.start()
        return self

    async def __aexit__(self, broken, *_):
        await self.stop()
        invalid = [each for each in self.slack.refused if each[2]]
        assert broken is not None or not invalid
        await self.store.close()
        await self.slack.__aexit__(None, None, None)
        self.folder.cleanup()

    # -- the bot's lives ---------------------------------------------------------------------

    def made(self):
        """A bot that isn't running yet, with a reception of its own on the same store."""
        at_desk = AtDesk(self.desk, frozenset({f"slack:{GENERAL}"}), self.organizers)
        self.reception = Reception(
            {self.desk.event.id: at_desk},
            self.clock,
            self.store,
            lambda: f"token{next(self.tokens)}",
        )
        commands = {"/kbnets": self.desk.event.id}
        self.secrets = Secrets(
            self.slack.bot_token,
            self.slack.app_token,
            self.slack.signing_secret,
            self.slack.api_url,
        )
        settings = Settings(commands, people=frozenset({KIM}), **self.settings)
        return Slack(settings, self.secrets, self.store, self.clock, self.pause)

    async def start(self):
        """Let the bot run until it is connected."""
        self.bot = self.made()
        self.running = asyncio.create_task(self.bot.run(self.reception))
        if self.settings.get("listen") is None:
            there = asyncio.create_task(self.slack.until(lambda: self.slack.sockets))
            await asyncio.wait({there, self.running}, return_when=asyncio.FIRST_COMPLETED)
            there.cancel()

    async def stop(self):
        """Let the bot end."""
        self.running.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await self.running

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

    async def ask(self, text, who=ANN, channel=GENERAL, thread=None):
        """Mention the bot; what it says to that."""
        return await self.slack.reply_to(await self.mention(text, who, channel, thread))

    async def mention(self, text, who=ANN, channel=GENERAL, thread=None):
        return await self.slack.say(who, channel, f"<@{self.slack.bot_user}> {text}", thread)

    async def mention_twice(self, text):
        """The same, sent again and again as if nobody had heard it."""
        self.slack.ack_timeout = 0.0
        await self.mention(text)
        await self.slack.until(lambda: self.slack.unacked)
        await self.settled()

    async def reply_to(self, message):
        return await self.slack.reply_to(message)

    async def settled(self):
        await self.slack.settled()

    @staticmethod
    def stands_below(reply, message):
        """Whether a reply is where answers to a message belong."""
        return reply.thread_ts == message.ts

    async def say(self, text, who=ANN, channel=GENERAL, thread=None):
        """Say something to nobody in particular."""
        return await self.slack.say(who, channel, text, thread)

    async def whisper(self, text, who=ANN):
        """Say something to the bot alone; what it says to that."""
        return await self.slack.reply_to(await self.slack.say(who, self.slack.im(who), text))

    async def command(self, text, who=ANN, channel=GENERAL):
        """Use the slash command; what it says, to this person alone."""
        return await self.slack.reply_to(await self.slack.command(who, channel, "/kbnets", text))

    async def press(self, message, label, who=ANN):
        """Press a button; what is said to that, whoever sees it."""
        before = self.all_seen()
        await self.slack.press(who, message, label)
        return await self.slack.until(lambda: self._new(before))

    async def nothing(self, before):
        """Whether nothing was said since, once all is dealt with."""
        await self.slack.settled()
        await asyncio.sleep(0.1)
        return self._new(before) is None

    def all_seen(self):
        """Everything that the bot shows at the moment."""
        said = [m for c in self.slack.channels.values() for m in c.log if m.bot_id]
        said += [m for whispers in self.slack._whispers.values() for m in whispers]
        return {(m.channel, m.ts, m.text) for m in said if not m.deleted}

    def _new(self, before):
        said = [m for c in self.slack.channels.values() for m in c.log if m.bot_id]
        said += [m for whispers in self.slack._whispers.values() for m in whispers]
        fresh = [m for m in said if (m.channel, m.ts, m.text) not in before and not m.deleted]
        return fresh[-1] if fresh else None

    @staticmethod
    def text(message):
        """What a screen reader says."""
        return message.text

    @staticmethod
    def buttons(message):
        """The labels of what can be pressed or chosen."""
        found = []
        for block in message.blocks:
            for element in block.get("elements", ()) if block["type"] == "actions" else ():
                if element["type"] == "button":
                    found.append(element["text"]["text"])
                else:
                    found += [option["text"]["text"] for option in element["options"]]
        return found

    def in_channel(self, channel=GENERAL):
        """What the bot has said there for all to see."""
        return [m for m in self.slack.messages(channel) if m.bot_id and not m.deleted]

    # -- what the platform does --------------------------------------------------------------

    def place(self, channel=GENERAL):
        return Place(self.desk.event.id, self.name, channel, private=channel.startswith("@"))

    def lose_the_next_answer(self):
        """Let the next post land, and its answer be lost."""
        self.slack.fail("chat.postMessage", Fault.DROP_AFTER)

    def refuse_the_next(self, seconds):
        """Let the next post be refused for a while."""
        self.slack.fail("chat.postMessage", Fault.ratelimited(seconds))

    def drop_the_next(self):
        """Let the next post never arrive."""
        self.slack.fail("chat.postMessage", Fault.DROP_BEFORE)

    def since(self):
        """A moment before all posts, by the platform's own clock."""
        return self.slack.clock() - timedelta(minutes=1)

    async def hide_the_history(self):
        """Take away what it takes to look for posts."""
        self.slack.scopes -= {"channels:history", "groups:history"}

    def closed_places(self):
        """Channels that can't be posted to, and what is said about each."""
        self.slack.channels[PRIVATE].archived = True
        return {
            ELSEWHERE: "the bot isn't in the channel; invite it there: /invite @its-name",
            PRIVATE: "the channel is archived; name another one in bot.yaml",
            "C0NOWHERE": "there is no such channel, or it is private and the bot isn't in it",
        }

    def posted(self, receipt):
        """The message of a receipt."""
        channel, _, ts = receipt.id.partition("/")
        return next(m for m in self.slack.messages(channel) if m.ts == ts)

    def alone_with(self, who):
        """What the bot has said to somebody alone."""
        return [m.text for m in self.in_channel(self.slack.im(who))]

    def pings(self, message):
        """Whom a message would ping, and what in it is a link."""
        return pings(message.payload)

    def forge(self, message, token):
        """Let all buttons of a message send another token."""
        for block in message.blocks:
            for element in block.get("elements", ()) if block["type"] == "actions" else ():
                element["value"] = token

    async def without_store(self):
        """Let the store be out of reach from now on."""

        async def gone(*args, **kwargs):
            raise TryLater

        for name in ("begin", "finish", "noted", "turn", "amend", "number"):
            setattr(self.store, name, gone)

    async def press_pretending(self, message, label, action_id, other):
        """Press a button in a payload that says that it is another one, under another message."""
        fake: Any = self.slack
        deliver = fake._deliver

        async def forged(kind, payload, **more):
            action = payload["actions"][0]
            box = payload["container"] | {"message_ts": other.ts}
            forged = payload | {"actions": [action | {"action_id": action_id}], "container": box}
            return await deliver(kind, forged, **more)

        fake._deliver = forged
        await self.press(message, label)

    async def open_form(self, message, label, who):
        """Press what opens a form; the form."""
        await self.slack.press(who, message, label)
        return await self.slack.until(lambda: self.slack.modals and self.slack.modals[-1])

    async def fill_in(self, form, values, who):
        """Send a form; what is said to it."""
        before = self.all_seen()
        await self.slack.submit(who, form, values)
        return await self.slack.until(lambda: self._new(before))

    def cut(self):
        """Cut all connections."""
        self.slack.cut()

    async def whisper_patiently(self, text, who=ANN):
        """The same as `whisper`, with time to connect again."""
        said = await self.slack.say(who, self.slack.im(who), text)
        return await self.slack.reply_to(said, timeout=30)

    revoked = "the token in SLACK_BOT_TOKEN was revoked; install the app to the workspace anew"

    def revoke(self):
        """Let no token be good any more."""
        self.slack.auth_error = "token_revoked"
