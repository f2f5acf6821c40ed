"""The Slack on this machine does to an app what Slack does, as far as its own SDK can see."""

import asyncio
import contextlib
import time
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.fake_slack import FakeSlack, Fault, pings, problems, view_problems


CARD = [
    {"type": "section", "block_id": "card", "text": {"type": "mrkdwn", "text": "*Keynote*"}},
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "text": {"type": "plain_text", "text": "Remind me"},
                "action_id": "remind",
                "value": "k1",
            },
            {
                "type": "static_select",
                "action_id": "day",
                "placeholder": {"type": "plain_text", "text": "Which day?"},
                "options": [
                    {"text": {"type": "plain_text", "text": "Monday"}, "value": "mon"},
                    {"text": {"type": "plain_text", "text": "Tuesday"}, "value": "tue"},
                ],
            },
        ],
    },
]
MODAL = {
    "type": "modal",
    "callback_id": "note",
    "title": {"type": "plain_text", "text": "A note"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "said",
            "label": {"type": "plain_text", "text": "What?"},
            "element": {"type": "plain_text_input", "action_id": "what"},
        }
    ],
}


def told(story, **more):
    """Run a story against a workspace with a public, a private and a foreign channel."""

    async def run():
        async with FakeSlack(**more) as slack:
            slack.add_user("UADA", "ada")
            slack.add_user("UEVE", "eve", guest=True)
            slack.add_channel("C1", "program", ["UADA"])
            slack.add_channel("C2", "chairs", ["UADA"], private=True)
            slack.add_channel("C3", "elsewhere", ["UADA"], bot=False)
            client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
            client.retry_handlers.clear()
            await story(slack, client)

    asyncio.run(run())


@contextlib.asynccontextmanager
async def running(slack, client, sockets=1):
    """An app that answers a bit of everything, connected by Socket Mode."""
    app = AsyncApp(client=client, signing_secret=slack.signing_secret)
    wire(app)
    handlers = [
        AsyncSocketModeHandler(app, slack.app_token, ping_interval=0.2) for _ in range(sockets)
    ]
    for handler in handlers:
        await handler.connect_async()
    await slack.until(lambda: len(slack.sockets) == sockets)
    try:
        yield app
    finally:
        for handler in handlers:
            handler.client.message_processor.cancel()
            await handler.close_async()


def wire(app):
    @app.event("app_mention")
    async def mentioned(event, say):
        await say(text="Hello", thread_ts=event.get("thread_ts", event["ts"]))

    @app.event("message")
    async def heard(event, say):
        if event["channel_type"] == "im" and "bot_id" not in event and "subtype" not in event:
            await say(text=f"You said {event['text']}", blocks=CARD)

    @app.event("app_home_opened")
    async def home(event, client):
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": CARD})

    @app.command("/kbnets")
    async def command(ack, body, respond, client):
        await ack()
        if body["text"] == "note":
            await client.views_open(trigger_id=body["trigger_id"], view=MODAL)
        else:
            await respond("Only for you", blocks=CARD)

    @app.action("remind")
    async def remind(ack, body, respond):
        await ack()
        if "response_url" in body:
            await respond(f"Noted {body['actions'][0]['value']}", replace_original=True)

    @app.action("day")
    async def day(ack, body, respond):
        await ack()
        [[chosen]] = [list(v.values()) for v in body["state"]["values"].values()]
        await respond(f"On {chosen['selected_option']['value']}")

    @app.view("note")
    async def note(ack, view):
        said = view["state"]["values"]["said"]["what"]["value"]
        if said == "nothing":
            await ack(response_action="errors", errors={"said": "Say something"})
        else:
            await ack()


async def refusal(call):
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response["error"]


def test_a_token_is_checked_and_tells_its_scopes():
    async def story(slack, client):
        who = await client.auth_test()
        assert (who["user_id"], who["bot_id"]) == (slack.bot_user, slack.bot_id)
        assert "chat:write" in who.headers["x-oauth-scopes"].split(",")
        slack.scopes.discard("users:read")
        with pytest.raises(SlackApiError) as caught:
            await client.users_info(user="UADA")
        assert caught.value.response["needed"] == "users:read"
        assert await refusal(client.auth_test(token="xoxb-other")) == "invalid_auth"
        assert await refusal(client.auth_test(token=slack.app_token)) == "not_allowed_token_type"
        assert await refusal(client.apps_connections_open(app_token="xapp-no")) == "invalid_auth"
        assert await refusal(client.api_call("chat.shout")) == "unknown_method"
        slack.auth_error = "token_revoked"
        assert await refusal(client.auth_test()) == "token_revoked"

    told(story)


