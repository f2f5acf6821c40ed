"""The bot as it is started for Slack, in a process of its own, against the fake."""

import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager
from datetime import timedelta

from adapters.slack.questions import Back
from bot.chat import Asker, Place, Question
from bot.reception import _to_json
from bot.store import Store
from tests.conftest import FOLDERS, ROOT
from tests.fake_slack import FakeSlack
from tests.slack_site import ANN, ELSEWHERE, GENERAL, KIM, SCOPES


CONFIG = """\
store: kept.sqlite
events:
  - folder: {folder}
    audiences:
      program: [slack:{general}, slack:{elsewhere}]
      authors: terminal:authors
    slack:
      command: /kbnets
      organizers: [{kim}]
"""


@asynccontextmanager
async def workspace(tmp_path):
    config = CONFIG.format(
        folder=FOLDERS["kbnets17"], general=GENERAL, elsewhere=ELSEWHERE, kim=KIM
    )
    (tmp_path / "bot.yaml").write_text(config, encoding="utf-8")
    async with FakeSlack() as slack:
        slack.scopes = set(SCOPES)
        for user in (ANN, KIM):
            slack.add_user(user)
        slack.add_channel(GENERAL, "general", [ANN, KIM])
        slack.add_channel(ELSEWHERE, "elsewhere", [ANN], bot=False)
        yield slack


async def started(slack, tmp_path, *words, **environment):
    secrets = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
    }
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *words,
        "--config",
        "bot.yaml",
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), **secrets, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def ended(process):
    """The exit code, and what was written on both streams."""
    out, err = await asyncio.wait_for(process.communicate(), 30)
    return process.returncode, out.decode(), err.decode()


def test_run_answers_on_slack_posts_there_and_stops_when_told(tmp_path):
    async def scenario():
        async with workspace(tmp_path) as slack:
            await ended(await started(slack, tmp_path, "test", f"slack:{GENERAL}"))
            bot = await started(slack, tmp_path, "run")
            await slack.until(lambda: slack.sockets, timeout=20)
            asked = await slack.say(ANN, GENERAL, f"<@{slack.bot_user}> where was lunch?")
            reply = await slack.reply_to(asked, timeout=20)
            command = await slack.command(KIM, GENERAL, "/kbnets", "remember wifi: it is bypass")
            preview = await slack.reply_to(command)
            await slack.press(KIM, preview, "Yes")
            await slack.until(lambda: "Done:" in preview.text)
            sample = await slack.until(
                lambda: [m for m in slack.messages(GENERAL) if "This is a test" in m.text], 20
            )
            bot.send_signal(signal.SIGTERM)
            code, _, err = await ended(bot)
            changes = await ended(await started(slack, tmp_path, "changes"))
            return reply.text, len(sample), code, err, changes[1]

    reply, samples, code, err, changes = asyncio.run(scenario())
    assert "Centennial Terrace" in reply
    assert samples == 1
    assert code == 0
    assert "u0kim (slack:U0KIM): remember wifi: it is bypass" in changes
    assert "xoxb" not in err
    assert "lunch" not in err


def test_what_a_bot_that_is_gone_took_is_answered_by_the_next_whatever_else_lies_there(tmp_path):
    async def scenario():
        async with workspace(tmp_path) as slack:
            await ended(await started(slack, tmp_path, "changes"))
            store = Store(str(tmp_path / "kept.sqlite"))
            now = slack.clock() - timedelta(seconds=30)
            said = await slack.say(ANN, GENERAL, "where was lunch?")  # nobody is there to hear it
            question = Question(
                "q1",
                "where was lunch?",
                Asker(ANN),
                Place("", "slack", GENERAL, said.ts),
                now,
                back=str(Back(GENERAL, said.ts)),
            )
            await store.begin("kbnets17", ["slack:bad"], {"nobody": "knows this"}, now)
            await store.begin("kbnets17", ["slack:worse"], _to_json(question) | {"back": "{"}, now)
            await store.begin("kbnets17", ["slack:q1"], _to_json(question), now)
            await store.close()
            bot = await started(slack, tmp_path, "run")
            reply = await slack.reply_to(said, timeout=40)
            bot.send_signal(signal.SIGTERM)
            code, _, err = await ended(bot)
            return reply.text, code, err

    reply, code, err = asyncio.run(scenario())
    assert "Centennial Terrace" in reply
    assert code == 0
    assert "what was left could not be answered" in err
    assert "lunch" not in err


def test_a_token_that_is_not_good_ends_run_with_one_sentence(tmp_path):
    async def scenario():
        async with workspace(tmp_path) as slack:
            bot = await started(slack, tmp_path, "run", SLACK_BOT_TOKEN="xoxb-other")
            code, _, err = await ended(bot)
            missing = await ended(await started(slack, tmp_path, "run", SLACK_APP_TOKEN=""))
            return code, err.splitlines()[-1], missing

    code, last, missing = asyncio.run(scenario())
    assert code == 2
    assert last == (
        "Slack doesn't know the token in SLACK_BOT_TOKEN; copy it anew from the app's settings"
    )
    assert missing[:2] == (2, "")
    assert missing[2].startswith(
        "SLACK_APP_TOKEN isn't set; the app's settings at Slack show it under"
    )


def test_doctor_says_what_is_well_and_what_to_fix(tmp_path):
    async def scenario():
        async with workspace(tmp_path) as slack:
            sick = await ended(await started(slack, tmp_path, "doctor"))
            slack.add_channel(ELSEWHERE, "elsewhere", [ANN])
            well = await ended(await started(slack, tmp_path, "doctor"))
            return sick, well

    (code, out, err), (well, told, _) = asyncio.run(scenario())
    assert (code, well) == (1, 0)
    assert err == ""
    assert f"well: slack: slack:{GENERAL} (#general)" in out
    assert f"to fix: slack: slack:{ELSEWHERE} (#elsewhere)\n    the bot isn't in the channel" in out
    assert "to fix" not in told
