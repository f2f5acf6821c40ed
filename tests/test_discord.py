"""Discord: the real discord.py against a fake Discord, over HTTP and a WebSocket."""

import asyncio
import logging
from datetime import timedelta

import discord
import pytest

from adapters.discord.settings import secrets_of
from bot.errors import BadConfig, InDoubt, Refused, TryLater
from tests.adapter_contract import Contract, said
from tests.discord_site import GENERAL, GUILD, ORGANIZER, POST, Site
from tests.fake_discord import Fault


class TestContract(Contract):
    site = Site


def run(scenario, **more):
    async def inside():
        async with Site(**more) as site:
            return await scenario(site)

    return asyncio.run(inside())


# -- what is for the bot ---------------------------------------------------------------------


def test_a_reply_that_pings_the_bot_is_a_follow_up():
    async def scenario(site):
        answer = await site.ask("when is lunch?")
        further = await site.discord.say(site.ann, GENERAL, "and where?", answer, mention=True)
        return site.text(await site.reply_to(further))

    assert "Centennial Terrace" in run(scenario)


def test_what_bots_say_is_not_heard():
    async def scenario(site):
        site.discord.add_user("other", id="900000000000000199", bot=True)
        site.discord.add_member(GUILD, "900000000000000199")
        before = site.all_seen()
        await site.mention("when is lunch?", "900000000000000199")
        return await site.nothing(before)

    assert run(scenario)


def test_in_a_thread_everybody_shares_the_conversation():
    async def scenario(site):
        thread = site.discord.add_channel(GUILD, "about lunch", parent=GENERAL)
        await site.settled()
        await site.ask("when is lunch?", site.ann, thread)
        return site.text(await site.ask("and where?", site.bob, thread))

    assert "Centennial Terrace" in run(scenario)


# -- commands --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "options", "text"),
    [
        ("ask", {"question": "when is lunch?"}, "12:30 pm"),
        ("now", {}, "Session 1"),
        ("next", {}, "Lunch Break"),
        ("program", {}, "Keynote 2"),
        ("program", {"day": "monday"}, "Keynote 2"),
        ("talk", {"title": "QUIC"}, "cQUIC"),
        ("person", {"name": "Costin Raiciu"}, "Session 1"),
        ("deadlines", {}, "Camera ready deadline"),
        ("help", {}, "I answer questions about"),
    ],
)
def test_each_command_answers_whoever_gave_it_alone(name, options, text):
    async def scenario(site):
        came = await site.discord.command(site.ann, GENERAL, name, options)
        reply = await site.reply_to(came)
        return site.text(reply), reply.ephemeral

    told, alone = run(scenario)
    assert text in told
    assert alone


def test_a_command_may_share_its_answer_with_all():
    async def scenario(site):
        options = {"question": "what is the wifi password", "share": True}
        came = await site.discord.command(site.ann, GENERAL, "ask", options)
        reply = await site.reply_to(came)
        secret = [f.text for f in site.desk.event.infos if f.audience == "private"]
        return reply.ephemeral, site.text(reply), secret

    ephemeral, told, secret = run(scenario, event="tidal", at="2019-10-08T11:00:00+02:00")
    assert not ephemeral
    assert not any(s in told for s in secret)


def test_names_are_completed_while_they_are_typed():
    async def scenario(site):
        found = []
        for command, option, typed in (
            ("talk", "title", "qiuc"),
            ("talk", "title", "memc"),
            ("person", "name", "raicu"),
        ):
            choices = await site.discord.autocomplete(site.ann, GENERAL, command, option, typed)
            found.append(choices[0]["value"] if choices else "")
        many = await site.discord.autocomplete(site.ann, GENERAL, "person", "name", "")
        return found, len(many)

    found, many = run(scenario)
    assert found[1:] == [
        "LogMemcached - An RDMA based Continuous Cache Replication",
        "Costin Raiciu",
    ]
    assert many == 25


def test_commands_are_told_to_a_server_once_and_again_only_when_they_changed():
    async def scenario(site):
        route = "PUT /applications/{}/guilds/{}/commands"
        first = site.discord.calls[route]
        await site.stop()
        await site.start()
        await site.whisper("when is lunch?")
        same = site.discord.calls[route]
        site.discord.reconnect()
        await site.whisper_patiently("and where?")
        return first, same, site.discord.calls[route]

    assert run(scenario) == (1, 1, 1)


