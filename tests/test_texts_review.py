"""What a clinician is shown: every text there is, in every variant, nobody addressed in two ways."""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

import pytest

from bot.domain.model import Form, Language, Region, Register, Voice
from bot.texts import Texts
from bot.texts_examples import example
from bot.texts_page import page
from bot.texts_review import ENGLISH, SPANISH, Manner, Reader, Reviewed, addressed, readers, reviewed
from tests.handlers.gallery import RUIZ, USTED, Gallery, fail

ALL = tuple(reviewed(Texts.load(fail)))


def said() -> Iterator[tuple[Reviewed, Register, str]]:
    """Give every Spanish wording with who is addressed so."""
    for one in ALL:
        for wording in (wording for case in one.cases for wording in case.said):
            for register in {manner.register for manner in wording.manners}:
                if register is not None:
                    yield one, register, wording.text


def test_every_text_of_both_languages_is_there() -> None:
    for language, book in Texts.load(fail).books.items():
        shown = {one.key.partition(".")[0] for one in ALL}
        assert book.written.keys() <= shown, language
    assert len({one.key for one in ALL}) == len(ALL)


def test_every_text_says_something_in_every_variant() -> None:
    every = {Manner(*addressing, form) for addressing in SPANISH for form in Form}
    for one in ALL:
        for case in one.cases:
            spoken = [manner for wording in case.said for manner in wording.manners]
            assert set(spoken) - {ENGLISH} == every, one.key
            assert len(spoken) == len(set(spoken)), one.key
            assert ENGLISH in spoken or one.key.startswith("voz-"), one.key
            assert all(wording.text.strip() for wording in case.said), one.key


def test_what_is_said_alike_is_said_once() -> None:
    for one in ALL:
        for case in one.cases:
            texts = [wording.text for wording in case.said if wording.manners != (ENGLISH,)]
            assert len(texts) == len(set(texts)), one.key


def test_every_choice_inside_a_text_is_shown() -> None:
    (pushed,) = [one for one in ALL if one.key == "alert-push"]

    assert [case.circumstance for case in pushed.cases] == ["", "rule: item_drop", "rule: slide", "rule: silence"]


def test_no_wording_changes_with_the_region_where_it_is_what_is_measured() -> None:
    """Another wording is another measure: the questions are the same in Spain and in the Americas."""
    for one in (one for one in ALL if re.match(r"(question|anchors|label|item)-", one.key)):
        for wording in one.cases[0].said:
            for register in (Register.USTED, Register.TU):
                regions = {manner.region for manner in wording.manners if manner.register is register}
                assert regions in (set(), set(Region)), one.key


FORMAL = re.compile(
    r"\b([Uu]sted|[Pp]ulse|[Tt]oque un|[Ee]scriba|[Ee]nvíe|[Ee]lija|[Ll]lame|[Ee]spere|[Pp]ida|[Vv]uelva a abrir|"
    r"[Mm]ire|Compruebe|Compare|Restaure|Haga|Apoye|Escuche|Suelte|Deje|[Pp]regunte en|cuéntelo|escríbalo|guárdelo|"
    r"expórtel[ao]s|ábralo|pídaselo|Envíeselo|muéstrele|Léalo|manténgalos|Avísele|suéltelo|"
    r"quiere contestar|Si quiere|Si necesita|Le trato|se sintió)\b"
)
FAMILIAR = re.compile(
    r"\b([Tt]ú|ti|contigo|quieres|puedes|Puedes|necesitas|escribes|piensas|cuentas|hablas|eliges|recibes|cambias|crees|"
    r"estimas|aceptas|ocupas|estás|[Pp]ulsa|Toca|Escribe|Elige|Pide|Espera|vuelve a|llama(?= ahora|\.)|Mira|Comprueba|"
    r"Compara|Restaura|Haz|Apoya|Escucha|Suelta|Deja|Pregunta en|envía|Avísale|cuéntalo|escríbelo|guárdalo|"
    r"expórtal[ao]s|ábrelo|pídeselo|Envíaselo|muéstrale|Léelo|mantenlos|suéltalo)\b"
)
OF_BOTH = re.compile(r"\b([Tt]e|[Tt]us?)\b")
VOSEO = re.compile(
    r"\b(vos|\w{2,}(?:ás|és|ís)|[Tt]ocá|[Ee]scribí|[Ll]lamá|[Ee]legí|[Ee]sperá|[Vv]olvé|contalo|escribilo|guardalo|"
    r"abrilo|pedíselo|mostrale|[Mm]irá|[Rr]estaurá|[Cc]ompará|[Cc]omprobá|[Hh]acé|[Aa]poyá|[Nn]otá|[Ss]oltá|[Dd]ejá|"
    r"soltalo|mantenelos|exportalas|exportalos|[Pp]reguntá|[Aa]visale|[Ee]nviá|[Ll]eelo|acá)\b"
)
CHOICES = ("button-register-", "button-rather-", "button-chosen", "data-manner")
"""What names how somebody may be addressed."""

