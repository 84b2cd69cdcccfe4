"""How handlers say that something new is due: the scheduler looks at once instead of at its next look."""

from collections.abc import Callable

Nudge = Callable[[], None]
