"""Slack: the real Bolt and SDK against a fake Slack, over HTTP and WebSockets."""

import asyncio
import logging
import re
from datetime import timedelta

import aiohttp
import pytest

from adapters.slack import check
from adapters.slack.questions import spoken
from adapters.slack.settings import Secrets, Settings, secrets_of
from adapters.slack.web import Web
from bot.answer import Answer, Status
from bot.chat import Place
from bot.errors import BadConfig, Refused, TryLater
from tests.adapter_contract import Contract, said
from tests.conftest import ROOT
from tests.fake_slack import FakeSlack, Fault
from tests.slack_site import (
    ANN,
    BOB,
    ELSEWHERE,
    EVENTS,
    GENERAL,
    KIM,
    MANIFEST,
    PRIVATE,
    SCOPES,
    Site,
)


class TestContract(Contract):
    site = Site


def run(scenario, **more):
    async def inside():
        async with Site(**more) as site:
            return await scenario(site)

    return asyncio.run(inside())


# -- what is for the bot ---------------------------------------------------------------------


def test_in_a_thread_with_the_bot_follow_ups_need_no_mention():
    async def scenario(site):
        asked = await site.mention("when is lunch?")
        await site.slack.reply_to(asked)
        further = await site.say("and where?", BOB, thread=asked)
        return site.text(await site.slack.reply_to(further))

    assert "Centennial Terrace" in run(scenario)


def test_in_a_thread_it_takes_part_after_a_restart_too():
    async def scenario(site):
        asked = await site.mention("when is lunch?")
        await site.slack.reply_to(asked)
        await site.stop()
        await site.start()
        further = await site.say("and where?", thread=asked)
        return site.text(await site.slack.reply_to(further))

    assert "Centennial Terrace" in run(scenario)


def test_below_its_own_posts_the_bot_takes_part():
    async def scenario(site):
        post = site.posted(await site.bot.post(site.place(), said("Session 1 starts soon."), "k1"))
        asked = await site.say("who chairs session 1?", thread=post)
        return site.text(await site.slack.reply_to(asked))

    assert "Costin Raiciu" in run(scenario)


@pytest.mark.parametrize(
    "text",
    [
        "thanks a lot!",
        "lol ok",
        "see you there then",
        "<@U0BOB> what do you think?",
        "great talk",
        "no idea",
        "you going?",
        "hes from microsoft i think",
        "yeah, lets sit together in session 3",
        "what are you doing tonight",
        "i'm in room 204",
        "my slides are not ready",
        "session 2 was boring tbh",
        "centennial terrace i think, food was great",
    ],
)
def test_what_people_say_to_each_other_in_a_thread_is_left_alone(text):
    async def scenario(site):
        asked = await site.mention("when is lunch?")
        await site.slack.reply_to(asked)
        before = site.all_seen()
        await site.say(text, BOB, thread=asked)
        return await site.nothing(before)

    assert run(scenario)


def test_a_thread_that_the_bot_is_not_in_is_none_of_its_business():
    async def scenario(site):
        start = await site.say("who wants to have lunch?")
        before = site.all_seen()
        await site.say("when is lunch?", BOB, thread=start)
        there = await site.nothing(before)
        kept = await site.store.unfinished(site.clock.now + timedelta(days=1))
        return there, kept

    alone, kept = run(scenario)
    assert alone
    assert not kept


def test_edits_deletions_and_bots_are_not_heard():
    async def scenario(site):
        asked = await site.mention("when is lunch?")
        await site.slack.reply_to(asked)
        before = site.all_seen()
        await site.slack.edit_message(asked, f"<@{site.slack.bot_user}> when is dinner?")
        await site.slack.delete_message(asked)
        site.slack.send_event(
            {
                "type": "message",
                "channel": site.slack.im(ANN),
                "channel_type": "im",
                "user": ANN,
                "bot_id": "B0OTHER",
                "text": "when is lunch?",
                "ts": "1503332100.000100",
            }
        )
        return await site.nothing(before)

    assert run(scenario)


def test_a_mention_that_arrives_twice_is_answered_once():
    async def scenario(site):
        asked = await site.mention("when is lunch?")
        await site.slack.reply_to(asked)
        await site.slack.settled()
        return site.slack.calls["chat.postMessage"], len(site.slack.acks)

    posts, acks = run(scenario)
    assert posts == 1
    assert acks >= 2  # as a mention and as a message


