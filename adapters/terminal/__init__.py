"""The terminal as a chat platform: `look` shows answers, `talk` holds a conversation."""
