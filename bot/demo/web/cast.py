"""Whose phones there are, and what each of them is to the bot."""

from dataclasses import dataclass, field
from typing import Final

from bot.demo.phone import Phone
from bot.demo.server import LocalTelegram
from bot.demo.state import Json

THERAPIST: Final = 100
FIRST_PATIENT: Final = 201
MOST: Final = 40
"""Phones that fit on the page."""


@dataclass(slots=True)
class Cast:
    """The phones in the order in which they came; `roles` and `codes` are what the bot's rows say of them."""

    telegram: LocalTelegram
    language_code: str
    phones: dict[int, Phone] = field(default_factory=dict)
    roles: dict[int, str] = field(default_factory=dict)
    codes: dict[int, str] = field(default_factory=dict)

    def add(self, name: str, number: int | None = None) -> Phone:
        """Give somebody a phone."""
        number = number or max([FIRST_PATIENT - 1, *self.phones]) + 1
        phone = self.telegram.phone(number, name, language_code=self.language_code)
        return self.phones.setdefault(number, phone)

    @property
    def is_full(self) -> bool:
        """Whether there is no room for another phone."""
        return len(self.phones) >= MOST

    def learn(self, people: list[Json]) -> bool:
        """Take over what the bot says of the phones; tell whether it is news."""
        roles = {one["id"]: one["role"] for one in people}
        codes = {one["id"]: one["code"] for one in people if one["code"] and one["role"] == "patient"}
        is_news = (self.roles, self.codes) != (roles, codes)
        self.roles, self.codes = roles, codes
        return is_news

    def to_json(self) -> list[Json]:
        """Write the people down."""
        return [
            {
                "id": number,
                "name": self.codes.get(number, phone.first_name),
                "role": "therapist" if number == THERAPIST else self.roles.get(number, "stranger"),
                "blocked": phone.blocked,
            }
            for number, phone in self.phones.items()
        ]
