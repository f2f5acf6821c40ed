"""The bot as it is started for both platforms, in a process of its own, against the fakes."""

import asyncio
import os
import signal
import sys

from tests.conftest import FOLDERS, ROOT
from tests.fake_discord import FakeDiscord
from tests.fake_slack import FakeSlack


SERVER, CHANNEL, CLOSED, ANN = (f"90000000000000000{n}" for n in range(4))
CONFIG = """\
store: kept.sqlite
events:
  - folder: {folder}
    audiences:
      program: [discord:{channel}, discord:{closed}]
      authors: terminal:authors
    slack: {{command: /kbnets, organizers: U0KIM}}
    discord:
      server: {server}
      organizers: 900000000000000009
"""


def world(fake):
    fake.add_guild(SERVER, "workshop")
    fake.add_channel(SERVER, "general", id=CHANNEL)
    fake.add_channel(SERVER, "closed", id=CLOSED, writable=False)
    fake.add_user("ann", id=ANN)
    fake.add_member(SERVER, ANN)


async def started(slack, fake, tmp_path, *words):
    config = CONFIG.format(
        folder=FOLDERS["kbnets17"], channel=CHANNEL, closed=CLOSED, server=SERVER
    )
    (tmp_path / "bot.yaml").write_text(config, encoding="utf-8")
    environment = {
        "SLACK_BOT_TOKEN": "xoxb-not-good",
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "DISCORD_TOKEN": fake.token,
        "DISCORD_API_URL": fake.api_url,
        "DISCORD_GATEWAY_URL": fake.gateway_url,
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
    }
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *words,
        cwd=tmp_path,
        env=os.environ | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def ended(process):
    out, err = await asyncio.wait_for(process.communicate(), 30)
    return process.returncode, out.decode(), err.decode()


def test_a_platform_that_will_not_have_the_bot_does_not_stop_the_other(tmp_path):
    async def scenario():
        async with FakeSlack() as slack, FakeDiscord() as fake:
            world(fake)
            bot = await started(slack, fake, tmp_path, "run")
            await fake.until(lambda: fake.registered(SERVER), timeout=20)
            said = await fake.say(ANN, CHANNEL, "where was lunch?", mention=True)
            reply = await fake.reply_to(said, timeout=10)
            bot.send_signal(signal.SIGTERM)
            return fake.text(reply), await ended(bot), fake.token

    text, (code, _, err), token = asyncio.run(scenario())
    assert "Centennial Terrace" in text
    assert code == 0
    assert "slack is left out: Slack doesn't know the token in SLACK_BOT_TOKEN" in err
    assert token not in err


def test_doctor_looks_at_both_platforms(tmp_path):
    async def scenario():
        async with FakeSlack() as slack, FakeDiscord() as fake:
            world(fake)
            return await ended(await started(slack, fake, tmp_path, "doctor"))

    code, out, _ = asyncio.run(scenario())
    assert code == 1
    assert "to fix: slack: SLACK_BOT_TOKEN" in out
    assert f"well: discord: server {SERVER} (workshop)" in out
    assert f"well: discord: discord:{CHANNEL} (#general)" in out
    assert f"to fix: discord: discord:{CLOSED} (#closed)\n    let the bot Send Messages" in out