NO_VOSEO = {"además", "atrás", "detrás", "después", "través", "interés", "demás", "estás", "inglés", "país"}


@pytest.mark.parametrize(
    ("register", "others"),
    [
        (Register.USTED, (FAMILIAR, OF_BOTH, VOSEO)),
        (Register.TU, (FORMAL, VOSEO)),
        (Register.VOS, (FORMAL, FAMILIAR)),
    ],
)
def test_nobody_is_addressed_in_two_ways(register: Register, others: tuple[re.Pattern[str], ...]) -> None:
    found = [
        (one.key, match[0])
        for one, addressing, text in said()
        if addressing is register and not one.key.startswith(CHOICES)
        for match in (match for other in others for match in other.finditer(text))
        if match[0].lower() not in NO_VOSEO and not (register is Register.VOS and match[0] == "estás")
    ]

    assert found == []


COMPOUND_PAST = re.compile(
    r"\b([Hh]e|[Hh]as|[Hh]a|[Hh]emos|[Hh]an) (\w+ )?"
    r"(\w+[aií]d[oa]s?|hecho|dicho|visto|puesto|escrito|vuelto|abierto|roto)\b"
)
OF_SPAIN = re.compile(
    r"\b(ordenador(es)?|móvil(es)?|vídeos?|[Pp]uls(a|e|e[ns]|as|ar|ad[oa]s?)|la consulta|en directo|caducad?[oa]?|"
    r"apetec\w+|añadir|pinch\w+|fichero\w*|vosotros|vuestr\w+|como mucho)\b"
)
OF_THE_AMERICAS = re.compile(
    r"\b(computador\w*|celular(es)?|videos?|[Aa]cá|[Tt]oque un\w?|[Tt]oca un\w?|[Tt]ocá|consultorio|en vivo|venció|"
    r"agregar|presionad[oa]s?|recién|vidrio|ustedes)\b"
)


def in_region(region: Region) -> Iterator[tuple[str, str]]:
    """Give the key and the words of every Spanish wording that is said in a region."""
    for one in ALL:
        for wording in (wording for case in one.cases for wording in case.said):
            if region in {manner.region for manner in wording.manners}:
                yield one.key, wording.text


@pytest.mark.parametrize(
    ("region", "foreign"),
    [(Region.AMERICAS, (COMPOUND_PAST, OF_SPAIN)), (Region.SPAIN, (OF_THE_AMERICAS,))],
)
def test_nobody_reads_the_tenses_or_the_words_of_the_other_shore(
    region: Region, foreign: tuple[re.Pattern[str], ...]
) -> None:
    """«Ha bloqueado», «ordenador» and «pulse» are of Spain, «acá», «computadora» and «toque» of the Americas."""
    found = [(key, match[0]) for key, text in in_region(region) for one in foreign for match in one.finditer(text)]

    assert found == []


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        (COMPOUND_PAST, "Este texto ha cambiado"),
        (COMPOUND_PAST, "Ya se ha preguntado por ella"),
        (COMPOUND_PAST, "no lo ha visto todavía"),
        (OF_SPAIN, "En un ordenador de la consulta"),
        (OF_THE_AMERICAS, "Lo guardamos acá"),
    ],
)
def test_what_is_looked_for_would_be_found(pattern: re.Pattern[str], says: str) -> None:
    assert pattern.search(says)


def test_vos_is_here_in_one_way_only() -> None:
    here = re.compile(r"\b[Aa]quí\b")

    assert [one.key for one, register, text in said() if register is Register.VOS and here.search(text)] == []


def test_what_stands_beside_a_choice_goes_with_it() -> None:
    """A name agrees with its article, one text belongs to one patient, and English counts to one as well."""
    shown = {(one.key, case.circumstance): [wording.text for wording in case.said] for one in ALL for case in one.cases}

    assert [shown["called-de", which][0] for which in ("", "article: la", "article: el")] == [
        "de Marta",
        "de la Dra. Ruiz",
        "del Dr. Gil",
    ]
    assert shown["calendar-moved", "count: one"] == ["una movida", "1 moved"]
    assert all("P-11" not in text for text in shown["deletion-words", "count: one"])
    assert all("P-11" in text for text in shown["deletion-words", ""])


