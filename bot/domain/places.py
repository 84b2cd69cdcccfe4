"""Where people live, for their clock: the countries and time zones that buttons offer, and any zone that is typed."""

from functools import cache
from importlib import resources
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.folding import fold

PLACES: Final[dict[str, tuple[str, ...]]] = {
    "ES": ("Europe/Madrid", "Atlantic/Canary"),
    "MX": (
        *("America/Mexico_City", "America/Cancun", "America/Hermosillo", "America/Mazatlan", "America/Chihuahua"),
        *("America/Ciudad_Juarez", "America/Tijuana"),
    ),
    "GT": ("America/Guatemala",),
    "SV": ("America/El_Salvador",),
    "HN": ("America/Tegucigalpa",),
    "NI": ("America/Managua",),
    "CR": ("America/Costa_Rica",),
    "PA": ("America/Panama",),
    "CU": ("America/Havana",),
    "DO": ("America/Santo_Domingo",),
    "PR": ("America/Puerto_Rico",),
    "CO": ("America/Bogota",),
    "VE": ("America/Caracas",),
    "EC": ("America/Guayaquil", "Pacific/Galapagos"),
    "PE": ("America/Lima",),
    "BO": ("America/La_Paz",),
    "PY": ("America/Asuncion",),
    "CL": ("America/Santiago", "America/Punta_Arenas", "Pacific/Easter"),
    "AR": ("America/Argentina/Buenos_Aires",),
    "UY": ("America/Montevideo",),
    "BR": ("America/Sao_Paulo", "America/Fortaleza", "America/Manaus", "America/Rio_Branco"),
    "US": (
        *("America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles"),
        *("America/Anchorage", "Pacific/Honolulu"),
    ),
    "GB": ("Europe/London",),
    "FR": ("Europe/Paris",),
    "DE": ("Europe/Berlin",),
    "PT": ("Europe/Lisbon", "Atlantic/Madeira", "Atlantic/Azores"),
    "GQ": ("Africa/Malabo",),
}
"""Country (ISO 3166) → its time zones, the most people first."""

AMERICAN: Final = frozenset(country for country, zones in PLACES.items() if zones[0].startswith("America/"))
"""The countries whose people speak the Spanish of the Americas."""

ZONES: Final = tuple(zone for zones in PLACES.values() for zone in zones)

NAMESAKES: Final = {
    "cordoba": ("Europe/Madrid",),
    "la paz": ("America/Mazatlan",),
    "merida": ("Europe/Madrid", "America/Caracas"),
    "san juan": ("America/Puerto_Rico",),
    "santiago": ("Europe/Madrid", "America/Santo_Domingo"),
}
"""Cities called like the one that a zone is named after, on another clock."""

LONGEST: Final = 80
"""Characters; no name of a zone is longer."""


def zones_named(text: str) -> tuple[ZoneInfo, ...]:
    """Return the zones that may be meant: by IANA name, or by city; capitals and accents do not matter.

    One is what is meant, several are ambiguous, none is unknown.  Of several names, the one in use counts.
    """
    if len(text) > LONGEST:
        return ()
    known, by_city = _names()
    named = known.get(text.strip().casefold())
    if named is not None:
        return (ZoneInfo(named),)
    found = by_city.get(fold(text), ())
    current = [name for name in found if name in _in_use()]
    return tuple(ZoneInfo(name) for name in (*(current or found), *NAMESAKES.get(fold(text), ())))


@cache
def _names() -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    known = {name.casefold(): name for name in sorted(available_timezones() - {"Factory", "localtime"})}
    by_city: dict[str, tuple[str, ...]] = {}
    for name in known.values():
        if name.startswith("Etc/"):  # their signs are the other way round: GMT-3 is Etc/GMT+3
            continue
        for called in {fold(name), fold(name.rpartition("/")[2])}:
            by_city[called] = (*by_city.get(called, ()), name)
    return known, by_city


@cache
def _in_use() -> frozenset[str]:
    table = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return frozenset(row[2] for row in rows)