def test_what_comes_while_the_bot_restarts_is_answered_when_it_is_back():
    async def scenario(site):
        await site.stop()
        asked = await site.mention("when is lunch?")
        await site.start()
        return site.text(await site.reply_to(asked))

    assert "12:30 pm" in run(scenario)


def test_a_mention_without_words_gets_help():
    async def scenario(site):
        return site.text(await site.ask(""))

    assert "I answer questions about" in run(scenario)


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ("<@U1> when is lunch?", "when is lunch?"),
        ("hey <@U1|bot>, who's <@U2|ann>?", "hey , who's ann?"),
        ("is <#C1|general> the channel", "is #general the channel"),
        ("<!here> lunch &amp; dinner &lt;3", "lunch & dinner <3"),
        (
            "see <https://x.example/a|the page> or <https://y.example>",
            "see the page or https://y.example",
        ),
        ("<mailto:a@x.example|a@x.example>", "a@x.example"),
        ("a  <@U3>\n b", "a b"),
    ],
)
def test_what_somebody_wrote_is_read_without_slack_s_markup(sent, text):
    assert spoken(sent, "U1") == text


# -- how it is acknowledged ------------------------------------------------------------------


def test_what_comes_in_is_kept_before_slack_is_told_so():
    async def scenario(site):
        begin, order = site.store.begin, []

        async def kept(*args):
            await asyncio.sleep(0.05)
            order.append(len(site.slack.acks))
            return await begin(*args)

        site.store.begin = kept
        await site.slack.reply_to(await site.slack.say(ANN, site.slack.im(ANN), "when is lunch?"))
        await site.slack.settled()
        return order, len(site.slack.acks)

    order, acked = run(scenario)
    assert order == [0]
    assert acked >= 1


def test_a_store_that_hangs_does_not_keep_slack_waiting():
    async def scenario(site):
        async def hangs(*args):
            await asyncio.sleep(60)

        site.store.begin = hangs
        reply = await site.slack.reply_to(
            await site.slack.say(ANN, site.slack.im(ANN), "when is lunch?")
        )
        await site.slack.settled()
        return site.text(reply), max(site.slack.acks.values()), site.slack.unacked

    text, slowest, unacked = run(scenario)
    assert "12:30 pm" in text
    assert slowest < 3
    assert unacked == 0


def test_a_reply_whose_answer_is_lost_is_not_posted_again():
    async def scenario(site):
        site.lose_the_next_answer()
        asked = await site.mention("when is lunch?")
        await site.slack.reply_to(asked)
        await site.slack.settled()
        await asyncio.sleep(0.1)
        return len(site.in_channel())

    assert run(scenario) == 1


def test_a_reply_that_is_refused_for_a_while_is_posted_later():
    async def scenario(site):
        site.refuse_the_next(2)
        return site.text(await site.ask("when is lunch?")), site.waits

    text, waits = run(scenario)
    assert "12:30 pm" in text
    assert timedelta(seconds=2) in waits


def test_a_channel_in_which_many_wait_does_not_hold_up_the_others():
    async def scenario(site):
        gone = asyncio.Event()

        async def pause(length):
            await gone.wait()  # whoever has to wait does so to the end

        site.bot._paces._limiter._pause = pause
        for _ in range(40):
            await site.mention("when is lunch?")
        await site.slack.settled()
        other = site.text(await site.whisper("when is lunch?"))
        await site.bot.post(site.place(PRIVATE), said("Session 1 starts."), "k1")
        gone.set()
        return other

    assert "12:30 pm" in run(scenario)


def test_events_of_another_workspace_and_edited_mentions_are_not_heard():
    async def scenario(site):
        site.slack.team = "T0OTHER"
        before = site.all_seen()
        await site.mention("when is lunch?", KIM)
        quiet = await site.nothing(before)
        site.slack.team = "T0FAKE"
        site.slack.send_event(
            {
                "type": "app_mention",
                "channel": GENERAL,
                "user": ANN,
                "text": f"<@{site.slack.bot_user}> when is lunch?",
                "ts": "1503332100.000100",
                "edited": {"user": ANN, "ts": "1503332101.000000"},
            }
        )
        return quiet, await site.nothing(before)

    assert run(scenario) == (True, True)