def test_posts_are_kept_changed_and_deleted_and_only_ones_own():
    async def story(slack, client):
        meta = {"event_type": "outbox", "event_payload": {"key": "k1"}}
        post = await client.chat_postMessage(channel="C1", text="One", metadata=meta, blocks=CARD)
        await client.chat_update(channel="C1", ts=post["ts"], text="Two")
        [kept] = slack.messages("C1")
        assert (kept.text, kept.metadata) == ("Two", meta)
        assert kept.edited
        await client.chat_delete(channel="C1", ts=post["ts"])
        assert kept.deleted
        said = await slack.say("UADA", "C1", "Mine")
        assert (
            await refusal(client.chat_update(channel="C1", ts=said.ts, text="No"))
            == "cant_update_message"
        )
        assert await refusal(client.chat_delete(channel="C1", ts=said.ts)) == "cant_delete_message"
        gone = client.chat_update(channel="C1", ts=post["ts"], text="No")
        assert await refusal(gone) == "message_not_found"

    told(story)


def test_where_the_bot_may_not_post_it_is_told_why():
    async def story(slack, client):
        slack.add_channel("C4", "old", archived=True)
        slack.add_channel("C5", "secret", private=True, bot=False)
        expected = {
            "C3": "not_in_channel",
            "C4": "is_archived",
            "C5": "channel_not_found",
            "C9": "channel_not_found",
        }
        for channel, error in expected.items():
            assert await refusal(client.chat_postMessage(channel=channel, text="Hi")) == error
        whisper = client.chat_postEphemeral(channel="C1", user="UEVE", text="Hi")
        assert await refusal(whisper) == "user_not_in_channel"
        assert [error for _, error, _ in slack.refused][:4] == list(expected.values())

    told(story)


def test_a_post_to_a_user_goes_to_the_im_with_them():
    async def story(slack, client):
        post = await client.chat_postMessage(channel="UADA", text="Hi")
        opened = await client.conversations_open(users="UADA")
        assert opened["channel"]["id"] == post["channel"] == slack.im("UADA")
        info = await client.conversations_info(channel=post["channel"])
        assert info["channel"]["is_im"]
        assert info["channel"]["user"] == "UADA"

    told(story)


def test_history_is_newest_first_in_pages_and_shows_metadata_when_asked():
    async def story(slack, client):
        meta = {"event_type": "outbox", "event_payload": {"key": "k1"}}
        root = (await client.chat_postMessage(channel="C1", text="0", metadata=meta))["ts"]
        await client.chat_postMessage(channel="C1", text="reply", thread_ts=root, metadata=meta)
        for text in "1234":
            await client.chat_postMessage(channel="C1", text=text)
        pages = [
            [m["text"] for m in page["messages"]]
            async for page in await client.conversations_history(channel="C1", limit=2)
        ]
        assert pages == [["4", "3"], ["2", "1"], ["0"]]
        bare = await client.conversations_history(channel="C1", latest=root, inclusive=True)
        assert [m.get("metadata") for m in bare["messages"]] == [None]
        after = await client.conversations_history(channel="C1", oldest=root)
        assert [m["text"] for m in after["messages"]] == ["4", "3", "2", "1"]
        thread = await client.conversations_replies(
            channel="C1", ts=root, oldest=root, include_all_metadata=True
        )
        assert [m["text"] for m in thread["messages"]] == ["0", "reply"]
        assert thread["messages"][1]["metadata"] == meta

    told(story)


def test_people_groups_and_members_can_be_looked_up():
    async def story(slack, client):
        slack.add_group("S1", ["UADA"])
        eve = await client.users_info(user="UEVE")
        assert eve["user"]["is_restricted"]
        assert (await client.usergroups_users_list(usergroup="S1"))["users"] == ["UADA"]
        assert (await client.conversations_members(channel="C2"))["members"] == ["U0BOT", "UADA"]
        assert await refusal(client.users_info(user="UNO")) == "user_not_found"
        link = await client.chat_getPermalink(
            channel="C1", message_ts=(await slack.say("UADA", "C1", "x")).ts
        )
        assert "/archives/C1/p" in link["permalink"]

    told(story)


