"""The Discord on this machine does to a bot what Discord does, as far as discord.py can see."""

import asyncio
import contextlib
import time
import warnings
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from tests.fake_discord import (
    EVERYTHING,
    FakeDiscord,
    Fault,
    buttons,
    modal_problems,
    pings,
    pointed_at,
    problems,
    text,
)
from tests.fake_discord_limits import check, command_problems, errors, event_problems


with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # audioop, which discord.py imports
    import discord
    from discord import app_commands, ui


NOBODY = discord.AllowedMentions.none()
ADMIN = discord.Permissions(administrator=True)
LATER = datetime(2040, 5, 1, 9, tzinfo=UTC)


class Card(ui.View):
    """A button that changes its message, one that opens a form, and a select."""

    def __init__(self):
        super().__init__(timeout=None)

    @ui.button(label="Remind me", custom_id="remind")
    async def remind(self, interaction, button):
        button.label = "Reminded"
        await interaction.response.edit_message(view=self)

    @ui.button(label="Note", custom_id="note")
    async def note(self, interaction, button):
        await interaction.response.send_modal(Note())

    @ui.select(
        custom_id="day",
        placeholder="Which day?",
        options=[
            discord.SelectOption(label="Monday", value="mon"),
            discord.SelectOption(label="Tue"),
        ],
    )
    async def day(self, interaction, select):
        await interaction.response.send_message(f"On {select.values[0]}", ephemeral=True)


class Note(ui.Modal, title="A note"):
    said: ui.TextInput["Note"] = ui.TextInput(label="What?", max_length=20)

    async def on_submit(self, interaction, /):
        await interaction.response.send_message(f"Noted {self.said.value}", ephemeral=True)


class Bot(discord.Client):
    """Answers a bit of everything."""

    def __init__(self, guild, *, intents=None):
        asked = discord.Intents(guilds=True, messages=True, guild_scheduled_events=True)
        super().__init__(
            intents=intents or asked, allowed_mentions=NOBODY, guild_ready_timeout=0.05
        )
        self.tree = app_commands.CommandTree(self)
        self.at = discord.Object(int(guild))
        self.heard: list[str] = []
        self.resumed = 0
        self.task: asyncio.Task[None] | None = None
        wire(self.tree)

    async def setup_hook(self):
        self.add_view(Card())
        self.tree.copy_global_to(guild=self.at)
        await self.tree.sync(guild=self.at)

    async def before_identify_hook(self, shard_id, *, initial=False):
        """Don't wait five seconds before identifying again."""

    async def on_message(self, message):
        self.heard.append(message.content)
        if message.author == self.user:
            return
        if message.guild is None:
            await message.channel.send(f"You said {message.content}")
        elif self.user in message.mentions:
            embed = discord.Embed(title="Hello", description=f"{message.author.name}")
            embed.add_field(name="Room", value="A").set_footer(text="So far")
            await message.reply(embed=embed, view=Card())

    async def on_resumed(self):
        self.resumed += 1


def wire(tree):
    @tree.command(description="Ask something")
    async def ask(interaction: discord.Interaction, what: str):
        if what == "slowly":
            await interaction.response.defer(ephemeral=True)
            await interaction.followup.send("At last")
            await interaction.followup.send("And more", ephemeral=True)
            await interaction.edit_original_response(content="At last, changed")
        elif what == "nothing":
            await asyncio.sleep(0.3)
            await interaction.response.send_message("Too late")
        else:
            await interaction.response.send_message(what, view=Card())

    @ask.autocomplete("what")
    async def completed(interaction: discord.Interaction, typed: str):
        found = [word for word in ("lunch", "lights", "keynote") if word.startswith(typed)]
        return [app_commands.Choice(name=word, value=word) for word in found]

    chairs = app_commands.Group(
        name="chairs",
        description="For chairs",
        default_permissions=discord.Permissions(manage_guild=True),
    )

    @chairs.command(description="Thank somebody")
    async def thank(interaction: discord.Interaction, whom: discord.Member, times: int = 1):
        await interaction.response.send_message(f"Thanks, {whom.name}" + "!" * times)

    tree.add_command(chairs)