def test_a_form_that_opens_too_late_is_told_in_words():
    async def scenario(site):
        shown = await site.command("delay", KIM)
        site.slack.fail("views.open", Fault.error("expired_trigger_id"))
        return site.text(await site.press(shown, "Fill in a form", KIM))

    assert run(scenario) == "Say it like this: delay session 2 by 10"


def test_a_change_that_cannot_take_the_preview_s_place_is_told_all_the_same():
    async def scenario(site):
        shown = await site.ask("delay session 2 by 10", KIM)
        site.slack.fail("response_url", Fault.status(404, "expired_url"))
        return site.text(await site.press(shown, "Yes", KIM))

    assert run(scenario).startswith("Done:")


def test_a_look_up_before_the_bot_knows_itself_is_for_later():
    async def scenario(site):
        await site.bot.post(site.place(), said("Hello."), "k1")
        bot = site.made()
        with pytest.raises(TryLater):
            await bot.look_up(site.place(), "k1", site.since())
        return await site.bot.look_up(site.place(), "k1", site.since() + timedelta(minutes=5))

    assert run(scenario).id


def test_a_token_that_is_revoked_while_it_runs_ends_it():
    async def scenario(site):
        site.slack.auth_error = "token_revoked"
        with pytest.raises(Refused):
            await site.bot.post(site.place(), said("Hello."), "k1")
        return await site.ended()

    assert str(run(scenario)) == Site.revoked


def test_many_replies_at_once_to_a_slow_slack_are_all_posted():
    async def scenario(site):
        site.slack.fail("chat.postMessage", Fault.slow(0.5), times=250)
        for number in range(250):
            site.slack.add_user(f"U{number}", f"u{number}")
        said_ = [
            await site.slack.say(f"U{n}", site.slack.im(f"U{n}"), "when is lunch?")
            for n in range(250)
        ]
        return [await site.slack.reply_to(m, timeout=20) for m in said_]

    assert len(run(scenario, per_minute=100_000)) == 250


def test_in_one_channel_no_more_is_posted_than_slack_takes():
    async def scenario(site):
        site.slack.per_channel, site.slack.burst = 1.0, 3

        async def pause(length):
            await asyncio.sleep(length.total_seconds())

        site.bot._paces._limiter._pause = pause
        site.bot._paces._limiter._clock = site.slack.clock
        asked = [await site.mention("when is lunch?") for _ in range(5)]
        for each in asked:
            await site.slack.reply_to(each, timeout=10)
        return site.slack.limited

    assert not run(scenario)


# -- the bot's own page ----------------------------------------------------------------------


def text_of(view):
    return str(view["blocks"])


def test_the_home_tab_shows_now_next_the_day_the_dates_and_how_to_ask():
    async def scenario(site):
        await site.slack.open_home(ANN)
        return text_of(await site.slack.until(lambda: site.slack.home(ANN)))

    shown = run(scenario)
    for part in ("Now", "Session 1", "Next", "Lunch Break", "Today", "Session 3", "How to ask"):
        assert part in shown


def test_the_home_tab_is_shown_anew_when_the_program_changes():
    async def scenario(site):
        await site.slack.open_home(ANN)
        await site.slack.until(lambda: site.slack.home(ANN))
        preview = await site.command("delay session 2 by 10", KIM)
        await site.press(preview, "Yes", KIM)
        await site.slack.until(lambda: "3:00 pm" in text_of(site.slack.home(ANN)))
        return site.slack.calls["views.publish"]

    assert run(scenario) == 2


def test_the_home_tab_of_somebody_who_opens_it_again_and_again_is_shown_once():
    async def scenario(site):
        for _ in range(20):
            await site.slack.open_home(ANN)
        await site.slack.settled()
        await asyncio.sleep(0.1)
        return site.slack.calls["views.publish"]

    assert run(scenario) == 1


# -- organizers ------------------------------------------------------------------------------


class ByGroup(Site):
    organizers = frozenset({"slack:S0CHAIRS"})