def plain(text):
    return {"type": "plain_text", "text": text}


def mrkdwn(text):
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(**more):
    element = {"type": "button", "text": plain("Go"), **more}
    return {"type": "actions", "elements": [element]}


def select(count, **more):
    options = [{"text": plain(f"Option {n}"), "value": str(n)} for n in range(count)]
    element = {"type": "static_select", "options": options, **more}
    return {"type": "actions", "elements": [element]}


REFUSED = {
    "no text": [{"text": ""}, "no_text"],
    "text": [{"text": "x" * 40_001}, "msg_too_long"],
    "blocks": [{"blocks": [{"type": "divider"}] * 51}, "invalid_blocks"],
    "sum": [{"blocks": [mrkdwn("x" * 2900)] * 5}, "msg_blocks_too_long"],
    "empty section": [{"blocks": [mrkdwn("")]}, "invalid_blocks"],
    "section": [{"blocks": [mrkdwn("x" * 3001)]}, "invalid_blocks"],
    "fields": [
        {"blocks": [{"type": "section", "fields": [plain("x")] * 11}]},
        "invalid_blocks",
    ],
    "field": [
        {"blocks": [{"type": "section", "fields": [plain("x" * 2001)]}]},
        "invalid_blocks",
    ],
    "header": [{"blocks": [{"type": "header", "text": plain("x" * 151)}]}, "invalid_blocks"],
    "button": [{"blocks": [button(text=plain("x" * 76))]}, "invalid_blocks"],
    "button markup": [
        {"blocks": [button(text={"type": "mrkdwn", "text": "x"})]},
        "invalid_blocks",
    ],
    "value": [{"blocks": [button(value="x" * 2001)]}, "invalid_blocks"],
    "url": [{"blocks": [button(url="https://x/" + "x" * 3000)]}, "invalid_blocks"],
    "action_id": [{"blocks": [button(action_id="x" * 256)]}, "invalid_blocks"],
    "unknown field": [{"blocks": [button(colour="red")]}, "invalid_blocks"],
    "options": [{"blocks": [select(101)]}, "invalid_blocks"],
    "no options": [{"blocks": [select(0)]}, "invalid_blocks"],
    "placeholder": [{"blocks": [select(2, placeholder=plain("x" * 151))]}, "invalid_blocks"],
    "actions": [
        {"blocks": [{"type": "actions", "elements": button()["elements"] * 26}]},
        "invalid_blocks",
    ],
    "context": [
        {"blocks": [{"type": "context", "elements": [plain("x")] * 11}]},
        "invalid_blocks",
    ],
    "block_id": [{"blocks": [{"type": "divider", "block_id": "b"}] * 2}, "invalid_blocks"],
    "twice": [
        {"blocks": [{"type": "actions", "elements": button(action_id="a")["elements"] * 2}]},
        "invalid_blocks",
    ],
    "unknown": [{"blocks": [{"type": "carousel"}]}, "invalid_blocks"],
    "plain date": [
        {"blocks": [{"type": "header", "text": plain("<!date^1^{date}|x>")}]},
        "invalid_blocks",
    ],
    "date": [{"blocks": [mrkdwn("<!date^soon^{date}|x>")]}, "invalid_blocks"],
    "token": [{"blocks": [mrkdwn("<!date^1^{day}|x>")]}, "invalid_blocks"],
    "fallback": [{"blocks": [mrkdwn("<!date^1^{date}>")]}, "invalid_blocks"],
    "metadata": [
        {"metadata": {"event_type": "x", "event_payload": {"x": "x" * 10_000}}},
        "metadata_too_large",
    ],
}


@pytest.mark.parametrize(("payload", "error"), REFUSED.values(), ids=REFUSED.keys())
def test_a_message_beyond_a_limit_is_refused_with_the_code_for_it(payload, error):
    found = problems({"text": "Said", **payload})
    assert [f.partition(":")[0] for f in found] == [error]


