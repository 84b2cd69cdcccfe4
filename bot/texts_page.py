"""The texts as one page for a clinician: opened in any browser, without scripts, and printed as it is."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Final

from bot.domain.model import Language
from bot.texts_review import Case, Reviewed, Said, addressed

_STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 80rem; padding: 1rem; }
h2 { border-bottom: 2px solid; margin-top: 2.5rem; padding-bottom: .25rem; }
h3 { font: 600 .95rem/1.4 ui-monospace, monospace; margin: 1.75rem 0 .25rem; }
h3 span { font: .85rem/1.4 system-ui, sans-serif; margin-left: .75rem; }
.case { font-style: italic; margin: .75rem 0 .25rem; }
dl { display: grid; gap: .5rem; grid-template-columns: repeat(auto-fit, minmax(min(16rem, 100%), 1fr)); margin: 0; }
dl div { border: 1px solid; border-radius: .4rem; break-inside: avoid; padding: .4rem .6rem; }
dt { font-size: .8rem; }
dd { margin: .15rem 0 0; overflow-wrap: anywhere; white-space: pre-wrap; }
nav ul { columns: 18rem; padding-left: 1.2rem; }
@media print { body { font-size: 9pt; max-width: none; padding: 0; } nav { display: none; } h3 { break-after: avoid; } }
""".strip()

_READERS: Final = {"patient": "pacientes", "therapist": "terapeutas", "operator": "quien cuida del bot"}

_INTRODUCTION: Final = (
    "Todo lo que dice el bot, en cada manera de decirlo: de usted, de tú y de vos; con comprendido, comprendida y "
    "neutral; en el español de España y en el de América; y en inglés. Lo que suena igual en varias está una vez. "
    "Los nombres, códigos y fechas son ejemplos. Vos se dice solo en América. Lo que chirríe al leerlo en voz alta "
    "se puede señalar por su clave, la palabra que está encima de cada texto."
)


def page(found: Sequence[Reviewed]) -> str:
    """Return the whole page."""
    sections = [(name, list(texts)) for name, texts in groupby(found, lambda one: one.section)]
    contents = "".join(f'<li><a href="#s{number}">{escape(name)}</a></li>' for number, (name, _) in enumerate(sections))
    body = "".join(_section(number, name, texts) for number, (name, texts) in enumerate(sections))
    return (
        '<!DOCTYPE html>\n<html lang="es">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Microchequeo: todos los textos</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n"
        f"<header><h1>Todos los textos</h1>\n<p>{_INTRODUCTION}</p></header>\n"
        f'<nav aria-label="Secciones"><ul>{contents}</ul></nav>\n<main>\n{body}</main>\n</body>\n</html>\n'
    )


def _section(number: int, name: str, texts: Sequence[Reviewed]) -> str:
    heading = f'<h2 id="s{number}">{escape(name)}</h2>\n'
    return f'<section aria-labelledby="s{number}">\n{heading}{"".join(map(_text, texts))}</section>\n'


def _text(one: Reviewed) -> str:
    readers = ", ".join(_READERS[reader] for reader in sorted(one.readers))
    cases = "".join(_case(case) for case in one.cases)
    return f"<article>\n<h3>{escape(one.key)}<span>{readers}</span></h3>\n{cases}</article>\n"


def _case(case: Case) -> str:
    circumstance = f'<p class="case">{escape(case.circumstance)}</p>\n' if case.circumstance else ""
    return f"{circumstance}<dl>{''.join(_variants(case.said))}</dl>\n"


def _variants(said: Sequence[Said]) -> Iterator[str]:
    for one in said:
        language = f' lang="{Language.EN}"' if one.language is Language.EN else ""
        yield f"<div><dt>{escape(addressed(one.manners))}</dt><dd{language}>{escape(one.text)}</dd></div>"