class World:
    def __init__(self, fake):
        self.fake = fake
        self.guild = fake.add_guild(name="Workshop")
        self.channel = fake.add_channel(self.guild, "general")
        self.ada, self.eve = fake.add_user("ada"), fake.add_user("eve")
        fake.add_member(self.guild, self.ada, permissions=discord.Permissions(manage_guild=True))
        fake.add_member(self.guild, self.eve)


def told(story, **more):
    """Run a story in a guild with two members, and nobody of the bot's connected."""

    async def run():
        async with FakeDiscord(**more) as fake:
            with pointed_at(fake):
                await story(fake, World(fake))

    asyncio.run(run())


@contextlib.asynccontextmanager
async def running(fake, world, *, token=None, **more):
    """The bot, logged in and ready."""
    bot = Bot(world.guild, **more)
    bot.task = task = asyncio.create_task(bot.start(token or fake.token))
    try:
        ready = asyncio.create_task(bot.wait_until_ready())
        await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED, timeout=5)
        ready.cancel()
        if task.done():
            await task
        yield bot
    finally:
        await bot.close()
        with contextlib.suppress(Exception):
            await task


def online(story, **more):
    """Run a story with the bot connected."""
    intents = more.pop("intents", None)

    async def with_bot(fake, world):
        async with running(fake, world, intents=intents) as bot:
            await story(fake, world, bot)

    told(with_bot, **more)


async def refusal(call):
    with pytest.raises(discord.HTTPException) as caught:
        await call
    return caught.value.status, caught.value.code


def channel_of(bot, channel):
    return bot.get_partial_messageable(int(channel))


def test_a_bot_logs_in_syncs_its_commands_and_is_ready():
    async def story(fake, world, bot):
        assert bot.user.id == int(fake.bot_user)
        assert bot.get_guild(int(world.guild)).name == "Workshop"
        assert [c["name"] for c in fake.registered(world.guild)] == ["ask", "chairs"]
        assert fake.calls["PUT /applications/{}/guilds/{}/commands"] == 1
        assert fake.registered() == []
        assert (await bot.application_info()).id == int(fake.app_id)
        assert not fake.unknown
        assert len(fake.sessions) == 1

    online(story)


def test_a_mention_is_heard_and_replied_to():
    async def story(fake, world, bot):
        said = await fake.say(world.ada, world.channel, "Hi", mention=True)
        reply = await fake.reply_to(said)
        assert text(reply) == "Hello\nada\nRoom\nA\nSo far"
        assert buttons(reply) == ["Remind me", "Note"]
        assert reply.reference == said.id
        assert reply.author == fake.bot_user
        assert reply.allowed_mentions == {"parse": []}
        assert fake.pings(reply) == []
        assert fake.messages(world.channel) == [said, reply]

    online(story)


def test_a_direct_message_is_answered_unless_its_reader_wants_none():
    async def story(fake, world, bot):
        said = await fake.say(world.eve, fake.dm(world.eve), "Hi")
        assert text(await fake.reply_to(said)) == "You said Hi"
        closed = fake.add_user("closed", dms=False)
        user = await bot.fetch_user(int(closed))
        assert await refusal(user.send("Hi")) == (403, 50007)
        assert fake.refused == [("POST /channels/{}/messages", 50007, [])]

    online(story)


def test_without_the_intent_only_what_is_meant_for_the_bot_can_be_read():
    async def story(fake, world, bot):
        await fake.say(world.ada, world.channel, "Secret")
        first = await fake.say(world.ada, world.channel, "Hi", mention=True)
        reply = await fake.reply_to(first)
        await fake.say(world.ada, world.channel, "Yes", reply_to=reply, mention=True)
        await fake.say(world.ada, world.channel, "No", reply_to=reply)
        await fake.settled()
        mention = f"<@{fake.bot_user}> Hi"
        assert [said for said in bot.heard if "Hello" not in said][:2] == ["", mention]
        assert "Yes" in bot.heard
        assert "No" not in bot.heard
        channel = channel_of(bot, world.channel)
        assert [m.content async for m in channel.history(limit=None, oldest_first=True)][:2] == [
            "",
            mention,
        ]

    online(story)


