"""The product: rules, services, schedule and command line.  Knows neither Telegram nor SQL.

Two libraries load rich, pygments and click wherever these are installed, a tenth of a start and of what an idle bot
holds: structlog to draw tracebacks in colour, httpx for a command line of its own.  Both do well without.
"""

import importlib
import sys
from types import ModuleType
from typing import cast

_MISSING = cast("ModuleType", None)
"""What stands for a module that is not installed."""


def _load_plainly() -> None:
    sys.modules.setdefault("httpx._main", _MISSING)
    if not {"rich", "structlog"} & sys.modules.keys():
        sys.modules["rich"] = _MISSING
        importlib.import_module("structlog")
        del sys.modules["rich"]


_load_plainly()
