"""The seed's vignette, session by session: the fourth goes "muy lento"; the eighth follows a conflict at work.

The first is a fall of the alliance, is talked about and repaired; the second only looks like one.
"""

from datetime import timedelta

import pytest

from bot.demo.phone import Phone
from tests.practice import Practice, data_of, said

CODE = "P-32"
FALL = "P-32: caída de la alianza percibida."
NOTE = "Irritación por ir muy lento. Objetivo a corto plazo: sueño y respiración."


async def session(practice: Practice, ruiz: Phone, ana: Phone, *scores: int, words: str | None = None) -> None:
    await practice.week(ruiz, ana, *scores, 2, code=CODE, words=words)


async def states(practice: Practice) -> list[str]:
    return [row["state"] for row in await practice.rows("SELECT state FROM episodes ORDER BY id")]


def digest(ruiz: Phone) -> list[str]:
    """Return the lines of the newest digest."""
    return next(text for text in reversed(said(ruiz)) if text.startswith("Semana ")).splitlines()


@pytest.mark.both
async def test_the_fourth_session_is_repaired_and_the_eighth_was_something_else(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz, CODE)
    for scores in ((8, 8), (8, 9), (9, 9)):
        await session(practice, ruiz, ana, *scores)

    # the fourth: she is irritated
    await practice.session_ends(ruiz, CODE)
    await practice.answers(ana, 6, 5, 2, words="Vamos muy lento")
    await practice.pass_time(timedelta(minutes=20))
    assert ruiz.last().text == FALL
    await practice.taps(ruiz, "Ver")
    alert = ruiz.messages[-2]
    await practice.says(ruiz, "/resumen")
    assert digest(ruiz)[1] == "Mirar primero: P-32 (caída, aviso sin ver)"
    assert "8 dic: 5,5   ·   1 dic: 9,0   ·   7 días entre ambas" in alert.text
    await practice.taps_data(ruiz, data_of(alert, "Leer sus palabras"), alert)
    assert "Vamos muy lento" in alert.text
    await practice.taps_data(ruiz, data_of(alert, "Volver"), alert)
    await practice.pass_time(timedelta(days=7))

    # before the fifth answer comes, it was named and the goal was renegotiated
    await practice.session_ends(ruiz, CODE)
    await practice.taps_data(ruiz, data_of(alert, "Lo hablamos"), alert)
    await practice.says(ruiz, NOTE)
    assert await states(practice) == ["talked"]
    await practice.says(ruiz, "/resumen")
    assert digest(ruiz)[1:3] == ["Nada que mirar primero.", "Hablado, todavía abierto: P-32"]
    await practice.answers(ana, 9, 9, 2)
    await practice.pass_time(timedelta(minutes=20))
    assert await states(practice) == ["repaired"]
    await practice.says(ruiz, "/resumen")
    assert digest(ruiz)[1:3] == ["Nada que mirar primero.", "Reparada: P-32 volvió a 9,0"]
    await practice.pass_time(timedelta(days=7))

    # six and seven are calm; the eighth follows a conflict at work
    for scores in ((9, 9), (9, 8)):
        await session(practice, ruiz, ana, *scores)
    await practice.session_ends(ruiz, CODE)
    await practice.answers(ana, 7, 5, 2, words="Vengo alterada por el trabajo")
    await practice.pass_time(timedelta(minutes=20))
    assert ruiz.last().text == FALL
    await practice.taps(ruiz, "Ver")
    later = ruiz.messages[-2]
    await practice.taps_data(ruiz, data_of(later, "No era eso"), later)

    assert await states(practice) == ["repaired", "false_alarm"]
    await practice.says(ruiz, "/alertas")
    assert ruiz.last().text.startswith("No hay ninguna alerta abierta.")
    await practice.says(ruiz, "/resumen")
    told = digest(ruiz)
    assert told[1:4] == ["Nada que mirar primero.", "", "P-32 · 6,0 ↓ · 5 ene · con palabras"], (
        "neither open nor repaired"
    )
