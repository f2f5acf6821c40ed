"""The sample workshop's day on a fake Slack full of trouble: each notice once, in time or with a reason."""

import asyncio
import random

import pytest

from adapters.slack.app import Slack
from adapters.slack.settings import Secrets, Settings
from bot.amend import Edition
from bot.courier import Courier
from bot.desk import Desk
from bot.engine import Engine
from bot.errand import Means
from bot.load import load
from bot.notices import Routes
from bot.ports import Surroundings
from bot.reception import AtDesk, Reception
from bot.wound import Over, WoundClock
from tests.conftest import FOLDERS, language
from tests.fake_slack import FakeSlack, Fault
from tests.fakes import MemoryEditions, MemoryOutbox


TROUBLE = (
    None,
    None,
    Fault.DROP_AFTER,
    Fault.DROP_BEFORE,
    Fault.ratelimited(3),
    Fault.status(503),
    Fault.error("fatal_error", lands=True),
)


async def day(seed):
    """Everything that was posted while posts met trouble at random; and the ledger."""
    event = load(FOLDERS["kbnets17"])
    begin, end = (event.sessions[0].occurrences[0].start.replace(hour=h) for h in (6, 19))
    outbox, dice = MemoryOutbox(), random.Random(seed)
    couriers: list[Courier] = []

    async def settled():
        for courier in couriers:
            await courier.settled()

    clock = WoundClock(begin, end, settled)
    async with FakeSlack(clock=clock) as slack:
        slack.add_user("U0ANN", "ann")
        slack.add_channel("C0PROGRAM", "program")
        slack.add_channel("C0TEAM", "team")
        for _ in range(40):
            trouble = dice.choice(TROUBLE)
            slack.fail("chat.postMessage", trouble or Fault.slow(0))
        secrets = Secrets(slack.bot_token, slack.app_token, "", slack.api_url)
        bot = Slack(Settings(), secrets, outbox, clock, clock.pause)
        desk = Desk(Engine(event, language()))
        reception = Reception({event.id: AtDesk(desk)}, clock, MemoryEditions())
        running = asyncio.create_task(bot.run(reception))
        await slack.until(lambda: slack.sockets)
        routes = Routes(
            {"program": ("slack:C0PROGRAM",), "organizers": ("slack:C0TEAM",)},
            {"costin-raiciu": "slack:@U0ANN"},
        )
        around = Surroundings(clock, clock, dice.random, "one")

        async def edition():
            return Edition(1, event, event)

        couriers.append(Courier(edition, Means(outbox, {"slack": bot}, routes, around)))
        try:
            await couriers[0].run()
        except Over:
            pass
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        posts = [m for c in slack.channels.values() for m in c.log if m.bot_id]
        return posts, await outbox.ledger(event.id), slack.refused


@pytest.mark.parametrize("seed", range(3))
def test_through_all_trouble_each_notice_is_posted_once(seed):
    posts, ledger, refused = asyncio.run(day(seed))

    keys = [m.metadata["event_payload"]["key"] for m in posts]
    sent = [d.name for d in ledger if d.state == "sent"]
    assert len(keys) == len(set(keys))
    assert sorted(keys) == sorted(sent)
    assert {str(d.state) for d in ledger} <= {"sent", "skipped"}
    assert len(sent) >= 8
    assert not refused
