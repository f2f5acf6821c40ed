"""Replies to interactions: at once where that is soon enough, else Discord is told to wait for them."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, Final

import discord

from adapters.discord import look
from adapters.discord.post import TROUBLE, meant, sendable
from adapters.discord.questions import Back
from bot.answer import Form
from bot.chat import Does
from bot.errors import Refused


_SOON: Final = (
    2.0  # seconds; Discord gives up after three (discord-api-docs: receiving and responding)
)


class Turn:
    """One interaction until it is answered; who isn't answered soon is told that it takes a while."""

    def __init__(self, interaction: discord.Interaction) -> None:
        self._interaction = interaction
        self._lock = asyncio.Lock()
        self._pressed = interaction.type == discord.InteractionType.component
        self._waiting = asyncio.create_task(self._defer())
        self._whispered = True

    async def _defer(self) -> None:
        await asyncio.sleep(_SOON)
        async with self._lock:
            response = self._interaction.response
            if not response.is_done():
                with suppress(*TROUBLE):
                    await response.defer(ephemeral=not self._pressed and self._whispered)

    def shown_to_all(self) -> None:
        """Whatever the answer is, all may read it."""
        self._whispered = False

    def drop(self) -> None:
        """Say nothing more."""
        self._waiting.cancel()

    async def open(self, form: Form) -> bool:
        """Open a form; whether that could be done, as it has to be the first answer."""
        async with self._lock:
            if self._interaction.response.is_done():
                return False
            try:
                view = look.modal_view(look.modal(form))
                await self._interaction.response.send_modal(view)
            except TROUBLE:
                return False
            return True

    async def reply(self, does: Does, message: dict[str, Any], *, alone: bool) -> None:
        """Send an answer: as a message, or in the place of what was pressed. Raises as posts do."""
        self._waiting.cancel()
        async with self._lock:
            try:
                await self._replied(does, message, alone=alone)
            except TROUBLE as error:
                raise meant(error) from None

    async def _replied(self, does: Does, message: dict[str, Any], *, alone: bool) -> None:
        response = self._interaction.response
        shown = sendable(message)
        if does in (Does.REPLACE, Does.PAGE):
            shown["view"] = look.view(message)
            if response.is_done():
                await self._interaction.edit_original_response(**shown)
            else:
                await response.edit_message(**shown)
        elif not response.is_done():
            await response.send_message(ephemeral=alone, **shown)
        elif response.type == discord.InteractionResponseType.deferred_channel_message:
            shown.setdefault("view", None)
            await self._interaction.edit_original_response(**shown)
        else:
            await self._interaction.followup.send(ephemeral=alone, **shown)


async def late_reply(
    client: discord.Client, back: Back, message: dict[str, Any], *, alone: bool
) -> None:
    """Reply to an interaction that another process took: for a quarter of an hour its token is good.

    Raises as posts do.
    """
    data: Any = {"id": back.app, "type": discord.WebhookType.application.value, "token": back.token}
    hook = discord.Webhook.from_state(data, client._connection)  # noqa: SLF001 - as its own follow-ups
    try:
        await hook.send(ephemeral=alone, wait=True, **sendable(message))
    except discord.NotFound:
        raise Refused("the reply came too late for Discord", "10062") from None
    except TROUBLE as error:
        raise meant(error) from None