def test_a_patient_who_is_called_tu_or_vos_is_never_spoken_of_as_somebody_else() -> None:
    """«Su» is of whoever is called usted; of the therapist a patient reads the name."""
    theirs = re.compile(r"\b([Ss]us?|quiere|necesita|hacerse daño)\b")
    found = [
        (one.key, match[0])
        for one, register, text in said()
        if register is not Register.USTED and one.readers == {Reader.PATIENT}
        for match in theirs.finditer(text)
    ]

    assert found == []


OF_TWO_ROLES = ("agreement-yours", "button-work", "command-", "privacy-rights-", "settings-work")
"""What the gallery shows of somebody who is both patient and therapist."""


def heard(shown: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return the keys of all that is said meanwhile."""
    say, keys = Texts.say, set[str]()

    def noting(texts: Texts, voice: Voice, key: str, **values: str | int) -> str:
        keys.add(key)
        return say(texts, voice, key, **values)

    with monkeypatch.context() as listening:
        listening.setattr(Texts, "say", noting)
        assert shown()
    return keys


@pytest.mark.parametrize("who", [{Reader.PATIENT}, {Reader.THERAPIST, Reader.OPERATOR}])
def test_who_is_shown_a_text_is_named_as_its_reader(who: set[Reader], monkeypatch: pytest.MonkeyPatch) -> None:
    gallery = Gallery(USTED, RUIZ, "P-07")
    shown = gallery.patients if Reader.PATIENT in who else gallery.therapists
    known = {one.key: one.readers for one in ALL}

    said = heard(shown, monkeypatch)

    assert sorted(key for key in said if not known[key] & who and not key.startswith(OF_TWO_ROLES)) == []


def test_readers_are_told_apart_by_how_the_key_begins() -> None:
    assert readers("alarm-disk", "Terapeuta: avisos") == {Reader.OPERATOR}
    assert readers("pause-step-1", "Pausa de 45 segundos") == {Reader.PATIENT}
    assert readers("button-undo", "Terapeuta: sesiones") == {Reader.THERAPIST}


@pytest.mark.parametrize(
    ("manners", "name"),
    [
        ([Manner(*way, form) for way in SPANISH for form in Form], "español"),
        ([Manner(*way, form) for way in SPANISH[:2] for form in Form], "usted"),
        ([Manner(*SPANISH[3], form) for form in Form], "tú, América"),
        ([Manner(*way, Form.NEUTRAL) for way in SPANISH if way[1] is Region.SPAIN], "España · neutral"),
        ([Manner(*SPANISH[4], Form.NEUTRAL), Manner(*SPANISH[4], Form.COMPRENDIDA)], "vos · neutral, comprendida"),
        (
            [Manner(*SPANISH[0], Form.NEUTRAL), Manner(*SPANISH[4], Form.COMPRENDIDA)],
            "usted, España · neutral · vos · comprendida",
        ),
        ([ENGLISH], "English"),
    ],
)
def test_who_is_addressed_so_is_said_shortly(manners: list[Manner], name: str) -> None:
    assert addressed(tuple(manners)) == name


def test_a_variable_without_an_example_is_an_error() -> None:
    with pytest.raises(KeyError):
        example(Language.ES, "noted", "no-such-variable")


class Page(HTMLParser):
    """Reads a page: its tags, what they point to, and its words."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_page_holds_every_wording_and_needs_nothing_from_elsewhere() -> None:
    read = Page(page(ALL))

    names = {tag for tag, _ in read.tags}
    assert not names & {"script", "link", "img", "iframe"}
    assert all((found.get("href") or "#").startswith("#") for _, found in read.tags)
    words = set(read.words)
    assert {one.key for one in ALL} <= words
    assert {wording.text for one in ALL for case in one.cases for wording in case.said} <= words


def test_the_page_is_in_order_for_whoever_hears_it_read() -> None:
    read = Page(page(ALL))

    assert ("html", {"lang": "es"}) in read.tags
    assert [tag for tag, _ in read.tags].count("h1") == 1
    headings = {found["id"] for tag, found in read.tags if tag == "h2"}
    assert {found["aria-labelledby"] for tag, found in read.tags if tag == "section"} == headings
    assert {(found["href"] or "").removeprefix("#") for tag, found in read.tags if tag == "a"} == headings
    assert {"lang": "en"} in [found for tag, found in read.tags if tag == "dd"]
