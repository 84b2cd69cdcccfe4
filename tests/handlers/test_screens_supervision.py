"""The monthly reading, word for word: sums, and nothing about few people."""

from dataclasses import replace

from handlers.screens_supervision import reading
from tests.handlers.gallery import ENGLISH, TEXTS, USTED
from tests.handlers.weeks import A_MONTH, A_SMALL_MONTH


def test_a_month_word_for_word() -> None:
    assert reading(TEXTS, USTED, A_MONTH).text == (
        "Lectura de la alianza · noviembre de 2026\n"
        "14 pacientes de 3 terapeutas, 41 sesiones preguntadas\n"
        "Contestadas: 30 (73 %)\n"
        "Prefirieron no contestar: 5 (12 %)\n"
        "Sin respuesta: 6 (15 %)\n"
        "Momentos de sintonía (9,0 o más, sin bajar): 16 (53 % de las respuestas)\n"
        "Caídas y descensos: 7\n"
        "Reparados en el mes: 5\n"
        "Sin reparar: 0\n"
        "Avisos que no eran eso: en menos de 5 pacientes\n"
        "Mediana hasta reparar: en días, 9,5; en sesiones, 2.\n"
        "Recursos somáticos anotados (marcadores de seguridad): 12\n"
        "\n"
        "Son sumas del equipo, para mirar la alianza en común: sin nombres, sin códigos y sin comparar a nadie. "
        "Los pacientes de quien lee esto no se cuentan."
    )


def test_a_month_in_english_word_for_word() -> None:
    assert reading(TEXTS, ENGLISH, A_SMALL_MONTH).text == (
        "Reading of the alliance · November 2026\n"
        "14 patients of 3 therapists, 41 sessions asked about\n"
        "How many were answered is not told: it would be about fewer than 5 patients.\n"
        "Moments of attunement: not told, it would be about fewer than 5 patients.\n"
        "Drops and slow declines: 7\n"
        "Repaired in the month: in fewer than 5 patients\n"
        "Not repaired: 0\n"
        "Alerts that were something else: in fewer than 5 patients\n"
        "Somatic resources noted (safety markers): in fewer than 5 patients\n"
        "\n"
        "These are totals for the whole team, to look at the alliance together: no names, no codes, nobody compared. "
        "The patients of whoever reads this are not counted."
    )


def test_a_group_that_is_too_small_is_one_sentence() -> None:
    text = reading(TEXTS, USTED, replace(A_MONTH, patients=4)).text

    assert text == (
        "Lectura de la alianza · noviembre de 2026: este mes no se muestra. "
        "Hacen falta al menos 5 pacientes de 2 terapeutas para que no hable de nadie en particular."
    )
    assert reading(TEXTS, USTED, replace(A_MONTH, therapists=1)).text == text


def test_an_empty_month_says_so() -> None:
    assert reading(TEXTS, USTED, replace(A_MONTH, patients=0, therapists=0, sessions=0)).text == (
        "Lectura de la alianza · noviembre de 2026: no hubo sesiones preguntadas."
    )
