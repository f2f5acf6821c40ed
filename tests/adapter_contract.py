"""What every chat platform's adapter promises: a suite that each passes on its own fake.

A site brings the platform: people, channels, what they say and see, and its troubles.
"""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.answer import Answer, Bullets, Paragraph, Status
from bot.chat import Receipt, Sought
from bot.errors import BadConfig, InDoubt, Refused, TryLater


HOSTILE = "<!channel> @everyone <@U0BOB> & *bold* _it_ <https://x.example|click> :tada:"


def said(text):
    return Answer(Status.ANSWERED, (text,))


def long(lines):
    return Answer(
        Status.ANSWERED, ("All of them:",), (Bullets(tuple((f"line {n}",) for n in range(lines))),)
    )


class Contract:
    """The suite; a platform's class names its `site`."""

    site: Any

    def run(self, scenario, **more):
        async def inside():
            async with self.site(**more) as site:
                return await scenario(site)

        return asyncio.run(inside())

    # -- asking ------------------------------------------------------------------------------

    def test_a_question_to_the_bot_alone_is_answered_there(self):
        async def scenario(site):
            return site.text(await site.whisper("when is lunch?"))

        assert "12:30 pm" in self.run(scenario)

    def test_a_mention_is_answered_below_it(self):
        async def scenario(site):
            asked = await site.mention("when is lunch?")
            reply = await site.reply_to(asked)
            return site.stands_below(reply, asked), site.text(reply)

        below, text = self.run(scenario)
        assert below
        assert "12:30 pm" in text

    def test_a_follow_up_leans_on_what_was_asked_before(self):
        async def scenario(site):
            await site.whisper("when is lunch?")
            return site.text(await site.whisper("and where?"))

        assert "Centennial Terrace" in self.run(scenario)

    def test_a_follow_up_leans_on_it_after_a_restart_too(self):
        async def scenario(site):
            await site.whisper("when is lunch?")
            await site.stop()
            await site.start()
            return site.text(await site.whisper("and where?"))

        assert "Centennial Terrace" in self.run(scenario)

    def test_what_people_say_to_each_other_is_left_alone(self):
        async def scenario(site):
            before = site.all_seen()
            await site.say("when is lunch?")
            return await site.nothing(before)

        assert self.run(scenario)

    def test_what_is_sent_twice_is_answered_once(self):
        async def scenario(site):
            await site.mention_twice("when is lunch?")
            return len(site.in_channel())

        assert self.run(scenario) == 1

    def test_what_was_taken_and_never_answered_is_answered_by_whoever_comes_next(self):
        async def scenario(site):
            bot = site.bot

            async def dies(question):
                pass

            bot.answer = dies
            asked = await site.mention("when is lunch?")
            await site.settled()
            await site.stop()
            await site.start()
            site.clock.now += timedelta(seconds=30)
            for question in await site.reception.resumed():
                await site.bot.answer(question)
            again = await site.reception.resumed()
            return site.text(await site.reply_to(asked)), again

        text, again = self.run(scenario)
        assert "12:30 pm" in text
        assert not again

    def test_what_is_too_old_by_then_gets_a_word(self):
        async def scenario(site):
            async def dies(question):
                pass

            site.bot.answer = dies
            asked = await site.mention("when is lunch?")
            await site.settled()
            await site.stop()
            await site.start()
            site.clock.now += timedelta(minutes=3)
            for question in await site.reception.resumed():
                await site.bot.answer(question)
            return site.text(await site.reply_to(asked))

        assert "I was away" in self.run(scenario)

    def test_without_the_store_questions_are_answered_and_commands_refused(self):
        async def scenario(site):
            await site.without_store()
            asked = site.text(await site.whisper("when is lunch?"))
            await site.whisper("delay session 2 by 10", site.kim)
            return asked, site.text(await site.whisper("yes", site.kim)), site.desk.edition.log

        asked, done, log = self.run(scenario)
        assert "12:30 pm" in asked
        assert done.startswith("The store can't be reached")
        assert log == ()

    def test_a_store_that_hangs_keeps_nobody_waiting_for_long(self):
        async def scenario(site):
            async def hangs(*args, **kwargs):
                await asyncio.sleep(60)

            for name in ("begin", "finish", "noted", "turn"):
                setattr(site.store, name, hangs)
            return site.text(await site.whisper_patiently("when is lunch?"))

        assert "12:30 pm" in self.run(scenario)

    def test_hostile_text_pings_and_links_nothing(self):
        async def scenario(site):
            return site.pings(await site.whisper(f"who is {HOSTILE}"))

        assert self.run(scenario) == []

    # -- private and public ------------------------------------------------------------------

    def test_what_is_for_private_replies_never_appears_in_a_channel(self):
        async def scenario(site):
            aloud = site.text(await site.ask("what is the wifi password"))
            alone = site.text(await site.whisper("what is the wifi password"))
            command = await site.command("what is the wifi password")
            secret = [f.text for f in site.desk.event.infos if f.audience == "private"]
            shared = site.buttons(command)
            return aloud, alone, site.text(command), secret, shared

        at = "2019-10-08T11:00:00+02:00"
        aloud, alone, command, secret, shared = self.run(scenario, event="tidal", at=at)
        assert any(s in alone for s in secret)
        assert any(s in command for s in secret)
        assert not any(s in aloud for s in secret)
        assert shared

    def test_what_is_for_one_alone_is_not_shared(self):
        async def scenario(site):
            command = await site.command("what is the wifi password")
            refused = await site.press(command, "Share in channel")
            return site.text(refused), site.in_channel()

        at = "2019-10-08T11:00:00+02:00"
        refused, seen = self.run(scenario, event="tidal", at=at)
        assert refused == "That is for you alone, so I can't share it."
        assert not seen

    def test_something_is_shared_once_and_not_when_it_is_old(self):
        async def scenario(site):
            command = await site.command("when is lunch?")
            other = await site.command("where is lunch?")
            await site.press(command, "Share in channel")
            again = site.text(await site.press(command, "Share in channel"))
            site.clock.now += timedelta(minutes=31)
            late = site.text(await site.press(other, "Share in channel"))
            return again, late, len(site.in_channel())

        again, late, count = self.run(scenario)
        assert again == "That was shared already."
        assert "too old" in late
        assert count == 1

    def test_a_command_is_answered_to_the_asker_alone_until_it_is_shared(self):
        async def scenario(site):
            command = await site.command("when is lunch?")
            before = len(site.in_channel())
            shared = await site.press(command, "Share in channel")
            return before, site.text(shared), len(site.in_channel())

        before, shared, after = self.run(scenario)
        assert (before, after) == (0, 1)
        assert "12:30 pm" in shared
        assert "Shared by ann, who asked “when is lunch?”." in shared

    # -- buttons -----------------------------------------------------------------------------

    def test_choices_can_be_pressed_also_after_a_restart(self):
        async def scenario(site):
            offered = await site.whisper("keynote abstract")
            labels = site.buttons(offered)
            await site.stop()
            await site.start()
            return labels, site.text(await site.press(offered, labels[0]))

        labels, text = self.run(scenario)
        assert len(labels) == 2
        assert "Software Defined Data Plane" in text

    def test_a_button_that_is_too_old_gets_a_word(self):
        async def scenario(site):
            offered = await site.whisper("keynote abstract")
            site.clock.now += timedelta(hours=25)
            return site.text(await site.press(offered, site.buttons(offered)[0]))

        assert "too old" in self.run(scenario)

    def test_a_forged_token_gets_a_word_and_does_nothing(self):
        async def scenario(site):
            offered = await site.whisper("keynote abstract")
            site.forge(offered, "nobody-knows-this.0")
            return site.text(await site.press(offered, site.buttons(offered)[0]))

        assert "too old" in self.run(scenario)

    def test_a_long_answer_is_paged_in_place(self):
        async def scenario(site):
            receipt = await site.bot.post(site.place(), long(40), "k1")
            first = site.posted(receipt)
            seen = [site.text(first)]
            pressed = ("More", "More", "Back")
            seen += [site.text(await site.press(first, label)) for label in pressed]
            return seen, len(site.in_channel())

        seen, count = self.run(scenario)
        assert count == 1
        assert "line 0" in seen[0]
        assert "line 39" in seen[2]
        assert seen[3] == seen[1]
        everything = "\n".join(seen[:3])
        assert all(f"line {n}" in everything for n in range(40))

    def test_a_page_that_cannot_be_looked_up_leaves_what_is_there(self):
        async def scenario(site):
            receipt = await site.bot.post(site.place(), long(40), "k1")
            first = site.posted(receipt)
            before = site.text(first)
            site.clock.now += timedelta(days=15)
            said = site.text(await site.press(first, "More"))
            return before, site.text(site.posted(receipt)), said

        before, after, said = self.run(scenario)
        assert before == after
        assert "too old" in said

    def test_a_token_that_is_carried_to_another_place_is_none(self):
        async def scenario(site):
            kept = await site.reception.keep(site.place(f"@{site.ann}"), said("A secret for Ann."))
            offered = await site.ask("keynote abstract", site.bob)
            site.forge(offered, kept)
            return site.text(await site.press(offered, site.buttons(offered)[0], site.bob))

        assert "too old" in self.run(scenario)

    def test_a_press_that_pretends_to_be_another_one_changes_nothing(self):
        async def scenario(site):
            notice = site.posted(await site.bot.post(site.place(), said("Session 1 starts."), "k1"))
            offered = await site.ask("keynote abstract")
            await site.press_pretending(offered, site.buttons(offered)[0], "primary:0", notice)
            return site.text(notice)

        assert self.run(scenario) == "Session 1 starts."

    # -- organizers --------------------------------------------------------------------------

    def test_an_organizer_s_yes_changes_the_program(self):
        async def scenario(site):
            shown = await site.command("delay session 2 by 10", site.kim)
            buttons = site.buttons(shown)
            done = await site.press(shown, "Yes", site.kim)
            return (
                buttons,
                site.text(done),
                site.text(await site.whisper("when is session 2")),
            )

        buttons, done, now = self.run(scenario)
        assert buttons == ["Yes", "No"]
        assert done.startswith("Done: delay session 2 by 10.")
        assert "3:00 pm" in now

    def test_a_yes_of_anybody_else_is_refused_and_the_preview_stays(self):
        async def scenario(site):
            shown = await site.ask("delay session 2 by 10", site.kim)
            refused = site.text(await site.press(shown, "Yes", site.ann))
            done = site.text(await site.press(shown, "Yes", site.kim))
            return refused, done

        refused, done = self.run(scenario)
        assert refused == "Only whoever asked for that can press this."
        assert done.startswith("Done:")

    def test_a_preview_outlives_a_restart_but_not_its_two_minutes(self):
        async def scenario(site):
            shown = await site.command("delay session 2 by 10", site.kim)
            await site.stop()
            await site.start()
            done = site.text(await site.press(shown, "Yes", site.kim))
            later = await site.command("delay session 2 by 10", site.kim)
            site.clock.now += timedelta(minutes=3)
            return done, site.text(await site.press(later, "Yes", site.kim))

        done, late = self.run(scenario)
        assert done.startswith("Done:")
        assert "waited too long" in late

    def test_a_no_changes_nothing(self):
        async def scenario(site):
            shown = await site.command("delay session 2 by 10", site.kim)
            left = site.text(await site.press(shown, "No", site.kim))
            return left, site.text(await site.whisper("when is session 2"))

        left, now = self.run(scenario)
        assert left == "Nothing was changed."
        assert "2:50 pm" in now

    def test_an_attendee_s_verb_is_refused(self):
        async def scenario(site):
            shown = await site.command("delay session 2 by 10")
            return site.text(shown), site.desk.edition.log

        text, log = self.run(scenario)
        assert text == "Only organizers can do that."
        assert log == ()

    def test_what_was_confirmed_by_a_typed_yes_cannot_be_pressed_any_more(self):
        async def scenario(site):
            shown = await site.whisper("delay session 2 by 10", site.kim)
            await site.whisper("yes", site.kim)
            pressed = [site.text(await site.press(shown, b, site.kim)) for b in ("Yes", "No")]
            return pressed, len(site.desk.edition.log)

        pressed, changes = self.run(scenario)
        assert pressed == ["That was done already; changes lists it."] * 2
        assert changes == 1

    def test_what_was_done_can_be_taken_back_by_a_button(self):
        async def scenario(site):
            shown = await site.command("delay session 2 by 10", site.kim)
            done = await site.press(shown, "Yes", site.kim)
            undo = await site.press(done, "Undo", site.kim)
            await site.press(undo, "Yes", site.kim)
            return site.text(await site.whisper("when is session 2"))

        assert "2:50 pm" in self.run(scenario)

    def test_a_form_makes_a_preview(self):
        async def scenario(site):
            shown = await site.command("delay", site.kim)
            form = await site.open_form(shown, "Fill in a form", site.kim)
            preview = await site.fill_in(form, {"what": "session 2", "minutes": "10"}, site.kim)
            done = await site.press(preview, "Yes", site.kim)
            return site.text(done)

        assert self.run(scenario).startswith("Done: delay session 2 by 10.")

    # -- posts -------------------------------------------------------------------------------

    def test_a_post_is_found_by_its_key_and_nothing_else_is(self):
        async def scenario(site):
            since = site.clock.now
            receipt = await site.bot.post(site.place(), said("Session 1 starts."), "k1")
            found = await site.bot.look_up(site.place(), "k1", site.since())
            other = await site.bot.look_up(site.place(), "k2", site.since())
            return receipt, found, other, since

        receipt, found, other, _ = self.run(scenario)
        assert isinstance(found, Receipt)
        assert found.id == receipt.id
        assert other == Sought.ABSENT

    def test_a_post_whose_answer_is_lost_is_in_doubt_and_found_and_there_once(self):
        async def scenario(site):
            site.lose_the_next_answer()
            with pytest.raises(InDoubt):
                await site.bot.post(site.place(), said("Session 1 starts."), "k1")
            found = await site.bot.look_up(site.place(), "k1", site.since())
            return found, len(site.in_channel())

        found, count = self.run(scenario)
        assert isinstance(found, Receipt)
        assert count == 1

    def test_a_post_that_never_arrived_is_in_doubt_and_absent(self):
        async def scenario(site):
            site.drop_the_next()
            with pytest.raises(InDoubt):
                await site.bot.post(site.place(), said("Session 1 starts."), "k1")
            return await site.bot.look_up(site.place(), "k1", site.since())

        assert self.run(scenario) == Sought.ABSENT

    def test_where_history_cannot_be_read_nobody_can_tell(self):
        async def scenario(site):
            await site.hide_the_history()
            return await site.bot.look_up(site.place(), "k1", site.since())

        assert self.run(scenario) == Sought.CANNOT_TELL

    def test_a_refusal_for_a_while_says_how_long(self):
        async def scenario(site):
            site.refuse_the_next(site.too_long)
            with pytest.raises(TryLater) as later:
                await site.bot.post(site.place(), said("Session 1 starts."), "k1")
            return later.value.after

        assert self.run(scenario) == timedelta(seconds=self.site.too_long)

    def test_a_place_that_cannot_be_posted_to_is_refused_with_what_to_do(self):
        async def scenario(site):
            found = []
            for channel in site.closed_places():
                with pytest.raises(Refused) as refused:
                    await site.bot.post(site.place(channel), said("Hello."), "k1")
                found.append(refused.value.reason)
            return found, site.closed_places()

        found, expected = self.run(scenario)
        assert found == list(expected.values())

    def test_a_person_alone_is_written_to(self):
        async def scenario(site):
            receipt = await site.bot.direct(site.ann, said("You chair session 1."), "k1")
            found = await site.bot.look_up(site.place(f"@{site.ann}"), "k1", site.since())
            return receipt, found, site.alone_with(site.ann)

        receipt, found, seen = self.run(scenario)
        assert seen == ["You chair session 1."]
        assert isinstance(found, Receipt)
        assert found.id == receipt.id

    def test_a_post_can_be_changed_and_taken_away_and_its_key_stays(self):
        async def scenario(site):
            receipt = await site.bot.post(site.place(), said("At 10:00."), "k1")
            await site.bot.edit(receipt, said("At 10:10."))
            changed = [site.text(m) for m in site.in_channel()]
            found = await site.bot.look_up(site.place(), "k1", site.since())
            await site.bot.delete(receipt)
            await site.bot.delete(receipt)
            return changed, found, site.in_channel(), receipt

        changed, found, left, receipt = self.run(scenario)
        assert changed == ["At 10:10."]
        assert isinstance(found, Receipt)
        assert found.id == receipt.id
        assert left == []

    def test_a_post_of_hostile_text_pings_and_links_nothing(self):
        async def scenario(site):
            answer = Answer(Status.ANSWERED, (HOSTILE,), (Paragraph((HOSTILE,)),), (HOSTILE,))
            receipt = await site.bot.post(site.place(), answer, "k1")
            return site.pings(site.posted(receipt))

        assert self.run(scenario) == []

    # -- connections -------------------------------------------------------------------------

    def test_a_connection_that_is_cut_comes_back_and_nothing_is_lost(self):
        async def scenario(site):
            await site.whisper("when is lunch?")
            site.cut()
            return site.text(await site.whisper_patiently("and where?"))

        assert "Centennial Terrace" in self.run(scenario)

    def test_a_bad_token_ends_it_with_one_sentence(self):
        async def scenario(site):
            await site.stop()
            site.revoke()
            await site.start()
            return await site.ended()

        error = self.run(scenario)
        assert isinstance(error, BadConfig)
        assert str(error) == self.site.revoked