def test_with_the_intent_everything_can_be_read():
    intents = discord.Intents(guilds=True, messages=True, message_content=True)

    async def story(fake, world, bot):
        said = await fake.say(world.ada, world.channel, "Open")
        await fake.settled()
        await fake.edit(said, "Opener")
        await fake.settled()
        assert bot.heard == ["Open"]
        assert (
            await channel_of(bot, world.channel).fetch_message(int(said.id))
        ).content == "Opener"
        await fake.delete(said)
        missing = channel_of(bot, world.channel).fetch_message(int(said.id))
        assert await refusal(missing) == (404, 10008)

    online(story, intents=intents, privileged=["message_content"])


def test_a_wrong_token_and_an_intent_that_is_not_enabled_are_refused():
    async def story(fake, world):
        with pytest.raises(discord.LoginFailure):
            async with running(fake, world, token="wrong"):
                pass
        everything = discord.Intents(guilds=True, message_content=True)
        with pytest.raises(discord.PrivilegedIntentsRequired):
            async with running(fake, world, intents=everything):
                pass
        async with running(fake, world) as bot:
            fake.token += "changed"
            fake.invalidate()
            await fake.until(lambda: ("IDENTIFY", 4004, []) in fake.refused)
            await asyncio.wait([bot.task], timeout=5)
            assert bot.is_closed()

    told(story)


@pytest.mark.parametrize("how", ["cut", "reconnect", "close"])
def test_a_lost_connection_is_resumed_and_nothing_is_missed(how):
    async def story(fake, world, bot):
        await fake.say(world.ada, fake.dm(world.ada), "One")
        await fake.until(lambda: "One" in bot.heard)
        getattr(fake, how)()
        await fake.say(world.ada, fake.dm(world.ada), "Two")
        await fake.until(lambda: fake.calls["RESUME"] == 1)
        await fake.say(world.ada, fake.dm(world.ada), "Three")
        await fake.settled()
        assert [said for said in bot.heard if "You" not in said] == ["One", "Two", "Three"]
        assert (bot.resumed, fake.calls["IDENTIFY"]) == (1, 1)

    online(story)


def test_an_invalid_session_begins_anew():
    async def story(fake, world, bot):
        fake.invalidate()
        await fake.until(lambda: fake.calls["IDENTIFY"] == 2)
        await fake.connected()
        said = await fake.say(world.ada, fake.dm(world.ada), "Still there?")
        assert await fake.reply_to(said)

    online(story)


def test_several_sessions_hear_the_same():
    async def story(fake, world, bot):
        async with running(fake, world) as other:
            await fake.connected(2)
            await fake.say(world.ada, fake.dm(world.ada), "Hi")
            await fake.settled()
            assert bot.heard[0] == other.heard[0] == "Hi"
            await fake.until(lambda: len(fake.messages(fake.dm(world.ada))) == 3)

    online(story)


def test_a_slash_command_is_answered_pressed_on_and_followed_up():
    async def story(fake, world, bot):
        asked = await fake.command(world.eve, world.channel, "ask", {"what": "lunch"})
        card = await fake.reply_to(asked)
        assert (text(card), asked.kind, asked.ephemeral) == ("lunch", 4, False)
        assert asked.responses == [card]
        pressed = await fake.press(world.eve, card, "Remind me")
        await fake.settled()
        assert (pressed.kind, buttons(card)) == (7, ["Reminded", "Note"])
        chosen = await fake.press(world.eve, card, "day", "Monday")
        assert text(await fake.reply_to(chosen)) == "On mon"
        assert [text(m) for m in fake.ephemerals(world.eve, world.channel)] == ["On mon"]
        slow = await fake.command(world.eve, world.channel, "ask", {"what": "slowly"})
        await fake.until(lambda: slow.edits)
        assert (slow.deferred, slow.ephemeral) == (True, True)
        assert [text(m) for m in slow.responses] == ["At last, changed"]
        assert [text(m) for m in slow.followups] == ["And more"]
        assert all(m.ephemeral for m in slow.came)
        assert fake.messages(world.channel) == [card]

    online(story)


