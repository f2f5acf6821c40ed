"""Slack as a chat platform: `look` draws answers in Block Kit."""
