"""Discord as a chat platform: `look` draws answers as embeds with buttons and lists."""