def test_a_modal_opens_and_is_submitted():
    async def story(fake, world, bot):
        asked = await fake.command(world.eve, world.channel, "ask", {"what": "lunch"})
        pressed = await fake.press(world.ada, await fake.reply_to(asked), "note")
        modal = await fake.reply_to(pressed)
        assert (modal.title, [label for _, label in modal.inputs]) == ("A note", ["What?"])
        with pytest.raises(ValueError, match="required"):
            await fake.submit(world.ada, modal)
        with pytest.raises(ValueError, match="0 to 20"):
            await fake.submit(world.ada, modal, {"What?": "x" * 21})
        sent = await fake.submit(world.ada, modal, {"What?": "tea"})
        assert text(await fake.reply_to(sent)) == "Noted tea"
        assert sent.ephemeral

    online(story)


def test_what_only_one_sees_only_one_can_press():
    async def story(fake, world, bot):
        asked = await fake.command(world.eve, world.channel, "ask", {"what": "slowly"})
        await fake.until(lambda: asked.followups)
        [first, second] = fake.ephemerals(world.eve, world.channel)
        assert fake.ephemerals(world.ada, world.channel) == []
        with pytest.raises(LookupError):
            await fake.press(world.ada, first, "remind")
        with pytest.raises(LookupError):
            await fake.press(world.eve, first, "remind")  # it has no buttons
        forged = await fake.press(world.eve, second, "remind", forced=True)
        await fake.settled()
        assert (forged.kind, buttons(second)) == (7, ["Reminded", "Note"])

    online(story)


def test_commands_of_all_guilds_can_be_used_in_direct_messages():
    async def story(fake, world, bot):
        where = fake.dm(world.eve)
        with pytest.raises(LookupError):
            await fake.command(world.eve, where, "ask", {"what": "lunch"})
        await bot.tree.sync()
        asked = await fake.command(world.eve, where, "ask", {"what": "lunch"})
        assert text(await fake.reply_to(asked)) == "lunch"
        assert len(fake.messages(where)) == 1

    online(story)


def test_commands_are_seen_by_those_who_may_and_take_what_fits():
    async def story(fake, world, bot):
        thanks = {"group": None, "sub": "thank", "options": {"whom": world.eve, "times": 2}}
        done = await fake.command(world.ada, world.channel, "chairs", **thanks)
        assert text(await fake.reply_to(done)) == "Thanks, eve!!"
        with pytest.raises(LookupError):
            await fake.command(world.eve, world.channel, "chairs", **thanks)
        forged = await fake.command(world.eve, world.channel, "chairs", **thanks, forced=True)
        assert text(await fake.reply_to(forged)) == "Thanks, eve!!"
        with pytest.raises(LookupError):
            await fake.command(world.ada, world.channel, "none")
        with pytest.raises(ValueError, match="required"):
            await fake.command(world.ada, world.channel, "ask")
        boss = fake.add_user("boss")
        fake.add_member(world.guild, boss, permissions=ADMIN)
        assert await fake.command(boss, world.channel, "chairs", **thanks)
        await fake.settled()

    online(story)


def test_an_option_completes_itself():
    async def story(fake, world, bot):
        found = await fake.autocomplete(world.eve, world.channel, "ask", "what", "li")
        assert found == [{"name": "lights", "value": "lights"}]
        with pytest.raises(LookupError):
            await fake.autocomplete(world.eve, world.channel, "ask", "when", "li")

    online(story)