def test_organizers_can_be_a_user_group():
    async def scenario():
        async with ByGroup(groups=frozenset({"S0CHAIRS"})) as site:
            site.slack.add_group("S0CHAIRS", [KIM])
            await site.stop()
            await site.start()
            await site.slack.until(lambda: site.slack.calls["usergroups.users.list"] > 1)
            await asyncio.sleep(0.05)
            mine = await site.command("delay session 2 by 10", KIM)
            other = await site.command("delay session 2 by 10", ANN)
            return site.buttons(mine), site.buttons(other)

    mine, other = asyncio.run(scenario())
    assert mine == ["Yes", "No"]
    assert "Yes" not in other


def test_what_organizers_can_do_is_shown_with_a_form_for_each():
    async def scenario(site):
        return site.buttons(await site.command("organize", KIM))

    assert "Delay …" in run(scenario)


def test_a_second_press_of_a_yes_is_told_that_it_was_done():
    async def scenario(site):
        shown = await site.ask("delay session 2 by 10", KIM)
        token = next(
            e["value"] for b in shown.blocks if b["type"] == "actions" for e in b["elements"]
        )
        done = await site.press(shown, "Yes", KIM)
        site.forge(done, token)
        return site.text(await site.press(done, "Undo", KIM)), len(site.desk.edition.log)

    text, changes = run(scenario)
    assert text == "That was done already; changes lists it."
    assert changes == 1


def test_who_changed_something_is_known_by_name():
    async def scenario(site):
        shown = await site.command("cancel lunch", KIM)
        await site.press(shown, "Yes", KIM)
        return [a.by for a in site.desk.edition.log]

    assert run(scenario) == ["kim (slack:U0KIM)"]


@pytest.mark.parametrize("text", ["hold", "cancel lunch", "ok", "yes", "reload", "undo"])
def test_what_an_organizer_says_to_others_in_a_thread_is_no_command(text):
    async def scenario(site):
        shown = await site.ask("delay session 2 by 10", KIM)
        before = site.all_seen()
        await site.say(text, KIM, thread=shown.thread_ts)
        quiet = await site.nothing(before)
        service = await site.store.service(site.desk.event.id)
        return quiet, site.desk.edition.log, service

    quiet, log, service = run(scenario)
    assert quiet
    assert log == ()
    assert service is None


def test_a_group_that_is_gone_has_no_members_any_more():
    async def scenario():
        async with ByGroup(groups=frozenset({"S0CHAIRS"})) as site:
            site.slack.add_group("S0CHAIRS", [KIM])
            await site.bot._people.learn()
            before = site.bot._people.groups(KIM)
            del site.slack.groups["S0CHAIRS"]
            for _ in range(3):
                await site.bot._people.learn()
            return before, site.bot._people.groups(KIM)

    assert asyncio.run(scenario()) == ({"S0CHAIRS"}, frozenset())


# -- connections -----------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "too_many_websockets"])
def test_when_slack_wants_another_socket_it_gets_one(reason):
    async def scenario(site):
        await site.slack.disconnect(reason)
        return site.text(await site.whisper_patiently("when is lunch?"))

    assert "12:30 pm" in run(scenario)


def test_an_app_token_that_is_not_good_any_more_ends_it_with_one_sentence(caplog):
    async def scenario(site):
        site.slack.app_token = "xapp-1-another"  # noqa: S105 - a fake's
        site.slack.cut()
        async with asyncio.timeout(20):
            await asyncio.wait([site.running])
        return site.running.exception()

    error = run(scenario)
    assert isinstance(error, BadConfig)
    assert str(error) == (
        "Slack doesn't know the token in SLACK_APP_TOKEN; copy it anew from the app's settings"
    )


def test_while_slack_cannot_be_reached_it_is_tried_again():
    async def scenario(site):
        await site.stop()
        site.slack.fail("auth.test", Fault.status(503), times=2)
        site.slack.fail("apps.connections.open", Fault.status(503))
        await site.start()
        async with asyncio.timeout(10):
            return site.text(await site.whisper_patiently("when is lunch?"))

    assert "12:30 pm" in run(scenario)


def free_port():
    import socket  # noqa: PLC0415 - only here

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def by_http(scenario):
    port = free_port()

    async def ready(site):
        site.slack.http_to(f"http://127.0.0.1:{port}/slack/events")
        for _ in range(100):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                await writer.wait_closed()
                break
        return await scenario(site)

    return run(ready, listen=("127.0.0.1", port))


