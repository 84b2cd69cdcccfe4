"""How much would leave, and how late, with so many patients?  Made-up weeks in front of the bot's own rules.

When something is due (`bot.domain.timing`) and whose turn it is to leave (`bot.domain.turns`) are asked of what the bot
asks.  What people do is made up (`habits`).  Nothing here sends anything, waits, or looks at a clock or a database.
"""
