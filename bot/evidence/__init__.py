"""How often would the rules alert?  Counted in a file of ratings (`reading`) or in courses that are made up (`generator`).

The rules are those of `bot.domain.alliance`, called as the bot calls them; nothing here decides anything about a patient.
"""
