"""A local Telegram: a Bot API server inside this process, and the phones of the people who write to the bot.

Tests, benchmarks and the demo without a token use it. The bot reaches it over real HTTP and cannot tell the
difference; what this server does not know of Telegram is listed in docs/local-bot-api.md.
"""