def test_an_interaction_is_answered_in_time_once_and_for_a_while():
    now = [datetime(2030, 1, 1, tzinfo=UTC)]

    async def story(fake, world, bot):
        bot.tree.on_error = quiet
        fake.answer_within = 0.1
        asked = await fake.command(world.eve, world.channel, "ask", {"what": "nothing"})
        await fake.until(lambda: fake.refused)
        assert asked.late
        assert fake.late == [asked]
        assert [(code) for _, code, _ in fake.refused] == [10062]
        asked = await fake.command(world.eve, world.channel, "ask", {"what": "lunch"})
        await fake.reply_to(asked)
        async with aiohttp.ClientSession() as http:
            url = f"{fake.api_url}/interactions/{asked.id}/{asked.token}/callback"
            async with http.post(url, json={"type": 4, "data": {"content": "x"}}) as answer:
                assert (answer.status, (await answer.json())["code"]) == (400, 40060)
            url = f"{fake.api_url}/webhooks/{fake.app_id}/{asked.token}"
            async with http.post(url, json={"content": "x"}) as answer:
                assert answer.status == 200
            now[0] += timedelta(minutes=15)
            async with http.post(url, json={"content": "x"}) as answer:
                assert (answer.status, (await answer.json())["code"]) == (401, 50027)

    online(story, clock=lambda: now[0])


async def quiet(interaction, error):
    """Let an error of a command be."""


def test_a_nonce_makes_one_message_for_a_while():
    now = [datetime(2030, 1, 1, tzinfo=UTC)]

    async def story(fake, world, bot):
        channel = channel_of(bot, world.channel)
        first = await channel.send("One", nonce="k1")
        again = await channel.send("One", nonce="k1")
        assert (again.id, fake.deduplicated) == (first.id, 1)
        await first.delete()
        assert await refusal(channel.send("One", nonce="k1")) == (404, 10008)
        now[0] += timedelta(seconds=120)
        later = await channel.send("One", nonce="k1")
        assert later.id != first.id
        assert [m.nonce for m in fake.messages(world.channel)] == ["k1", "k1"]

    online(story, clock=lambda: now[0])


def test_history_comes_newest_first_and_in_pages():
    async def story(fake, world, bot):
        said = [await fake.say(world.ada, world.channel, f"{n}") for n in range(60)]
        await fake.delete(said[59])
        http = bot.http
        ids = [m["id"] for m in await http.logs_from(int(world.channel), 50)]
        assert ids == [m.id for m in reversed(said[9:59])]
        after = await http.logs_from(int(world.channel), 2, after=int(said[3].id))
        assert [m["id"] for m in after] == [said[5].id, said[4].id]
        before = await http.logs_from(int(world.channel), 2, before=int(said[3].id))
        assert [m["id"] for m in before] == [said[2].id, said[1].id]
        around = await http.logs_from(int(world.channel), 3, around=int(said[3].id))
        assert [m["id"] for m in around] == [said[4].id, said[3].id, said[2].id]
        assert await refusal(http.logs_from(int(world.channel), 101)) == (400, 50035)

    online(story)


def test_where_the_bot_may_not_it_is_told_why():
    async def story(fake, world, bot):
        closed = fake.add_channel(world.guild, "closed", viewable=False)
        read_only = fake.add_channel(world.guild, "read-only", writable=False)
        bare = fake.add_channel(world.guild, "bare", embeds=False, history=False)
        await fake.settled()
        embed = discord.Embed(title="Hi")
        assert await refusal(bot.fetch_channel(int(closed))) == (403, 50001)
        assert await refusal(channel_of(bot, closed).send("Hi")) == (403, 50001)
        assert await refusal(channel_of(bot, read_only).send("Hi")) == (403, 50013)
        assert await refusal(channel_of(bot, bare).send(embed=embed)) == (403, 50013)
        said = await fake.say(world.ada, bare, "Hi")
        assert [m async for m in channel_of(bot, bare).history()] == []
        there = channel_of(bot, bare).get_partial_message(int(said.id))
        assert await refusal(there.reply("Hi")) == (403, 160002)
        assert await refusal(there.edit(content="No")) == (403, 50005)
        assert await refusal(there.delete()) == (403, 50013)
        assert await refusal(bot.fetch_channel(1)) == (404, 10003)
        assert await refusal(bot.fetch_guild(1)) == (404, 10004)
        may = bot.get_channel(int(bare)).permissions_for(bot.get_guild(int(world.guild)).me)
        assert (may.send_messages, may.embed_links, may.read_message_history) == (
            True,
            False,
            False,
        )
        fake.permit(bare, embeds=True)
        await channel_of(bot, bare).send(embed=embed)
        missing = bot.http.request(discord.http.Route("GET", "/channels/1/webhooks"))
        assert await refusal(missing) == (404, 0)
        assert fake.unknown == {"GET /channels/{}/webhooks": 1}

    online(story)


