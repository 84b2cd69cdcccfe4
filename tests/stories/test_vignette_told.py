"""The vignette of the text this bot comes from: one fall is a rupture that is repaired, another comes from a bad day.

The digest celebrates the first, and does not go on about the second once the therapist has said that it was not that.
"""

from datetime import timedelta

from bot.demo.phone import Phone
from tests.practice import Practice, said


def digest(phone: Phone) -> str:
    """Return the newest digest."""
    return next(text for text in reversed(said(phone)) if text.startswith("Semana "))


async def answered(practice: Practice, ruiz: Phone, ana: Phone, *scores: int, words: str | None = None) -> None:
    """Play a session and its answers until the rules have looked; the week goes on from there."""
    await practice.session_ends(ruiz)
    await practice.answers(ana, *scores, words=words)
    await practice.pass_time(timedelta(minutes=20))


async def test_the_digest_tells_both_falls_rightly(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    for _ in range(3):
        await practice.week(ruiz, ana, 9, 9, 1)

    await answered(practice, ruiz, ana, 7, 6, 2, words="Vamos muy lento")
    await practice.says(ruiz, "/resumen")
    assert digest(ruiz).splitlines()[1] == "Mirar primero: P-07 (caída, aviso sin ver)"

    await practice.taps(ruiz, "Ver", "Lo hablamos")
    await practice.says(ruiz, "/resumen")
    assert digest(ruiz).splitlines()[1:3] == ["Nada que mirar primero.", "Hablado, todavía abierto: P-07"]

    await practice.pass_time(timedelta(days=7) - timedelta(minutes=35))
    await answered(practice, ruiz, ana, 9, 9, 1)
    await practice.says(ruiz, "/resumen")
    assert digest(ruiz).splitlines()[1:3] == ["Nada que mirar primero.", "Reparada: P-07 volvió a 9,0"]

    await practice.pass_time(timedelta(days=14))
    await practice.week(ruiz, ana, 9, 9, 1)
    await answered(practice, ruiz, ana, 6, 7, 3, words="Un conflicto en el trabajo")
    await practice.taps(ruiz, "Ver", "No era eso")
    await practice.says(ruiz, "/resumen")

    told = digest(ruiz)
    assert told.splitlines()[1] == "Nada que mirar primero.", "what was not that is not open"
    assert "Reparada" not in told, "nor is it celebrated"
    assert "P-07 · 6,5 ↓" in told, "the numbers stay what they are"
    assert "Ver P-07" not in [label for message in ruiz.messages[-3:] for label in message.labels()]