def test_a_message_within_every_limit_is_not():
    blocks = [
        *CARD,
        {"type": "header", "text": plain("x" * 150)},
        {"type": "section", "fields": [plain("x" * 100)] * 10},
        {"type": "context", "elements": [plain("x")] * 10},
        {"type": "actions", "elements": button()["elements"] * 25},
        select(100, placeholder=plain("x" * 150)),
        mrkdwn("<!date^1392734382^{date_num} {time_secs}^https://example.com|2014-02-18>"),
        {**mrkdwn("x"), "accessory": button(url="https://example.com")["elements"][0]},
        *[{"type": "divider"}] * 41,
    ]
    assert problems({"text": "x" * 40_000, "blocks": blocks}) == []
    assert view_problems({"type": "home", "blocks": blocks * 2})
    assert view_problems({"type": "home", "blocks": [*blocks, *[{"type": "divider"}] * 50]}) == []


@pytest.mark.parametrize(
    "more",
    [
        {"title": plain("x" * 25)},
        {"submit": None},
        {"close": plain("x" * 25)},
        {"private_metadata": "x" * 3001},
        {"callback_id": "x" * 256},
        {"blocks": [{"type": "divider"}] * 101},
        {"type": "sheet"},
        {"type": "home"},
    ],
)
def test_so_is_a_view(more):
    assert view_problems(MODAL) == []
    assert view_problems(MODAL | more)


def test_a_message_that_is_refused_does_not_land():
    async def story(slack, client):
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(channel="C1", text="x", blocks=[{"type": "carousel"}])
        assert caught.value.response["error"] == "invalid_blocks"
        assert "carousel" in caught.value.response["response_metadata"]["messages"][0]
        assert slack.messages("C1") == []
        slack.strict = False
        await client.chat_postMessage(channel="C1", text="x", blocks=[{"type": "carousel"}])

    told(story)


def test_live_mentions_and_links_are_found_and_escaped_ones_are_not():
    assert pings(
        "<!here> &lt;!channel&gt; <@UADA> <https://a.b|c> <!date^1^{date}|x> 1 < 2 > 0"
    ) == [*("<!here>", "<@UADA>", "<https://a.b|c>")]
    said = {
        "text": "<!channel>",
        "blocks": [
            {"type": "header", "text": plain("<!everyone>")},
            {"type": "context", "elements": [mrkdwn("<!subteam^S1|x>")["text"]]},
            {"type": "rich_text", "elements": [{"type": "broadcast", "range": "here"}]},
        ],
    }
    assert pings(said) == ["<!channel>", "<!subteam^S1|x>", "<!here>"]


def test_a_dropped_connection_leaves_the_post_or_not_as_ordered():
    async def story(slack, client):
        slack.fail("chat.postMessage", Fault.DROP_BEFORE)
        slack.fail("chat.postMessage", Fault.DROP_AFTER)
        for text in ("lost", "landed"):
            with pytest.raises(aiohttp.ServerDisconnectedError):
                await client.chat_postMessage(channel="C1", text=text)
        assert [m.text for m in slack.messages("C1")] == ["landed"]

    told(story)


def test_other_faults_come_as_ordered_and_then_it_is_well_again():
    async def story(slack, client):
        slack.fail("chat.postMessage", Fault.ratelimited(7))
        slack.fail("chat.postMessage", Fault.error("fatal_error", lands=True))
        slack.fail("chat.postMessage", Fault.status(503))
        slack.fail("chat.postMessage", Fault.slow(0.1))
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(channel="C1", text="1")
        assert caught.value.response.status_code == 429
        assert caught.value.response.headers["Retry-After"] == "7"
        assert await refusal(client.chat_postMessage(channel="C1", text="2")) == "fatal_error"
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(channel="C1", text="3")
        assert caught.value.response.status_code == 503
        began = time.monotonic()
        await client.chat_postMessage(channel="C1", text="4")
        assert time.monotonic() - began >= 0.1
        await client.chat_postMessage(channel="C1", text="5")
        assert [m.text for m in slack.messages("C1")] == ["2", "4", "5"]
        assert slack.calls["chat.postMessage"] == 5

    told(story)


def test_too_many_posts_to_a_channel_or_in_all_are_limited():
    async def story(slack, client):
        slack.per_channel, slack.burst = 1, 2
        posts = [await outcome(client.chat_postMessage(channel="C1", text="x")) for _ in range(4)]
        assert posts == ["ok", "ok", "ratelimited", "ratelimited"]
        assert await outcome(client.chat_postMessage(channel="C2", text="x")) == "ok"
        slack.per_channel, slack.workspace_per_minute = None, 3
        posts = [await outcome(client.chat_postMessage(channel="C1", text="x")) for _ in range(4)]
        assert posts == ["ok", "ok", "ok", "ratelimited"]
        assert slack.limited == {"chat.postMessage": 3}

    told(story)