def test_messages_are_edited_and_deleted_and_threads_started():
    async def story(fake, world, bot):
        message = await bot.get_channel(int(world.channel)).send("One")
        await message.edit(content="Two")
        [kept] = fake.messages(world.channel)
        assert (kept.content, kept.versions[0]["content"]) == ("Two", "One")
        assert kept.edited
        thread = await message.create_thread(name="More")
        await thread.send("Below")
        assert [text(m) for m in fake.messages(kept.thread)] == ["Below"]
        assert await refusal(message.create_thread(name="More")) == (400, 160004)
        await message.delete()
        assert kept.deleted
        assert fake.messages(world.channel) == [kept]

    online(story)


def test_events_are_planned_moved_and_cancelled_within_limits():
    async def story(fake, world, bot):
        guild = bot.get_guild(int(world.guild))
        plan = {
            "start_time": LATER,
            "end_time": LATER + timedelta(hours=1),
            "entity_type": discord.EntityType.external,
            "privacy_level": discord.PrivacyLevel.guild_only,
            "location": "Room A",
        }
        event = await guild.create_scheduled_event(name="Keynote", description="One", **plan)
        await event.edit(name="Keynote 2", start_time=LATER + timedelta(minutes=5))
        [kept] = fake.scheduled(world.guild)
        assert (kept["name"], kept["entity_metadata"]) == ("Keynote 2", {"location": "Room A"})
        assert kept["scheduled_start_time"] == "2040-05-01T09:05:00+00:00"
        assert [e.name for e in await guild.fetch_scheduled_events()] == ["Keynote 2"]
        long = guild.create_scheduled_event(name="x" * 101, **plan)
        assert await refusal(long) == (400, 50035)
        for number in range(99):
            fake.add_event(world.guild, f"{number}", LATER, LATER + timedelta(hours=1))
        assert await refusal(guild.create_scheduled_event(name="One more", **plan)) == (400, 30038)
        await event.delete()
        assert len(fake.scheduled(world.guild)) == 99
        assert await refusal(event.delete()) == (404, 10070)
        fake.permit_events(world.guild, False)
        assert await refusal(guild.create_scheduled_event(name="Mine", **plan)) == (403, 50013)

    online(story)


def test_faults_befall_the_calls_they_are_ordered_for():
    async def story(fake, world, bot):
        channel, route = channel_of(bot, world.channel), "POST /channels/{}/messages"
        fake.fail(route, Fault.DROP_BEFORE)
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await channel.send("One")
        fake.fail(route, Fault.DROP_AFTER)
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await channel.send("Two", nonce="2")
        await channel.send("Two", nonce="2")
        fake.fail(route, Fault.status(503))
        assert await refusal(channel.send("Three")) == (503, 0)
        fake.fail(route, Fault.error(50013, lands=True))
        assert await refusal(channel.send("Four")) == (403, 50013)
        fake.fail(route, Fault.ratelimited(0.1))
        fake.fail(route, Fault.slow(0.05))
        began = time.monotonic()
        await channel.send("Five")
        assert time.monotonic() - began >= 0.15
        assert [text(m) for m in fake.messages(world.channel)] == ["Two", "Four", "Five"]
        assert fake.limited == {route: 1}

    online(story)