def test_by_http_questions_commands_and_presses_are_answered():
    async def scenario(site):
        asked = site.text(await site.ask("when is lunch?"))
        command = await site.command("delay session 2 by 10", KIM)
        return asked, site.text(await site.press(command, "Yes", KIM)), site.slack.sockets

    asked, done, sockets = by_http(scenario)
    assert "12:30 pm" in asked
    assert done.startswith("Done:")
    assert not sockets


def test_by_http_what_is_not_signed_is_refused_and_not_kept():
    async def scenario(site):
        before = site.all_seen()
        bad = await site.slack.bad_signature()
        old = await site.slack.old_timestamp()
        good = await site.slack.post_signed()
        kept = await site.store.unfinished(site.clock.now + timedelta(days=1))
        return bad, old, good, kept, await site.nothing(before)

    bad, old, good, kept, nothing = by_http(scenario)
    assert (bad, old, good) == (401, 401, 200)
    assert not kept
    assert nothing


@pytest.mark.parametrize("body", [b"\xff", b"{nope", b"[]", b"[" * 100_000, b"payload=nope", b""])
@pytest.mark.parametrize(
    "kind", ["application/json; charset=x", "application/x-www-form-urlencoded"]
)
def test_by_http_unsigned_rubbish_is_refused_before_anything_looks_into_it(body, kind):
    async def scenario(site):
        headers = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": "x\u00b2",
            "X-Slack-Signature": "v0=\u00e9",
        }
        async with (
            aiohttp.ClientSession() as session,
            session.post(site.slack.url, data=body, headers=headers) as answer,
        ):
            return answer.status, await answer.text()

    assert by_http(scenario) == (401, "")


def test_by_http_a_command_may_have_the_word_payload_in_it():
    async def scenario(site):
        return site.text(await site.command("talks about payload"))

    assert "payload" in by_http(scenario)


def test_where_nothing_can_listen_it_ends_with_a_sentence():
    async def scenario(site):
        port = site.slack.port
        await site.stop()
        site.settings = {"listen": ("127.0.0.1", port)}
        site.bot = site.made()
        site.running = asyncio.create_task(site.bot.run(site.reception))
        return await site.ended(), port

    error, port = run(scenario)
    assert str(error).startswith(f"slack.listen: nothing can listen on 127.0.0.1:{port}")


# -- posts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.status(503), "nobody can tell"),
        (Fault.error("fatal_error", lands=True), "nobody can tell"),
        (Fault.error("restricted_action"), "ask its admins to let the bot"),
        (Fault.error("missing_scope"), "the app lacks the scope"),
        (Fault.error("invalid_auth"), "Slack doesn't know the token in SLACK_BOT_TOKEN"),
        (Fault.error("something_new"), "Slack says something_new"),
    ],
)
def test_what_a_post_fails_with_says_what_to_do(fault, error):
    async def scenario(site):
        site.slack.fail("chat.postMessage", fault)
        with pytest.raises(Exception, match=re.escape(error)) as raised:
            await site.bot.post(site.place(), said("Hello."), "k1")
        return raised.value

    run(scenario)


def test_a_slack_that_cannot_be_reached_is_tried_later():
    async def scenario():
        async with Site() as site:
            web = Web(Secrets("xoxb-1", api=f"http://127.0.0.1:{free_port()}/api/"))
            with pytest.raises(TryLater):
                await web.call("chat.postMessage", channel=GENERAL, text="x")
            await web.close()
            return site

    asyncio.run(scenario())


def test_a_post_below_a_thread_is_found_there():
    async def scenario(site):
        start = await site.say("a thread")
        place = Place("kbnets17", "slack", GENERAL, start.ts)
        receipt = await site.bot.post(place, said("In the thread."), "k1")
        return receipt, await site.bot.look_up(place, "k1", site.since())

    receipt, found = run(scenario)
    assert receipt.id == found.id


def test_somebody_else_s_message_with_the_same_key_is_not_ours():
    async def scenario(site):
        receipt = await site.bot.post(site.place(), said("Hello."), "k1")
        site.posted(receipt).bot_id = "B0OTHER"
        return await site.bot.look_up(site.place(), "k1", site.since())

    assert run(scenario) == "absent"


