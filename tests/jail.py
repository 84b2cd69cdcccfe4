"""A program under the system call filter of the unit for systemd: `python -m tests.jail UNIT PROGRAM ARGUMENT …`.

systemd as first process is not needed: the kernel's seccomp takes the same rules from libseccomp, which systemd uses,
too.  What the unit asks of mounts, users and devices is not covered.
"""

import ctypes
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

LIBRARY: Final = "libseccomp.so.2"
ALLOW: Final = 0x7FFF0000
REFUSE: Final = 0x00050000
EPERM, ENOSYS, EAFNOSUPPORT = 1, 38, 97
BELOW, EQUAL, ABOVE, MASKED = 2, 4, 6, 7
"""How libseccomp compares an argument."""

WRITE, EXECUTE, SHM_EXECUTE = 2, 4, 0o100000
FAMILIES: Final = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10}
NAMESPACES: Final = (0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000)
"""The flags of clone(2) that make a new one."""


class _Comparison(ctypes.Structure):
    _fields_ = (("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64))


class Filter:
    """One seccomp filter; of several that are in force the strictest counts."""

    def __init__(self, otherwise: int) -> None:
        self._library = ctypes.CDLL(LIBRARY)
        self._library.seccomp_init.restype = ctypes.c_void_p
        self._context = ctypes.c_void_p(self._library.seccomp_init(ctypes.c_uint32(otherwise)))

    def add(self, name: str, action: int, *comparisons: tuple[int, int, int, int]) -> None:
        """Say what becomes of a call whose arguments compare so; a call this machine does not have is passed over."""
        number = self._library.seccomp_syscall_resolve_name(name.encode())
        compared = (_Comparison * len(comparisons))(*(_Comparison(*one) for one in comparisons))
        if number >= 0:
            failed = self._library.seccomp_rule_add_array(
                self._context, ctypes.c_uint32(action), number, len(compared), compared
            )
            assert failed == 0, (name, failed)

    def enforce(self) -> None:
        """Put it in force, for good, here and in whatever is run from here."""
        assert self._library.seccomp_load(self._context) == 0


def settings(unit: Path, key: str) -> list[str]:
    """Return the values that a unit gives a key, in order."""
    return re.findall(rf"^{key}=(.*)$", unit.read_text("utf-8"), re.MULTILINE)


def allowed(unit: Path) -> set[str]:
    """Return the system calls that the unit's filters leave."""
    found: set[str] = set()
    for line in settings(unit, "SystemCallFilter"):
        names = {name for word in line.lstrip("~").split() for name in _calls(word)}
        found = found - names if line.startswith("~") else found | names
    return found


def _calls(word: str) -> Iterator[str]:
    """Return a call, or the calls of a group as systemd knows it."""
    if not word.startswith("@"):
        yield word
        return
    listed = subprocess.run(["systemd-analyze", "syscall-filter", word], capture_output=True, text=True, check=True)  # noqa: S603, S607 - words of our own unit
    for line in listed.stdout.splitlines()[1:]:
        name = line.partition("#")[0].strip()
        if name:
            yield from _calls(name)


def enforce(unit: Path) -> None:
    """Put in force what the unit says of system calls, memory, address families and namespaces."""
    filters = [_calls_of(unit)]
    if "yes" in settings(unit, "MemoryDenyWriteExecute"):
        filters.append(_memory())
    if "yes" in settings(unit, "RestrictNamespaces"):
        filters.append(_namespaces())
    filters.append(_families(settings(unit, "RestrictAddressFamilies")[0].split()))
    for one in reversed(filters):  # the widest last: it lets no further filter be put in force
        one.enforce()


def _calls_of(unit: Path) -> Filter:
    filter_ = Filter(REFUSE | EPERM)
    for name in sorted(allowed(unit)):
        filter_.add(name, ALLOW)
    return filter_


def _memory() -> Filter:
    filter_ = Filter(ALLOW)
    filter_.add("mmap", REFUSE | EPERM, (2, MASKED, WRITE | EXECUTE, WRITE | EXECUTE))
    for name in ("mprotect", "pkey_mprotect"):
        filter_.add(name, REFUSE | EPERM, (2, MASKED, EXECUTE, EXECUTE))
    filter_.add("shmat", REFUSE | EPERM, (2, MASKED, SHM_EXECUTE, SHM_EXECUTE))
    return filter_


def _namespaces() -> Filter:
    filter_ = Filter(ALLOW)
    filter_.add("clone3", REFUSE | ENOSYS)
    for name in ("unshare", "setns"):
        filter_.add(name, REFUSE | EPERM)
    for flag in NAMESPACES:
        filter_.add("clone", REFUSE | EPERM, (0, MASKED, flag, flag))
    return filter_


def _families(names: list[str]) -> Filter:
    filter_, kept = Filter(ALLOW), sorted(FAMILIES[name] for name in names)
    filter_.add("socket", REFUSE | EAFNOSUPPORT, (0, ABOVE, kept[-1], 0))
    for number in set(range(kept[-1])) - set(kept):
        filter_.add("socket", REFUSE | EAFNOSUPPORT, (0, EQUAL, number, 0))
    return filter_


if __name__ == "__main__":
    enforce(Path(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 - the program that was asked for