def test_floods_are_held_back_as_discord_does():
    async def story(fake, world, bot):
        fake.per_channel = (2, 0.3)
        channel = channel_of(bot, world.channel)
        began = time.monotonic()
        await asyncio.gather(*[channel.send(f"{n}") for n in range(5)])
        assert time.monotonic() - began >= 0.55
        assert len(fake.messages(world.channel)) == 5
        async with aiohttp.ClientSession(headers={"Authorization": f"Bot {fake.token}"}) as http:
            url = f"{fake.api_url}/channels/{world.channel}/messages"
            answers = [await http.post(url, json={"content": "x"}) for _ in range(3)]
            assert answers[-1].status == 429
            assert answers[-1].headers["Via"]
            assert 0 < (await answers[-1].json())["retry_after"] <= 0.3
        assert fake.limited["POST /channels/{}/messages"] >= 1

    online(story, limits=True)


def test_more_than_so_many_calls_a_second_wait_whatever_they_are_about():
    async def story(fake, world, bot):
        fake.per_second = 3
        await asyncio.gather(*[bot.fetch_guild(int(world.guild)) for _ in range(5)])
        assert fake.limited["GET /guilds/{}"] >= 1
        asked = await fake.command(world.eve, world.channel, "ask", {"what": "lunch"})
        await fake.reply_to(asked)
        assert not fake.limited["POST /interactions/{}/{}/callback"]

    online(story, limits=True)


def test_what_is_too_long_is_refused_with_where_and_why():
    async def story(fake, world, bot):
        channel = channel_of(bot, world.channel)
        with pytest.raises(discord.HTTPException, match=r"embeds\.0\.title"):
            await channel.send(embed=discord.Embed(title="x" * 257))
        assert await refusal(channel.send(" ")) == (400, 50006)
        [(_, code, [why]), _] = fake.refused
        assert (code, why) == (50035, "50035: embeds.0.title: Must be 256 or fewer in length.")

    online(story)


def button(custom_id="b", **more):
    return {"type": 2, "style": 1, "label": "B", "custom_id": custom_id, **more}


def row(*parts):
    return {"components": [{"type": 1, "components": list(parts)}]}


def options(count):
    return [{"label": f"{n}", "value": f"{n}"} for n in range(count)]


FIELD = {"name": "n", "value": "v"}