# -- secrets and settings --------------------------------------------------------------------


GOOD = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_SIGNING_SECRET": "s3cret"}


@pytest.mark.parametrize(
    ("changed", "listen", "error"),
    [
        ({"SLACK_BOT_TOKEN": ""}, None, "SLACK_BOT_TOKEN isn't set"),
        ({"SLACK_BOT_TOKEN": "xapp-1"}, None, "SLACK_BOT_TOKEN doesn't begin with xoxb-"),
        ({"SLACK_APP_TOKEN": ""}, None, "SLACK_APP_TOKEN isn't set"),
        ({"SLACK_APP_TOKEN": "xoxb-1"}, None, "SLACK_APP_TOKEN doesn't begin with xapp-"),
        ({"SLACK_SIGNING_SECRET": ""}, ("127.0.0.1", 1), "SLACK_SIGNING_SECRET isn't set"),
        (
            {"SLACK_API_URL": "http://evil.example/api/"},
            None,
            "SLACK_API_URL names another machine",
        ),
        ({"SLACK_API_URL": "http://127.0.0.1.evil.example/"}, None, "SLACK_API_URL names another"),
        ({"SLACK_API_URL": "http://127.0.0.1@evil.example/"}, None, "SLACK_API_URL names another"),
        ({"SLACK_API_URL": "127.0.0.1:80"}, None, "SLACK_API_URL names another machine"),
    ],
)
def test_what_is_amiss_in_the_environment_is_named_and_no_secret_is(changed, listen, error):
    with pytest.raises(BadConfig) as bad:
        secrets_of(GOOD | changed, listen)
    assert str(bad.value).startswith(error)
    assert not any(v in str(bad.value) for v in (GOOD | changed).values() if v.startswith("x"))


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/api", "http://[::1]:9/api/", "http://localhost:9/api/"]
)
def test_another_api_can_be_on_this_machine_only(url):
    assert secrets_of(GOOD | {"SLACK_API_URL": url}, None).api.rstrip("/") == url.rstrip("/")


def test_secrets_never_show():
    secrets = secrets_of(GOOD, None)
    assert "xoxb" not in f"{secrets} {secrets!r} {[secrets]}"


def test_tokens_and_texts_never_reach_the_log(caplog):
    caplog.set_level(logging.DEBUG)

    async def scenario(site):
        await site.ask("when is a very secret lunch?")
        site.slack.fail("chat.postMessage", Fault.error("fatal_error"))
        await site.mention("another secret question")
        await site.slack.until(lambda: site.slack.calls["chat.postMessage"] > 1)
        site.slack.cut()
        await site.whisper_patiently("and where?")
        site.slack.auth_error = "invalid_auth"
        site.slack.cut()
        async with asyncio.timeout(20):
            await asyncio.wait([site.running])

    run(scenario)
    assert "got no reply" in caplog.text
    for secret in ("xoxb-", "xapp-", "ticket=", "secret", "lunch", "hooks/"):
        assert secret not in caplog.text


# -- doctor and manifest ---------------------------------------------------------------------


def doctored(prepare, places=(), **settings):
    async def scenario():
        async with FakeSlack() as slack:
            slack.scopes = set(SCOPES)
            slack.add_user(ANN, "ann")
            slack.add_group("S0CHAIRS", [ANN])
            slack.add_channel(GENERAL, "general")
            slack.add_channel(PRIVATE, "private", private=True, archived=True)
            slack.add_channel(ELSEWHERE, "elsewhere", bot=False)
            prepare(slack)
            secrets = Secrets(slack.bot_token, slack.app_token, "", slack.api_url)
            web = Web(secrets)
            try:
                found = await check.checked(
                    web,
                    Settings(**settings),
                    secrets,
                    [Place("", "slack", p, private=p.startswith("@")) for p in places],
                )
            finally:
                await web.close()
            return {each.what: each.fix for each in found}

    return asyncio.run(scenario())


def nothing(slack):
    pass