def test_organizers_commands_are_hidden_from_others_and_refused_if_they_are_forged():
    async def scenario(site):
        with pytest.raises(LookupError):
            await site.discord.command(
                site.ann, GENERAL, "organizer", {"line": "cancel lunch"}, sub="say"
            )
        forged = await site.discord.command(
            site.ann, GENERAL, "organizer", {"line": "cancel lunch"}, sub="say", forced=True
        )
        return site.text(await site.reply_to(forged)), site.desk.edition.log

    told, log = run(scenario)
    assert told == "Only organizers can do that."
    assert log == ()


@pytest.mark.parametrize(
    ("sub", "options", "begins"),
    [
        ("delay", {"what": "session 2", "minutes": "10"}, "delay session 2 by 10:"),
        ("move", {"what": "session 2", "where": "15:00"}, "move session 2 to 15:00:"),
        ("cancel", {"what": "lunch"}, "cancel lunch:"),
        ("undo", {}, "Nothing was changed."),
        ("changes", {}, "Nothing was changed."),
        ("list", {}, "What organizers can do"),
    ],
)
def test_each_verb_of_the_organizers_group_is_the_desk_s_own(sub, options, begins):
    async def scenario(site):
        came = await site.discord.command(site.kim, GENERAL, "organizer", options, sub=sub)
        return site.text(await site.reply_to(came))

    assert run(scenario).startswith(begins)


# -- how it is acknowledged ------------------------------------------------------------------


def test_an_answer_that_takes_a_while_is_announced_in_time():
    async def scenario(site):
        hear = site.reception.hear

        async def slowly(question):
            await asyncio.sleep(2.6)
            return await hear(question)

        site.reception.hear = slowly
        came = await site.discord.command(site.ann, GENERAL, "ask", {"question": "when is lunch?"})
        await site.discord.until(lambda: came.deferred, timeout=5)
        await site.discord.until(lambda: came.original and not came.original.loading, timeout=5)
        return site.text(came.original), came.original.ephemeral, came.late

    told, alone, late = run(scenario)
    assert "12:30 pm" in told
    assert alone
    assert not late


def test_a_command_that_another_process_took_is_answered_by_its_token():
    async def scenario(site):
        came = {}

        async def dies(question):
            came["question"] = question
            site.bot._turns.pop(question.id)

        site.bot.answer = dies
        asked = await site.discord.command(site.ann, GENERAL, "ask", {"question": "when is lunch?"})
        await site.discord.until(lambda: asked.deferred, timeout=5)
        await site.stop()
        await site.start()
        site.clock.now += timedelta(seconds=30)
        for question in await site.reception.resumed():
            await site.bot.answer(question)
        await site.discord.until(lambda: asked.original and not asked.original.loading, timeout=5)
        return site.text(asked.original)

    assert "12:30 pm" in run(scenario)


# -- posts -----------------------------------------------------------------------------------


def test_a_post_that_is_repeated_within_minutes_is_there_once():
    async def scenario(site):
        site.lose_the_next_answer()
        with pytest.raises(InDoubt):
            await site.bot.post(site.place(), said("Session 1 starts."), "k1")
        again = await site.bot.post(site.place(), said("Session 1 starts."), "k1")
        return again, site.in_channel()

    again, there = run(scenario)
    assert [m.id for m in there] == [again.id.split("/")[1]]


def test_a_role_is_pinged_only_where_the_configuration_says_so():
    async def scenario(site):
        pinging = site.posted(await site.bot.post(site.place(), said("Session 1 starts."), "k1"))
        return site.pings(pinging)

    assert run(scenario) == []
    assert run(scenario, pings={GENERAL: int(ORGANIZER)}) == [f"<@&{ORGANIZER}>"]


def test_a_person_who_takes_no_messages_is_refused_with_a_sentence():
    async def scenario(site):
        site.discord.add_user("shy", id="900000000000000198", dms=False)
        site.discord.add_member(GUILD, "900000000000000198")
        with pytest.raises(Refused) as refused:
            await site.bot.direct("900000000000000198", said("You chair session 1."), "k1")
        return refused.value.reason

    assert run(scenario) == "the person takes no direct messages from the server"


def test_a_post_is_looked_for_only_when_it_is_known_who_the_bot_is():
    async def scenario(site):
        with pytest.raises(TryLater):
            await site.made().look_up(site.place(), "k1", site.since())

    run(scenario)


# -- connections -----------------------------------------------------------------------------


async def back(site, identifies):
    """Wait until the bot has introduced itself so many times, and is at work again."""
    await site.discord.until(lambda: site.discord.calls["IDENTIFY"] >= identifies, timeout=10)
    await asyncio.sleep(0.3)


