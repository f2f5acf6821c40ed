"""The chat platforms that the bot can speak on, one folder each."""
