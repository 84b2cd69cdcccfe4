"""What a patient confides to somebody other than their therapist stays with those to whom it was told.

The therapist may be the one who hurts: neither a new role, nor a second therapist, nor a deletion gives it away.
"""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.demo.phone import Phone
from bot.domain.model import Role
from tests.practice import Practice, labels, opened, said

HURT = "mi pareja me pega"
TO_OTHER = "Contárselo a otra persona de la consulta"
USELESS = "Este botón ya no sirve."
READ = "vr:1:0"
"""What *Leer* sends, under the first disclosure of the practice."""

SHORT = '[privacy]\nwords = "60d"\n[backup]\nfolder = ""\n'
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


async def second_contact(practice: Practice, user_id: int = 110, name: str = "Dra. Soto") -> Phone:
    """Enrol a second contact."""
    return await practice.enrolled(Role.SECOND_CONTACT, user_id, name, f"la {name}")


async def confides(practice: Practice, patient: Phone) -> None:
    """Let a patient tell somebody of the practice who is not their therapist."""
    await practice.says(patient, HURT)
    await practice.taps(patient, TO_OTHER)


async def confided(practice: Practice, *contacts: tuple[int, str]) -> tuple[Phone, list[Phone]]:
    """Let a patient confide on the first day; return the phones of the therapist and of the contacts."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    soto = await second_contact(practice)
    others = [await second_contact(practice, *one) for one in contacts]
    await confides(practice, ana)
    return ruiz, [soto, *others]


def told(phone: Phone) -> int:
    """Count how often somebody was told that something was confided."""
    return sum("ha elegido contar algo" in text for text in said(phone))


def announced(phone: Phone) -> list[str]:
    """Return the announcements of a deletion."""
    return [text for text in said(phone) if text.startswith("Desde el ")]


async def kept(practice: Practice) -> int:
    """Count what is kept of what was confided."""
    return len(await practice.rows("SELECT id FROM disclosures"))


async def weeks(practice: Practice, count: int) -> None:
    """Let weeks pass, one at a time."""
    for _ in range(count):
        await practice.pass_time(WEEK)


async def days(practice: Practice, count: int) -> None:
    """Let an even number of days pass, two at a time."""
    for _ in range(count // 2):
        await practice.pass_time(2 * DAY)


# To whom


async def test_a_contact_enrolled_later_does_not_open_what_was_confided_before(practice: Practice) -> None:
    _, (soto,) = await confided(practice)
    vidal = await second_contact(practice, 111, "Dra. Vidal")

    assert await practice.taps_data(vidal, READ) == USELESS
    assert not any(HURT in text for text in said(vidal))
    await practice.taps(soto, "Leer")
    assert HURT in soto.last().text


async def test_what_is_confided_afterwards_reaches_the_new_contact_too(practice: Practice) -> None:
    _, (soto,) = await confided(practice)
    vidal = await second_contact(practice, 111, "Dra. Vidal")
    ana = practice.telegram.phone(200, "P-07")

    await confides(practice, ana)

    assert (told(soto), told(vidal)) == (2, 1)
    await practice.taps(vidal, "Leer")
    assert HURT in vidal.last().text


async def test_no_therapist_of_the_same_person_is_told_by_way_of_another_role(practice: Practice) -> None:
    ruiz, gil = await practice.therapist(), await practice.therapist(101, "Dr. Gil", "el Dr. Gil")
    ana = await practice.patient(ruiz, "P-07", user_id=200)
    await practice.patient(gil, "G-01", user_id=200)
    for phone, name, called in ((gil, "Dr. Gil", "el Dr. Gil"), (ruiz, "Dra. Ruiz", "la Dra. Ruiz")):
        await practice.enrolled(Role.SECOND_CONTACT, phone.chat_id, name, called)
    await practice.says(ana, HURT)
    assert not any(label.startswith("Contárselo a otra persona") for label in labels(ana))

    soto = await second_contact(practice)
    await practice.says(ana, HURT)
    await practice.taps(ana, next(label for label in labels(ana) if label.startswith("Contárselo a otra persona")))

    assert (told(soto), told(gil), told(ruiz)) == (1, 0, 0)
    for phone in (gil, ruiz):
        assert await practice.taps_data(phone, READ) == USELESS


@pytest.mark.both
async def test_a_contact_who_begins_to_treat_the_person_no_longer_reads_it(practice: Practice) -> None:
    _, (soto,) = await confided(practice)
    await practice.taps(soto, "Leer")
    await practice.enrolled(Role.THERAPIST, soto.chat_id, "Dra. Soto", "la Dra. Soto")

    ana = await practice.patient(soto, "G-01", user_id=200)
    await practice.pass_time(timedelta(minutes=10))

    assert not any(HURT in text for text in said(soto)), "what was open is closed"
    assert await practice.taps_data(soto, READ) == USELESS
    await practice.says(ana, "/baja")
    await practice.taps(ana, "Sí, darme de baja")
    assert await practice.taps_data(soto, READ) == USELESS, "also once the account no longer says whose therapist"


async def test_leaving_takes_what_was_confided_and_to_whom(practice: Practice) -> None:
    await confided(practice)
    ana = practice.telegram.phone(200, "P-07")
    await practice.says(ana, "/baja")
    await practice.taps(ana, "Sí, darme de baja")

    await days(practice, 4)

    assert await kept(practice) == 0
    assert await practice.rows("SELECT * FROM disclosure_contacts") == []


@pytest.mark.both
async def test_who_comes_back_before_the_words_are_erased_leaves_none_behind(practice: Practice) -> None:
    ruiz, _ = await confided(practice)
    ana = practice.telegram.phone(200, "P-07")
    await practice.says(ana, "/baja")
    await practice.taps(ana, "Sí, darme de baja")
    await practice.patient(ruiz, "P-07", user_id=200)

    await days(practice, 4)

    assert await kept(practice) == 0


# How long


@pytest.mark.file
async def test_it_is_announced_twice_to_the_contact_never_to_the_therapist_and_then_deleted(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=SHORT) as practice:
        ruiz, (soto,) = await confided(practice)
        (row,) = await practice.rows("SELECT body FROM disclosures")
        await weeks(practice, 4)
        await days(practice, 28)
        assert await kept(practice) == 1
        first, second = (message for message in soto.messages if message.text in announced(soto))

        await days(practice, 12)
        await practice.pass_time(timedelta(hours=1))

        assert await kept(practice) == 0
        assert practice.clock.now() - first.date >= 28 * DAY
        assert practice.clock.now() - second.date >= 14 * DAY
        assert "se borrará 1 texto confiado por P-07" in first.text
        assert HURT not in first.text + second.text
        assert announced(ruiz) == []
        files = [practice.database, practice.database.with_name("microchequeo.db-wal")]
        assert not any(row["body"] in file.read_bytes() for file in files)
        assert await practice.taps_data(soto, READ) == USELESS


@pytest.mark.parametrize("gone_after", [0, 5], ids=["before any", "after the first"])
async def test_a_contact_whose_chat_is_gone_holds_nothing_up(tmp_path: Path, gone_after: int) -> None:
    async with opened(tmp_path, settings=SHORT) as practice:
        ruiz, (soto,) = await confided(practice)
        await weeks(practice, gone_after)
        heard = len(announced(soto))
        await soto.block()
        await weeks(practice, 8 - gone_after)
        assert await kept(practice) == 1, "not before its age"

        await weeks(practice, 1)
        await soto.unblock()
        await days(practice, 4)

        assert await kept(practice) == 0
        assert len(announced(soto)) == heard == (1 if gone_after else 0), "what is gone is not announced any more"
        assert announced(ruiz) == []


async def test_it_stays_until_everybody_who_can_be_told_was_told_twice_and_nobody_a_third_time(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=SHORT) as practice:
        _, (soto, vidal) = await confided(practice, (111, "Dra. Vidal"))
        await vidal.block()
        await weeks(practice, 8)
        await vidal.unblock()
        await practice.settle()
        await weeks(practice, 1)
        assert (len(announced(soto)), len(announced(vidal)), await kept(practice)) == (2, 1, 1)
        shown = next(message for message in soto.messages if "Leer" in message.labels())
        await practice.taps_data(soto, READ, shown)
        assert HURT in shown.text, "it is still there for both"

        await weeks(practice, 2)
        assert (len(announced(soto)), len(announced(vidal)), await kept(practice)) == (2, 2, 1), "not at once"
        await weeks(practice, 2)

        assert (len(announced(soto)), len(announced(vidal)), await kept(practice)) == (2, 2, 0)


async def test_what_is_confided_later_is_announced_on_its_own(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=SHORT) as practice:
        _, (soto,) = await confided(practice)
        await weeks(practice, 6)
        await confides(practice, practice.telegram.phone(200, "P-07"))

        await weeks(practice, 5)
        assert await kept(practice) == 1
        await weeks(practice, 7)

        assert (await kept(practice), len(announced(soto))) == (0, 4)
