"""`python -m bot`, and the command `microchequeo`.

Nothing of what is loaded goes again: to look through it for garbage, time after time, is a twentieth of a start.
"""

import gc

gc.disable()

from bot.cli import main  # noqa: E402 - what is loaded here is meant

gc.enable()

if __name__ == "__main__":
    main()
