"""What doctor looks at on Discord: the token, the servers, and what the bot may do in each channel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import discord

from adapters.discord.post import TROUBLE, meant
from adapters.discord.settings import TOKEN, Secrets, Settings
from bot.chat import Checked, Place


_NEEDED: Final = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "embed_links": "Embed Links",
    "read_message_history": "Read Message History",
}


async def checked(
    settings: Settings, secrets: Secrets, places: Sequence[Place]
) -> Sequence[Checked]:
    """What is well and what isn't, with what to do about it."""
    client = discord.Client(intents=discord.Intents.none())
    try:
        try:
            await client.login(secrets.token)
        except discord.LoginFailure:
            return [Checked(TOKEN, "Discord doesn't know it; reset it in the developer portal")]
        except TROUBLE:
            return [Checked(TOKEN, "Discord can't be reached from here; look at the network")]
        found = [Checked(f"{TOKEN} is {client.user}'s")]
        found += [await _guild(client, id_) for id_ in settings.guilds]
        found += [await _place(client, place) for place in places]
        return found
    finally:
        await client.close()


async def _guild(client: discord.Client, id_: int) -> Checked:
    try:
        guild = await client.fetch_guild(id_)
    except TROUBLE as error:
        return Checked(f"server {id_}", f"invite the bot there ({meant(error)})")
    return Checked(f"server {id_} ({guild.name})")


async def _place(client: discord.Client, place: Place) -> Checked:
    """Whether a place can be posted to."""
    address = f"discord:{place.channel}"
    id_ = place.channel.removeprefix("@")
    if not id_.isdecimal():
        return Checked(address, "that is no id; turn on Developer Mode and copy the channel's ID")
    try:
        if place.channel.startswith("@"):
            await client.create_dm(discord.Object(int(id_)))
            return Checked(address)
        channel = await client.fetch_channel(int(place.thread or id_))
        if not isinstance(channel, (discord.abc.GuildChannel, discord.Thread)):
            return Checked(address)
        guild = await client.fetch_guild(channel.guild.id)
        channel = await guild.fetch_channel(
            channel.id
        )  # with the server's roles, which allow things
        assert client.user is not None
        me = await guild.fetch_member(client.user.id)
        allowed = channel.permissions_for(me)
    except TROUBLE as error:
        return Checked(address, str(meant(error)))
    missing = [called for name, called in _NEEDED.items() if not getattr(allowed, name)]
    fix = f"let the bot {', '.join(missing)} there" if missing else ""
    return Checked(f"{address} (#{channel.name})", fix)