async def outcome(call):
    try:
        await call
    except SlackApiError as error:
        return error.response["error"]
    return "ok"


def test_a_mention_comes_as_two_events_and_is_answered_in_its_thread():
    async def story(slack, client):
        async with running(slack, client):
            said = await slack.say("UADA", "C1", f"<@{slack.bot_user}> hello")
            answer = await slack.reply_to(said)
            assert (answer.text, answer.thread_ts) == ("Hello", said.ts)
            await slack.until(lambda: len(slack.acks) == 6)  # with the bot's own; by both names
            assert sum(name.startswith("Ev") for name in slack.acks) == 3
            assert max(slack.acks.values()) < 1
            assert slack.unacked == 0

    told(story)


def test_what_the_bot_is_not_in_or_does_not_subscribe_to_it_is_not_told():
    async def story(slack, client):
        slack.events.discard("message.groups")
        await slack.say("UADA", "C3", f"<@{slack.bot_user}> hello")
        await slack.say("UADA", "C2", "hello")
        assert not slack._tasks
        await slack.say("UADA", "C1", "hello")
        assert len(slack._tasks) == 1

    told(story)


def test_edits_and_deletions_are_told_with_what_was_there_before():
    async def story(slack, client):
        seen = []
        app = AsyncApp(client=client, signing_secret=slack.signing_secret)

        @app.event("message")
        async def heard(event):
            seen.append(event)

        handler = AsyncSocketModeHandler(app, slack.app_token)
        await handler.connect_async()
        said = await slack.say("UADA", "C1", "one")
        await slack.edit_message(said, "two")
        await slack.delete_message(said)
        await slack.until(lambda: len(slack.acks) == 6)
        kinds = [e.get("subtype") for e in sorted(seen, key=lambda e: e["event_ts"])]
        assert kinds == [None, "message_changed", "message_deleted"]
        [changed] = [e for e in seen if e.get("subtype") == "message_changed"]
        assert changed["previous_message"]["text"] == "one"
        assert changed["message"]["text"] == "two"
        await handler.close_async()

    told(story)


def test_a_command_is_answered_through_its_response_url_where_the_bot_is_not():
    async def story(slack, client):
        async with running(slack, client):
            command = await slack.command("UADA", "C3", "/kbnets", "next")
            answer = await slack.reply_to(command)
            assert slack.ephemerals("UADA", "C3") == [answer]
            await slack.until(lambda: command.done)
            assert command.acked is not None
            hook = AsyncWebhookClient(command.response_url)
            sent = [
                (await hook.send(text="Shown", response_type="in_channel")).status_code
                for _ in range(5)
            ]
            assert sent == [200, 200, 200, 200, 404]
            assert [m.text for m in slack.messages("C3")] == ["Shown"] * 4

    told(story)


def test_buttons_and_selects_are_pressed_with_their_payloads():
    async def story(slack, client):
        async with running(slack, client):
            answer = await slack.reply_to(await slack.say("UADA", slack.im("UADA"), "hi"))
            pressed = await slack.press("UADA", answer, "day", "Tuesday")
            assert (await slack.reply_to(pressed)).text == "On tue"
            pressed = await slack.press("UADA", answer, "Remind me")
            assert await slack.reply_to(pressed) is answer
            assert answer.text == "Noted k1"
            assert pressed.payload["container"]["message_ts"] == answer.ts
            whisper = await slack.reply_to(await slack.command("UADA", "C1", "/kbnets"))
            await slack.press("UADA", whisper, "remind")
            await slack.until(lambda: whisper.text == "Noted k1")

    told(story)


def test_a_modal_is_opened_refused_and_sent():
    async def story(slack, client):
        async with running(slack, client):
            await slack.command("UADA", "C1", "/kbnets", "note")
            await slack.until(lambda: slack.modals)
            ack = await slack.submit("UADA", slack.modals[-1], {"what": "nothing"})
            assert ack["errors"] == {"said": "Say something"}
            assert await slack.submit("UADA", slack.modals[-1], {"said": "Something"}) == {}
            assert slack.modals == []

    told(story)


