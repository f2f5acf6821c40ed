"""What a question costs on Discord, next to a bare discord.py handler.

The fake Discord runs in a process of its own and takes the times: from when somebody says something to
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
from datetime import timedelta
from pathlib import Path

import discord
import yarl

from adapters.discord import app, look
from adapters.discord.app import Discord
from adapters.discord.settings import Secrets, Settings
from bot.chat import Budget
from bot.desk import Desk
from bot.engine import Engine
from bot.load import load
from bot.reception import AtDesk, Reception
from bot.store import Store
from tests.bench_slack import ALONE, ASKED, AT, Now, pause, timed
from tests.conftest import FOLDERS, ROOT, language


GUILD, CHANNEL, ANN = "900000000000000000", "900000000000000001", "900000000000000002"


async def scenario():
    """Mention the bot again and again, each time when it has replied; print the seconds as JSON."""
    from tests.fake_discord import FakeDiscord  # noqa: PLC0415 - the other side doesn't need it

    async with FakeDiscord() as fake:
        fake.add_guild(GUILD, "workshop")
        fake.add_channel(GUILD, "general", id=CHANNEL)
        fake.add_user("ann", id=ANN)
        fake.add_member(GUILD, ANN)
        print(json.dumps([fake.token, fake.api_url, fake.gateway_url]), flush=True)
        await fake.connected(timeout=60)
        await asyncio.sleep(3)
        times = []
        for number in range(ALONE):
            begin = time.perf_counter()
            said = await fake.say(ANN, CHANNEL, ASKED[number % len(ASKED)], mention=True)
            await fake.reply_to(said)
            times.append(time.perf_counter() - begin)
        print(json.dumps(times[ALONE // 10 :]), flush=True)


@asynccontextmanager
async def bare(store, token, api, gateway):
    """discord.py with one handler: a durable insert, then a constant."""
    discord.http.Route.BASE = api
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
    client = discord.Client(intents=discord.Intents(guilds=True, guild_messages=True))

    @client.event
    async def on_message(message):
        if not message.author.bot:
            await store.begin("x", [str(message.id)], {"text": message.content}, AT)
            await message.reply("A constant.", mention_author=False)

    running = asyncio.create_task(client.start(token))
    try:
        yield
    finally:
        await client.close()
        await running


@asynccontextmanager
async def ours(store, token, api, gateway, parts=None):
    """The bot as it runs; the seconds that each part took go to `parts`."""
    clock = Now()
    desk = Desk(Engine(load(FOLDERS["kbnets17"]), language()))
    event = desk.event
    reception = Reception({event.id: AtDesk(desk)}, clock, store, lambda: secrets.token_urlsafe(12))
    settings = Settings({int(GUILD): {event.id: event.short}})
    bot = Discord(settings, Secrets(token, api, gateway), store, clock, pause)
    if parts is not None:
        timed(reception, "take", parts["inbox"])
        timed(reception._keeping, "finish", parts["inbox again"])
        timed(desk, "heard", parts["engine"])
        timed(bot, "_send", parts["post"])
    running = asyncio.create_task(bot.run(reception))
    try:
        yield
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def against(bot, **more):
    """The seconds that each mention took with a bot."""
    fake = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bench_discord",
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        limit=2**24,
    )
    assert fake.stdout is not None
    told = json.loads(await fake.stdout.readline())
    with tempfile.TemporaryDirectory() as folder:
        store = Store(str(Path(folder, "bench.sqlite")))
        try:
            async with bot(store, *told, **more):
                result = json.loads(await fake.stdout.readline())
        finally:
            await store.close()
    await fake.wait()
    return result


def alone():
    """The medians of one question at a time, in ms: ours, the bare handler's, and ours by parts."""
    vars(app)["ALL"] = Budget(
        "discord", timedelta(microseconds=1), 1_000
    )  # its own pace is off, as Slack's is
    parts: dict[str, list[float]] = {"inbox": [], "inbox again": [], "engine": [], "post": []}
    rendering: list[float] = []
    render = look.message

    def message(*args, **kwargs):
        begin = time.perf_counter()
        try:
            return render(*args, **kwargs)
        finally:
            rendering.append(time.perf_counter() - begin)

    look.message = message
    try:
        mine = [asyncio.run(against(ours, parts=parts))]
        theirs = [asyncio.run(against(bare))]
        mine.append(asyncio.run(against(ours)))
        theirs.append(asyncio.run(against(bare)))
    finally:
        look.message = render
    median = {name: statistics.median(times) * 1e3 for name, times in parts.items()}
    median["rendering"] = statistics.median(rendering) * 1e3
    return (
        min(statistics.median(t) for t in mine) * 1e3,
        min(statistics.median(t) for t in theirs) * 1e3,
        median,
    )


if __name__ == "__main__":
    asyncio.run(scenario())
