"""Telegram, by the Bot API (core.telegram.org/bots/api): a webhook brings what is written to a bot."""
