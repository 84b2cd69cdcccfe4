"""How often would the rules alert?  Counted in a file of ratings (`reading`) or in made-up courses (`generator`).

The rules are those of `bot.domain.alliance`, called as the bot calls them; nothing here decides about a patient.
"""
