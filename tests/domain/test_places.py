"""Every zone that a button offers exists, and a city may be typed however people type it."""

from zoneinfo import available_timezones

import pytest

from bot.domain.places import PLACES, ZONES, zones_named
from bot.when.rest import read_rest

FORMER = ("Europe/Madrid", "America/Argentina/Buenos_Aires", "Europe/Paris", "America/Los_Angeles", "America/La_Paz")
"""Buttons that were sent before there were countries stay on people's phones."""


def test_what_the_buttons_offer_exists_and_nothing_twice() -> None:
    assert set(ZONES) <= available_timezones()
    assert len(set(ZONES)) == len(ZONES)
    assert set(FORMER) <= set(ZONES)
    assert all(PLACES.values())


@pytest.mark.parametrize("zone", sorted(available_timezones() - {"Factory", "localtime"}))
def test_every_name_is_read_back(zone: str) -> None:
    (found,) = zones_named(zone.upper())

    assert found.key.casefold() == zone.casefold()


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("bogota", ["America/Bogota"]),
        ("América/Bogotá", ["America/Bogota"]),
        ("  São Paulo ", ["America/Sao_Paulo"]),
        ("new york", ["America/New_York"]),
        ("Louisville", ["America/Kentucky/Louisville"]),
        ("Buenos Aires", ["America/Argentina/Buenos_Aires"]),
        ("Córdoba", ["America/Argentina/Cordoba", "Europe/Madrid"]),  # there is one in Spain
        ("La Paz", ["America/La_Paz", "America/Mazatlan"]),  # and in Baja California
        ("GMT-3", []),  # as a zone it is called Etc/GMT+3: whoever took the other would be six hours off
        ("Etc/GMT+3", ["Etc/GMT+3"]),
        ("Macondo", []),
        ("", []),
        ("../../etc/passwd", []),
        ("x" * 100_000, []),
    ],
)
def test_a_city_names_its_zone(text: str, keys: list[str]) -> None:
    assert [zone.key for zone in zones_named(text)] == keys


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("22:00-9:00", "22:00-09:00"),
        ("22-9", "22:00-09:00"),
        ("22.30 – 8.15", "22:30-08:15"),
        ("de 22 a 9", "22:00-09:00"),
        ("De las 22:00 a las 9:00", "22:00-09:00"),
        ("22h hasta 9h", "22:00-09:00"),
        ("from 10pm to 8:30 am", "22:00-08:30"),
        ("12am-12pm", "00:00-12:00"),
        ("24:00-8:00", "00:00-08:00"),
        ("0-0", "00:00-00:00"),
        ("25:00-9:00", None),
        ("22:60-9:00", None),
        ("13pm-9am", None),
        ("22:00", None),
        ("Etc/GMT-3", None),
        ("22-9" + " " * 100, None),
    ],
)
def test_hours_of_rest_are_read(text: str, hours: str | None) -> None:
    quiet = read_rest(text)

    assert (f"{quiet.starts:%H:%M}-{quiet.ends:%H:%M}" if quiet else None) == hours