@pytest.mark.parametrize(
    ("payload", "where"),
    [
        ({"content": "x" * 2001}, "content"),
        ({"content": ""}, "message"),
        ({"embeds": [{"title": "x"}] * 11}, "embeds"),
        ({"embeds": [{}]}, "embeds.0.description"),
        ({"embeds": [{"description": "x" * 4097}]}, "embeds.0.description"),
        ({"embeds": [{"description": "x" * 3001}] * 2}, "embeds"),
        ({"embeds": [{"fields": [FIELD] * 26}]}, "embeds.0.fields"),
        ({"embeds": [{"fields": [{"name": " ", "value": "v"}]}]}, "embeds.0.fields.0.name"),
        ({"embeds": [{"fields": [{"name": "n"}]}]}, "embeds.0.fields.0.value"),
        ({"embeds": [{"title": "x", "footer": {"text": "x" * 2049}}]}, "embeds.0.footer.text"),
        ({"embeds": [{"title": "x", "url": "nowhere"}]}, "embeds.0.url"),
        (row(), "components.0.components"),
        (row(*[button(f"{n}") for n in range(6)]), "components.0.components"),
        (row(button(), button()), "components.0.components.1.custom_id"),
        (row(button(label="")), "components.0.components.0.label"),
        (row(button("x" * 101)), "components.0.components.0.custom_id"),
        (row({"type": 3, "custom_id": "s", "options": []}), "components.0.components.0.options"),
        (
            row({"type": 3, "custom_id": "s", "options": options(26)}),
            "components.0.components.0.options",
        ),
        (
            row({"type": 3, "custom_id": "s", "options": options(1)}, button()),
            "components.0.components",
        ),
        ({"components": row(button())["components"] * 6}, "components"),
        ({"content": "x", "nonce": "x" * 26}, "nonce"),
        (
            {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
            "allowed_mentions",
        ),
    ],
)
def test_each_limit_of_messages_is_known(payload, where):
    assert where in {problem.split(": ")[1] for problem in problems(payload)}


def test_what_is_within_the_limits_is_no_problem():
    full = {
        "content": "x" * 2000,
        "embeds": [{"title": "x" * 256, "fields": [FIELD] * 25, "color": 0xFFFFFF}],
        "components": [
            {"type": 1, "components": [button(f"{r}{n}") for n in range(5)]} for r in range(4)
        ],
    }
    full["components"] += row({"type": 3, "custom_id": "s", "options": options(25)})["components"]
    assert problems(full) == []
    one_input = {"type": 4, "custom_id": "i", "style": 1, "label": "x" * 45}
    modal = {"title": "x" * 45, "custom_id": "m", **row(one_input)}
    assert modal_problems(modal) == []
    assert modal_problems({**modal, "title": "x" * 46}) == [
        "50035: title: Must be 45 or fewer in length."
    ]
    assert modal_problems({**modal, **row({**one_input, "label": " "})})
    assert modal_problems({**modal, **row(button())})
    tree = errors(check({"embeds": [{"title": "x" * 257}]}))
    assert tree["embeds"]["0"]["title"]["_errors"][0]["code"] == "BASE_TYPE_MAX_LENGTH"


def test_each_limit_of_commands_and_events_is_known():
    fine = {"name": "ask", "description": "Ask", "options": []}
    choice = {"name": "c", "value": "c"}
    option = {"name": "what", "description": "What", "type": 3}
    assert command_problems([fine]) == []
    for wrong in (
        [{**fine, "name": "Ask"}],
        [{**fine, "name": "a b"}],
        [{**fine, "description": ""}],
        [fine, fine],
        [{**fine, "options": [{**option, "choices": [choice] * 26}]}],
        [{**fine, "options": [option, {**option, "name": "other", "required": True}]}],
        [{**fine, "options": [option] * 2}],
        [
            {
                **fine,
                "options": [{**option, "choices": [{"name": "x" * 99, "value": "x" * 99}] * 25}]
                * 2,
            }
        ],
        [{**fine, "name": f"n{n}"} for n in range(101)],
    ):
        assert command_problems(wrong)
    event = {
        "name": "Keynote",
        "privacy_level": 2,
        "entity_type": 3,
        "entity_metadata": {"location": "Room A"},
        "scheduled_start_time": LATER.isoformat(),
        "scheduled_end_time": (LATER + timedelta(hours=1)).isoformat(),
    }
    assert event_problems(event) == []
    assert event_problems(event, LATER + timedelta(minutes=1))
    for changed in (
        {"name": ""},
        {"description": "x" * 1001},
        {"entity_metadata": {"location": "x" * 101}},
        {"entity_metadata": None},
        {"scheduled_end_time": None},
        {"scheduled_end_time": LATER.isoformat()},
    ):
        assert event_problems({**event, **changed})


def test_who_would_be_pinged_follows_from_what_is_allowed():
    said = "@everyone <@1> <@&2>"
    assert pings(said) == ["@everyone", "<@1>", "<@&2>"]
    assert pings(said, interaction=True) == ["<@1>"]
    assert pings({"content": said, "allowed_mentions": {"parse": []}}) == []
    listed = {"content": said, "allowed_mentions": {"parse": [], "users": [1], "roles": []}}
    assert pings(listed) == ["<@1>"]
    assert pings({"embeds": [{"description": said}]}) == []
    assert pings({"content": "Yes"}, replied="7") == ["<@7>"]
    quiet_reply = {"content": "Yes", "allowed_mentions": {"parse": ["users"]}}
    assert pings(quiet_reply, replied="7") == []


def test_snowflakes_tell_the_time_and_grow():
    at = datetime(2030, 1, 1, tzinfo=UTC)
    fake = FakeDiscord(clock=lambda: at)
    ids = [int(fake.new_id()) for _ in range(3)]
    assert ids == sorted(set(ids))
    assert discord.utils.snowflake_time(ids[0]) == at
    assert fake._may(fake.guilds[fake.add_guild()], fake.owner) == EVERYTHING