def test_a_trigger_opens_one_view_within_three_seconds():
    now = [datetime(2026, 3, 2, 9, tzinfo=UTC)]

    async def story(slack, client):
        late, twice = [await slack.command("UADA", "C1", "/kbnets") for _ in range(2)]
        await client.views_open(trigger_id=twice.trigger_id, view=MODAL)
        again = client.views_open(trigger_id=twice.trigger_id, view=MODAL)
        assert await refusal(again) == "exchanged_trigger_id"
        now[0] += timedelta(seconds=4)
        tried = client.views_open(trigger_id=late.trigger_id, view=MODAL)
        assert await refusal(tried) == "expired_trigger_id"
        view = slack.modals[0]
        stale = client.views_update(view_id=view["id"], hash="old", view=MODAL)
        assert await refusal(stale) == "hash_conflict"
        await client.views_update(view_id=view["id"], hash=view["hash"], view=MODAL)

    told(story, clock=lambda: now[0])


def test_the_home_tab_is_published_and_its_buttons_work():
    async def story(slack, client):
        async with running(slack, client):
            await slack.open_home("UADA")
            home = await slack.until(lambda: slack.home("UADA"))
            assert home["blocks"][0]["block_id"] == "card"
            pressed = await slack.press("UADA", home, "remind")
            await slack.until(lambda: pressed.done)
            assert pressed.acked is not None

    told(story)


def test_sockets_take_turns_and_come_back_after_a_disconnect_and_a_cut():
    async def story(slack, client):
        async with running(slack, client, sockets=2):
            await slack.disconnect("refresh_requested")
            await slack.until(lambda: len(slack.sockets) == 2)
            slack.cut()
            said = await slack.say("UADA", "C1", f"<@{slack.bot_user}> hello")
            assert not slack.sockets
            assert (await slack.reply_to(said)).text == "Hello"
            assert slack.calls["apps.connections.open"] >= 4

    told(story)


def test_an_event_without_an_ack_is_sent_again_under_its_id():
    async def story(slack, client):
        slack.ack_timeout, slack.retry_delays = 0.1, (0.0, 0.05)
        url = (await client.apps_connections_open(app_token=slack.app_token))["url"]
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as ws:
            assert (await ws.receive_json())["type"] == "hello"
            said = await slack.say("UADA", "C1", "hello")
            first, second = await ws.receive_json(), await ws.receive_json()
            assert first["payload"] == second["payload"]
            assert first["payload"]["event"]["ts"] == said.ts
            assert (first["retry_attempt"], second["retry_attempt"]) == (0, 1)
            assert second["retry_reason"] == "timeout"
            await ws.send_json({"envelope_id": second["envelope_id"]})
            await slack.until(lambda: first["payload"]["event_id"] in slack.acks)
            await slack.say("UADA", "C1", "again")
            await slack.until(lambda: slack.unacked == 1)

    told(story)


def test_events_commands_and_actions_go_to_an_endpoint_signed():
    async def story(slack, client):
        app = AsyncApp(client=client, signing_secret=slack.signing_secret)
        wire(app)

        async def endpoint(request):
            bolt = AsyncBoltRequest(body=await request.text(), headers=dict(request.headers))
            answer = await app.async_dispatch(bolt)
            kind = answer.first_headers().get("content-type", "text/plain").partition(";")[0]
            return web.Response(status=answer.status, text=answer.body, content_type=kind)

        site = web.Application()
        site.router.add_post("/slack/events", endpoint)
        runner = web.AppRunner(site)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        slack.http_to(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
        said = await slack.say("UADA", "C1", f"<@{slack.bot_user}> hello")
        assert (await slack.reply_to(said)).text == "Hello"
        answer = await slack.reply_to(await slack.command("UADA", "C1", "/kbnets"))
        await slack.reply_to(await slack.press("UADA", answer, "remind"))
        assert await slack.post_signed() == 200
        assert await slack.bad_signature() == 401
        assert await slack.old_timestamp() == 401
        await slack.settled()
        await runner.cleanup()

    told(story)


def test_an_eleventh_socket_is_sent_away():
    async def story(slack, client):
        async with aiohttp.ClientSession() as session, contextlib.AsyncExitStack() as stack:
            said = []
            for _ in range(11):
                url = (await client.apps_connections_open(app_token=slack.app_token))["url"]
                ws = await stack.enter_async_context(session.ws_connect(url))
                said.append(await ws.receive_json())
            assert [s["type"] for s in said] == ["hello"] * 10 + ["disconnect"]
            assert said[-1]["reason"] == "too_many_websockets"

    told(story)
