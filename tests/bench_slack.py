"""What a question costs on Slack, next to a bare Bolt handler; and many of them at once.

The fake Slack runs in a process of its own and takes the times: from when somebody says something to
when the reply arrives.
"""

import asyncio
import json
import secrets
import statistics
import sys
import tempfile
import time
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import look
from adapters.slack.app import Slack
from adapters.slack.settings import Secrets, Settings
from bot.desk import Desk
from bot.engine import Engine
from bot.load import load
from bot.reception import AtDesk, Reception
from bot.store import Store
from tests.conftest import FOLDERS, ROOT, language


AT = datetime.fromisoformat("2017-08-21T11:00:00-07:00")
ASKED = (
    "when is lunch?",
    "who chairs session 2?",
    "talks on rdma",
    "where is keynote 2",
    "tell me about the quic talk",
    "what's next?",
    "when was the submission deadline",
    "who is costin raiciu",
)
ALONE = 300
RATE, SECONDS, CONVERSATIONS = 200, 60, 400


# -- the fake's side -------------------------------------------------------------------------


async def scenario(kind):
    """Say what is to be said, and print what came of it as JSON."""
    from tests.fake_slack import FakeSlack  # noqa: PLC0415 - the other side doesn't need it

    async with FakeSlack(strict=kind != "many") as slack:
        for number in range(CONVERSATIONS):
            slack.add_user(f"U{number}", f"u{number}")
        for number in range(ALONE):
            slack.add_channel(f"C{number}", f"c{number}", ["U1"])
        print(json.dumps([slack.bot_token, slack.app_token, slack.api_url]), flush=True)
        await slack.until(lambda: slack.sockets, timeout=60)
        await asyncio.sleep(0.5)
        result = await (one_by_one(slack) if kind == "one" else many(slack))
        print(json.dumps(result), flush=True)


async def one_by_one(slack):
    """Mentions, each in a channel of its own when the last one has its reply: seconds."""
    times = []
    for number in range(ALONE):
        text = f"<@{slack.bot_user}> {ASKED[number % len(ASKED)]}"
        begin = time.perf_counter()
        said = await slack.say("U1", f"C{number}", text)
        await slack.reply_to(said)
        times.append(time.perf_counter() - begin)
    return times[ALONE // 10 :]


async def many(slack):
    """So many questions a second over so many conversations: how many were answered, acked, when."""
    said, loop = [], asyncio.get_running_loop()
    begin = loop.time()
    for number in range(RATE * SECONDS):
        await asyncio.sleep(max(0.0, begin + number / RATE - loop.time()))
        user = f"U{number % CONVERSATIONS}"
        said.append(await slack.say(user, slack.im(user), ASKED[number % len(ASKED)]))
    sent = loop.time() - begin
    replies = {m.channel: 0 for m in said}

    def answered():
        for channel in replies:
            replies[channel] = sum(m.bot_id is not None for m in slack.channels[channel].log)
        return sum(replies.values()) >= len(said)

    with suppress(TimeoutError):
        while not answered():
            await asyncio.sleep(0.5)
            if loop.time() - begin > SECONDS + 30:
                break
    return {
        "asked": len(said),
        "answered": sum(replies.values()),
        "sent": sent,
        "took": loop.time() - begin,
        "acks": max(slack.acks.values()),
        "unacked": slack.unacked,
    }


# -- the bots --------------------------------------------------------------------------------


class Now:
    """The clock of the workshop's day, going on from a moment."""

    def __init__(self):
        self.begin = time.monotonic()

    def __call__(self):
        return AT + timedelta(seconds=time.monotonic() - self.begin)


async def pause(length):
    await asyncio.sleep(length.total_seconds())


@asynccontextmanager
async def bare(store, bot_token, app_token, api):
    """Bolt with one handler: a durable insert, then a constant."""
    client = AsyncWebClient(bot_token, base_url=api)
    app = AsyncApp(client=client, signing_secret="")

    @app.event("app_mention")
    async def heard(body, say):
        await store.begin("x", [body["event_id"]], {"text": body["event"]["text"]}, AT)
        await say("A constant.", thread_ts=body["event"]["ts"])

    @app.event("message")
    async def unheard():
        pass

    handler = AsyncSocketModeHandler(app, app_token)
    await handler.connect_async()
    try:
        yield
    finally:
        await handler.close_async()


@asynccontextmanager
async def ours(store, bot_token, app_token, api, parts=None):
    """The bot as it runs; the seconds that each part took go to `parts`."""
    clock = Now()
    desk = Desk(Engine(load(FOLDERS["kbnets17"]), language()))
    event = desk.event.id
    reception = Reception({event: AtDesk(desk)}, clock, store, lambda: secrets.token_urlsafe(12))
    settings = Settings({"/kbnets": event}, per_minute=1_000_000)
    slack = Slack(settings, Secrets(bot_token, app_token, "", api), store, clock, pause)
    if parts is not None:
        timed(reception, "take", parts["inbox"])
        timed(reception._keeping, "finish", parts["inbox again"])
        timed(desk, "heard", parts["engine"])
        timed(slack, "_patiently", parts["post"])
    running = asyncio.create_task(slack.run(reception))
    try:
        yield
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


def timed(thing, name, times):
    """Let a method note how long it takes."""
    method = getattr(thing, name)

    async def taken(*args, **kwargs):
        begin = time.perf_counter()
        try:
            return await method(*args, **kwargs)
        finally:
            times.append(time.perf_counter() - begin)

    setattr(thing, name, taken)


async def against(kind, bot, **more):
    """What a scenario of the fake comes to with a bot."""
    fake = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bench_slack",
        kind,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        limit=2**24,
    )
    assert fake.stdout is not None
    tokens = json.loads(await fake.stdout.readline())
    with tempfile.TemporaryDirectory() as folder:
        store = Store(str(Path(folder, "bench.sqlite")))
        try:
            async with bot(store, *tokens, **more):
                result = json.loads(await fake.stdout.readline())
        finally:
            await store.close()
    await fake.wait()
    return result


def alone():
    """The medians of one question at a time, in ms: ours, bare Bolt's, and ours by parts."""
    parts: dict[str, list[float]] = {"inbox": [], "inbox again": [], "engine": [], "post": []}
    rendering = []
    render = look.message

    def message(*args, **kwargs):
        begin = time.perf_counter()
        try:
            return render(*args, **kwargs)
        finally:
            rendering.append(time.perf_counter() - begin)

    look.message = message
    try:
        mine = [asyncio.run(against("one", ours, parts=parts))]
        theirs = [asyncio.run(against("one", bare))]
        mine.append(asyncio.run(against("one", ours)))
        theirs.append(asyncio.run(against("one", bare)))
    finally:
        look.message = render
    median = {name: statistics.median(times) * 1e3 for name, times in parts.items()}
    median["rendering"] = statistics.median(rendering) * 1e3
    return (
        min(statistics.median(t) for t in mine) * 1e3,
        min(statistics.median(t) for t in theirs) * 1e3,
        median,
    )


def flood():
    """What becomes of very many questions."""
    return asyncio.run(against("many", ours))


if __name__ == "__main__":
    asyncio.run(scenario(sys.argv[1]))
