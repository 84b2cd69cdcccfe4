"""Everything SQL.  Knows `bot.domain` (and the ports it fulfils by shape), never Telegram."""
