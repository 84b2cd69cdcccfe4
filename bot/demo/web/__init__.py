"""The demo in a browser: both sides of the real bot, one clock, and faults on buttons.

The bot runs in a process of its own (actor.py) that can be killed; everything else, the local Telegram included, is in
this one, which never loads the bot.
"""