def test_doctor_finds_everything_well():
    found = doctored(nothing, [GENERAL, f"@{ANN}"], groups=frozenset({"S0CHAIRS"}))
    assert found == {
        "SLACK_BOT_TOKEN is bot's in fake": "",
        "SLACK_APP_TOKEN opens a socket": "",
        "scopes: all that are needed": "",
        "group S0CHAIRS: 1 organizers": "",
        f"slack:{GENERAL} (#general)": "",
        f"slack:@{ANN}": "",
    }


def test_doctor_says_what_to_fix_about_places_scopes_and_tokens():
    def spoilt(slack):
        slack.scopes -= {"im:write"}
        slack.app_token = "xapp-1-another"  # noqa: S105 - a fake's

    def wrong(slack):
        slack.auth_error = "account_inactive"

    found = doctored(spoilt, [PRIVATE, ELSEWHERE, "C0NOWHERE"])
    assert found["scope im:write, to write to a person alone"].startswith("add it under OAuth")
    assert found[f"slack:{PRIVATE} (#private)"].startswith("the channel is archived")
    assert found[f"slack:{ELSEWHERE} (#elsewhere)"].startswith("the bot isn't in the channel")
    assert found["slack:C0NOWHERE"].startswith("there is no such channel")
    assert doctored(wrong)["SLACK_BOT_TOKEN"].startswith("the app was removed")


def adapter_source():
    folder = ROOT / "adapters" / "slack"
    return "\n".join(p.read_text(encoding="utf-8") for p in sorted(folder.glob("*.py")))


# docs.slack.dev/reference/methods: what each method that the adapter uses asks for.
ASKS_FOR = {
    "auth.test": set(),
    "apps.connections.open": set(),  # of the app's own token
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "chat.delete": {"chat:write"},
    "conversations.history": {"channels:history", "groups:history", "im:history"},
    "conversations.replies": {"channels:history", "groups:history", "im:history"},
    "conversations.info": {"channels:read", "groups:read"},
    "conversations.open": {"im:write"},
    "usergroups.users.list": {"usergroups:read"},
    "users.info": {"users:read"},
    "views.open": set(),
    "views.publish": set(),
}
# docs.slack.dev/reference/events
HEARS_BY = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
}


def test_the_manifest_asks_for_what_the_adapter_uses_and_nothing_else():
    source = adapter_source()
    named = set(re.findall(r'"((?:[a-z]+\.){1,2}[a-zA-Z]+)"', source))
    called = {m.replace("_", ".") for m in re.findall(r"client\.([a-z_]+)\(", source)} - {
        "api.call"
    }
    used = {m for m in named | called if m.split(".")[0] in {k.split(".")[0] for k in ASKS_FOR}}
    needed = {scope for method in used for scope in ASKS_FOR[method]}
    needed |= {scope for event in EVENTS for scope in HEARS_BY[event]} | {"commands"}

    assert used == set(ASKS_FOR)
    assert set(HEARS_BY) == EVENTS
    assert needed == SCOPES
    assert set(check.SCOPES) == SCOPES


def test_the_manifest_is_within_slack_s_limits_and_leaves_agents_off():
    shown = MANIFEST["display_information"]
    assert set(MANIFEST) == {"display_information", "features", "oauth_config", "settings"}
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 175 <= len(shown["long_description"]) <= 4000
    assert len(MANIFEST["features"]["bot_user"]["display_name"]) <= 80
    assert set(MANIFEST["features"]) == {"app_home", "bot_user", "slash_commands"}
    assert MANIFEST["features"]["app_home"]["home_tab_enabled"]
    assert not MANIFEST["features"]["app_home"]["messages_tab_read_only_enabled"]
    assert MANIFEST["settings"]["interactivity"]["is_enabled"]
    assert MANIFEST["settings"]["socket_mode_enabled"]


def test_without_a_part_of_the_manifest_something_would_be_missing():
    answer = Answer(Status.ANSWERED, ("x",))

    async def scenario(site):
        missing = []
        for scope, who in (("im:write", BOB), ("chat:write", ANN)):
            site.slack.scopes.discard(scope)
            with pytest.raises(Refused) as refused:
                await site.bot.direct(who, answer, "k1")
            site.slack.scopes.add(scope)
            missing.append(refused.value.reason)
        return missing

    assert run(scenario) == [
        f"the app lacks the scope {scope}; add it under OAuth & Permissions and reinstall"
        for scope in ("im:write", "chat:write")
    ]