def test_a_session_that_is_not_good_any_more_is_begun_anew(monkeypatch):
    async def at_once(self, shard_id, *, initial):
        pass

    monkeypatch.setattr(discord.Client, "before_identify_hook", at_once)

    async def scenario(site):
        site.discord.invalidate()
        await back(site, 2)
        return site.text(await site.whisper_patiently("when is lunch?"))

    assert "12:30 pm" in run(scenario)


def test_a_first_login_that_fails_is_tried_again():
    async def scenario(site):
        await site.stop()
        site.discord.fail("GET /users/@me", Fault.status(503))
        site.bot = site.made()
        site.running = asyncio.create_task(site.bot.run(site.reception))
        await back(site, 2)
        return site.text(await site.whisper_patiently("when is lunch?"))

    assert "12:30 pm" in run(scenario)


def test_an_event_that_breaks_the_client_does_not_end_the_bot(caplog):
    async def scenario(site):
        client = site.bot._client
        client._connection.parsers["BROKEN"] = lambda data: 1 / 0
        site.discord.send_event("BROKEN", {}, guild=GUILD)
        await back(site, 2)
        return site.text(await site.whisper_patiently("when is lunch?"))

    assert "12:30 pm" in run(scenario)
    assert "the connection to Discord broke: ZeroDivisionError" in caplog.text


# -- the server's own events -----------------------------------------------------------------


def standing(site):
    return {e["name"]: e for e in site.discord.scheduled(GUILD)}


async def shown(site, number):
    await site.discord.until(lambda: len(site.discord.scheduled(GUILD)) >= number)
    return standing(site)


EARLY = "2017-08-21T08:00:00-07:00"
SHOWN = {"scheduled": frozenset({"kbnets17"}), "at": EARLY, "past": True}


def test_sessions_with_talks_stand_among_the_server_s_events_each_once():
    async def scenario(site):
        first = await shown(site, 5)
        await site.stop()
        await site.start()
        await site.whisper("when is lunch?")
        await site.settled()
        return first, len(site.discord.scheduled(GUILD))

    first, after = run(scenario, **SHOWN)
    assert len(first) == after == 5
    assert "Session 2: Congestion Control" in first
    assert "Lunch Break" not in first
    event = first["Keynote 1"]
    assert event["entity_metadata"]["location"] == "Laureate Room"


def test_they_follow_the_program_and_nobody_else_s_are_touched():
    async def scenario(site):
        await shown(site, 5)
        start = site.clock.now + timedelta(days=1)
        site.discord.add_event(
            GUILD, "Dinner", start, start + timedelta(hours=2), location="X", creator=site.bob
        )
        preview = await site.command("delay session 2 by 10", site.kim)
        await site.press(preview, "Yes", site.kim)
        name = "Session 2: Congestion Control"
        await site.discord.until(
            lambda: "22:00:00" in standing(site)[name]["scheduled_start_time"], timeout=5
        )
        preview = await site.command("cancel session 3", site.kim)
        await site.press(preview, "Yes", site.kim)
        third = "Session 3: Measurement & Performance Analysis"
        await site.discord.until(lambda: standing(site).get(third, {}).get("status") in (None, 4))
        return standing(site)

    now = run(scenario, **SHOWN)
    assert now["Dinner"]["status"] == 1
    assert now["Keynote 1"]["status"] == 1


# -- secrets ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "error"),
    [
        ({}, "DISCORD_TOKEN isn't set"),
        ({"DISCORD_TOKEN": "t", "DISCORD_API_URL": "http://evil.example"}, "DISCORD_API_URL names"),
        (
            {"DISCORD_TOKEN": "t", "DISCORD_GATEWAY_URL": "ws://1.2.3.4"},
            "DISCORD_GATEWAY_URL names",
        ),
    ],
)
def test_what_is_amiss_in_the_environment_is_named(environment, error):
    with pytest.raises(BadConfig) as bad:
        secrets_of(environment)
    assert str(bad.value).startswith(error)


def test_tokens_and_texts_never_reach_the_log(caplog):
    caplog.set_level(logging.DEBUG)

    async def scenario(site):
        await site.ask("when is a very secret lunch?")
        site.discord.fail(POST, Fault.error(50013, status=403))
        await site.mention("another secret question")
        await site.discord.until(lambda: site.discord.calls[POST] > 1)
        site.cut()
        await site.whisper_patiently("and where?")
        return site.token

    token = run(scenario)
    assert "got no reply" in caplog.text
    for secret in (token, "secret", "lunch", "webhooks/"):
        assert secret not in caplog.text
