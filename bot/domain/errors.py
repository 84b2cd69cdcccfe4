"""The one tree of errors.  Expected outcomes are return values; these are the unexpected ones."""


class MicrochequeoError(Exception):
    """Root of everything this project raises on purpose; its text is a sentence for a person."""


class ConfigurationError(MicrochequeoError):
    """A setting is wrong: the sentence names file, key, value and remedy."""


class StoreTroubleError(MicrochequeoError):
    """The database did not do what was asked; nothing was changed."""


class StoreUnavailableError(StoreTroubleError):
    """The database cannot be used now (locked, read-only, full, away); nothing was changed."""


class StoreCollidedError(StoreUnavailableError):
    """What was asked and what somebody else does were in each other's way; it was given up, and can begin again."""


class StoreDamagedError(StoreTroubleError):
    """A part of the database's file cannot be read; what lies elsewhere in it still can.

    Trap: it is a fault of what was asked.  Whoever waits for a database to come back does not wait for this one.
    """


class StoreRefusedError(MicrochequeoError):
    """The database must not be used by this program (newer schema, other keys, damaged); it was left untouched."""


class TelegramRefusedTokenError(MicrochequeoError):
    """Telegram does not know the token; the token itself is never part of the sentence."""


class TelegramAwayError(MicrochequeoError):
    """Telegram cannot be reached now."""


class UndeliverableError(MicrochequeoError):
    """A message did not leave.

    `permanent` says that another try to the same chat is useless (blocked, chat gone);
    `retry_after` is what Telegram asked for, in seconds.
    """

    def __init__(self, reason: str, *, permanent: bool, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.retry_after = retry_after
