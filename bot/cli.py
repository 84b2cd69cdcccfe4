"""The command line: running, setting up, inviting; keys and copies; requests on paper about people's data; calendars.

A failure is one sentence on standard error and an exit code: 65 a database that must not be used, 69 something that is
away, 70 a fault of this program (with its traceback in the log), 78 a wrong setting; 2 is a wrong command.
"""

import asyncio
import gc
import logging
import sys
from collections.abc import Iterable, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Final, NoReturn, TypeVar

import typer
from pydantic import ValidationError

from bot import checks, cli_demo, cli_load, cli_move, cli_parked, cli_replay, cli_texts, ending, installation, logs
from bot.clock import SystemClock
from bot.config import BOTFATHER, Config, Practice, load
from bot.config_values import is_token
from bot.domain.errors import MicrochequeoError
from bot.domain.model import Role
from bot.keys import Keys, carried_keys, load_keys, write_private

Found = TypeVar("Found")

PROGRAM: Final = "microchequeo"
CONFIG_FILE: Final = Path("config.toml")
NAME: Final = "NAME"

command_line = typer.Typer(
    name=PROGRAM,
    help="Three short questions after each session; the therapist hears at once when the alliance falls.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

ConfigFile = Annotated[Path, typer.Option("--config", help="The settings.", metavar="FILE")]


def main() -> NoReturn:
    """Run the command line and leave the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    logs.set_up("WARNING", [])
    try:
        command_line(prog_name=PROGRAM)
    except Exception as error:
        sentence, code = explained(error)
        if code == checks.SOFTWARE:
            logging.getLogger("bot").critical("stopped", exc_info=error)
        print(sentence, file=sys.stderr)
        sys.exit(code)
    sys.exit(0)


def explained(error: Exception) -> tuple[str, int]:
    """Return the sentence and the exit code of a failure, alone or as tasks that ran together raise it."""
    match error:
        case MicrochequeoError():
            return str(error), checks.exit_code(error)
        case ExceptionGroup() if error.split(MicrochequeoError)[1] is None:
            return explained(error.exceptions[0])
        case _:
            return f"{PROGRAM} stopped: {type(error).__name__}. This is a fault of the program.", checks.SOFTWARE


def _version(asked: bool) -> None:  # noqa: FBT001 - typer calls it with the flag
    if asked:
        from importlib import metadata  # noqa: PLC0415

        print(f"{PROGRAM} {metadata.version(PROGRAM)}")
        raise typer.Exit


@command_line.callback()
def everything(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Three short questions after each session; the therapist hears at once when the alliance falls."""


@command_line.command()
def run(
    config: ConfigFile = CONFIG_FILE,
    log_level: Annotated[str, typer.Option(help="DEBUG, INFO, WARNING or ERROR.")] = "INFO",
) -> None:
    """Run the bot until it is told to stop (SIGTERM or Ctrl-C)."""
    ending.ends_at_once_when_told()
    settings, keys = _loaded(config)
    token = settings.telegram.secret()
    logs.set_up(_level(log_level), [token, *keys.secrets(), *settings.database.secrets()])
    gc.disable()  # as in `bot.__main__`
    from bot import app  # noqa: PLC0415 - the heavy part; other commands answer without it

    gc.freeze()
    gc.enable()
    asyncio.run(app.run(settings, keys))
    ending.ends_at_once_when_told()  # all is closed: whoever says it once more says nothing new


command_line.command()(cli_demo.demo)
command_line.command("local-api")(cli_demo.local_api)


@command_line.command()
def init(
    config: ConfigFile = CONFIG_FILE,
    token_file: Annotated[Path | None, typer.Option(help="A file that holds the token.", metavar="FILE")] = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing, take the defaults.")] = False,
) -> None:
    """Write config.toml, the keys and the data folder.  What exists is left as it is."""
    ask = not (yes or config.exists())
    choices = _asked(token_file) if ask else installation.Choices(token_file=token_file)
    for piece in installation.install(config, choices, keys_elsewhere=carried_keys() is not None):
        print(f"wrote {piece.path}" if piece.made else f"{piece.path} was there; left as it is")
    _say_what_next(config, load(config))


@command_line.command()
def check(config: ConfigFile = CONFIG_FILE) -> None:
    """Say whether settings, keys, token, database, backups, texts, time zones and clock are fine."""
    from bot import cli_check  # noqa: PLC0415

    raise typer.Exit(cli_check.show(config))


@command_line.command()
def invite(
    therapist: Annotated[
        str | None, typer.Option(help='As patients know them, like "Dra. Ruiz".', metavar=NAME)
    ] = None,
    second_contact: Annotated[
        str | None, typer.Option(help="Hears of urgent words that the therapist has not seen.", metavar=NAME)
    ] = None,
    supervisor: Annotated[str | None, typer.Option(help="Accompanies therapists.", metavar=NAME)] = None,
    operator: Annotated[
        str | None, typer.Option(help="Runs the bot; hears when an urgent alert reaches nobody.", metavar=NAME)
    ] = None,
    config: ConfigFile = CONFIG_FILE,
) -> None:
    """Print a one-time link that enrols somebody of the practice."""
    asked = {
        Role.THERAPIST: therapist,
        Role.SECOND_CONTACT: second_contact,
        Role.SUPERVISOR: supervisor,
        Role.OPERATOR: operator,
    }
    given = [(role, name.strip()) for role, name in asked.items() if name is not None]
    if len(given) != 1 or not given[0][1]:
        raise typer.BadParameter(
            "name one person", param_hint="--therapist, --second-contact, --supervisor or --operator"
        )
    settings, keys = _loaded(config)
    from bot import errands  # noqa: PLC0415

    print(asyncio.run(errands.invite(settings, keys, *given[0])))


@command_line.command()
def backup(
    config: ConfigFile = CONFIG_FILE,
    to: Annotated[
        Path | None, typer.Option(help="A folder, instead of that of the settings.", metavar="FOLDER")
    ] = None,
) -> None:
    """Write an encrypted copy of the database, the bot running or not."""
    settings, keys = _loaded(config)
    from bot import vault  # noqa: PLC0415

    _say(vault.backup(settings, keys, to, SystemClock().now()))


@command_line.command()
def restore(
    backup: Annotated[Path, typer.Argument(help="The backup.", metavar="FILE")],
    config: ConfigFile = CONFIG_FILE,
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the database that is there; it is kept beside the new one.")
    ] = False,
    without_erasures: Annotated[
        bool, typer.Option("--without-erasures", help="Do without the list of those who left since.")
    ] = False,
) -> None:
    """Put the database of a backup in its place; the bot must be stopped.  All is looked at before anything changes."""
    settings, keys = _loaded(config)
    from bot import vault  # noqa: PLC0415

    at = SystemClock().now()
    _say(vault.restore(settings, keys, backup, at, force=force, without_erasures=without_erasures))


@command_line.command("erase-again")
def erase_again(
    config: ConfigFile = CONFIG_FILE,
    lists: Annotated[
        list[Path] | None, typer.Option("--list", help="Another machine's erasures.log, too.", metavar="FILE")
    ] = None,
) -> None:
    """Erase whoever left since the copy that was put back with other means than `restore`; the bot must be stopped."""
    settings, keys = _loaded(config)
    from bot import vault  # noqa: PLC0415

    _say(vault.erase_again(settings, keys, lists or []))


PatientCode = Annotated[str, typer.Argument(help="The patient's code, like P-07.", metavar="CODE")]


@command_line.command()
def erase(
    code: PatientCode,
    config: ConfigFile = CONFIG_FILE,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing.")] = False,
) -> None:
    """Let a patient go who asked on paper: what `/baja` does, the bot running or not."""
    settings, keys = _loaded(config)
    if not yes:
        typer.confirm(f"Erase {code}? This cannot be undone.", abort=True)
    from bot import paper  # noqa: PLC0415

    _say(_known(code, asyncio.run(paper.erase(settings, keys, code))))


@command_line.command()
def export(
    code: Annotated[str | None, typer.Argument(help="The patient's code, like P-07.", metavar="CODE")] = None,
    config: ConfigFile = CONFIG_FILE,
    to: Annotated[Path, typer.Option(help="The folder for the files.", metavar="FOLDER")] = Path(),
    *,
    everybody: Annotated[bool, typer.Option("--all", help="All patients of the practice, together.")] = False,
) -> None:
    """Write everything held about a patient, or about all, into files that only you can read (docs/exports.md)."""
    if everybody is (code is not None):
        raise typer.BadParameter("name one patient, or write --all", param_hint="CODE")
    settings, keys = _loaded(config)
    from bot import paper  # noqa: PLC0415

    found = asyncio.run(paper.export(settings, keys, code) if code else paper.export_all(settings, keys))
    files = _known(code or "", found)
    there = [to / name for name in files if (to / name).exists()]
    if there:
        raise typer.BadParameter(f"{there[0]} is there already; nothing was written", param_hint="--to")
    for name, content in files.items():
        print(f"wrote {_written(to / name, content)}")


@command_line.command()
def audit(code: PatientCode, config: ConfigFile = CONFIG_FILE) -> None:
    """Say who did and read what about a patient, and when."""
    settings, keys = _loaded(config)
    from bot import paper  # noqa: PLC0415

    _say(_known(code, asyncio.run(paper.audit(settings, keys, code))))


@command_line.command()
def retention(
    config: ConfigFile = CONFIG_FILE,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count only.")] = False,
) -> None:
    """Delete what was kept long enough, as the bot does every day; the clinical record only once it was announced."""
    settings, keys = _loaded(config)
    from bot import paper  # noqa: PLC0415

    _say(asyncio.run(paper.retention(settings, keys, dry_run=dry_run)))


command_line.command("move-database")(cli_move.move_database)
command_line.command()(cli_replay.replay)
command_line.command()(cli_parked.parked)
command_line.command()(cli_texts.texts)
command_line.command()(cli_load.simulate_load)


@command_line.command()
def status(config: ConfigFile = CONFIG_FILE) -> None:
    """Say how the bot is, running or not, and what falls due next (exit code 69 when something is wrong)."""
    settings, keys = _loaded(config)
    from bot import cli_status  # noqa: PLC0415

    raise typer.Exit(cli_status.show(settings, keys))


agenda = typer.Typer(help="A therapist's calendar file in, their coming sessions out.", no_args_is_help=True)
command_line.add_typer(agenda, name="agenda")

OfTherapist = Annotated[
    str, typer.Option("--therapist", help='As patients know them, like "Dra. Ruiz", or by number.', metavar="WHO")
]


@agenda.command("import")
def agenda_import(
    file: Annotated[Path, typer.Argument(help="The calendar (.ics), at most 1 MiB.", metavar="FILE")],
    therapist: OfTherapist,
    config: ConfigFile = CONFIG_FILE,
) -> None:
    """Take a calendar file over, as when its therapist sends it to the bot.  At a terminal, ask whose titles are."""
    settings, keys = _loaded(config)
    from bot import calendars  # noqa: PLC0415

    ask = _asked_whose if sys.stdin.isatty() else None
    try:
        _say(asyncio.run(calendars.take(settings, keys, _read(file), therapist, ask)))
    except calendars.NotDoneError as error:
        raise typer.BadParameter(str(error)) from None


@agenda.command("export")
def agenda_export(
    therapist: OfTherapist,
    file: Annotated[
        Path | None, typer.Argument(help="Where to write; without it, to standard output.", metavar="FILE")
    ] = None,
    config: ConfigFile = CONFIG_FILE,
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
) -> None:
    """Write the sessions of the coming eight weeks as a calendar (.ics), each called by its code."""
    settings, keys = _loaded(config)
    from bot import calendars  # noqa: PLC0415

    try:
        content = asyncio.run(calendars.written(settings, keys, therapist))
    except calendars.NotDoneError as error:
        raise typer.BadParameter(str(error)) from None
    if file is None:
        typer.echo(content, nl=False)
        return
    if force:
        file.unlink(missing_ok=True)
    print(f"wrote {_written(file, content, or_else='; --force replaces it')}")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"{path} cannot be read: {error.strerror}", param_hint="FILE") from None


def _asked_whose(title: str, codes: Sequence[str]) -> str | None:
    """Ask whose a title is, by number or code; None: leave it for another time; an empty string: nobody's."""
    named = {code.casefold(): code for code in codes} | {f"{number}": code for number, code in enumerate(codes, 1)}

    def checked(text: str) -> str | None:
        said = text.strip().casefold()
        if said and said != "0" and said not in named:
            raise typer.BadParameter(f"write a number from 0 to {len(codes)}, or a code")
        return {"": None, "0": ""}.get(said, named.get(said))

    print(f"\n{title}", *(f"  {number}. {code}" for number, code in enumerate(codes, 1)), "  0. nobody's", sep="\n")
    question = "Whose is it? (Enter to leave it for another time)"
    answer: str | None = typer.prompt(question, default="", show_default=False, value_proc=checked)
    return answer


def _known(code: str, found: Found | None) -> Found:
    if found is None:
        raise typer.BadParameter(f"there is no patient {code}", param_hint="CODE")
    return found


def _written(path: Path, content: bytes, *, or_else: str = "") -> Path:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(path, content.decode())
    except FileExistsError:
        hint = "--to" if not or_else else "FILE"
        raise typer.BadParameter(f"{path} is there already; it was left as it is{or_else}", param_hint=hint) from None
    return path


@command_line.command("rotate-key")
def rotate_key(config: ConfigFile = CONFIG_FILE) -> None:
    """Give the practice new keys and seal everything anew; the bot must be stopped.  Cut short, run it again."""
    settings = load(config)
    from bot import vault  # noqa: PLC0415

    _say(vault.rotate(settings))


def _say(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        print(sentence)


def _loaded(path: Path) -> tuple[Config, Keys]:
    config = load(path)
    return config, load_keys(config)


def _level(name: str) -> str:
    if name.upper() not in logging.getLevelNamesMapping():
        raise typer.BadParameter("write DEBUG, INFO, WARNING or ERROR", param_hint="--log-level")
    return name


def _asked(token_file: Path | None) -> installation.Choices:
    return installation.Choices(
        timezone=_answer("Time zone", "timezone", "Europe/Madrid"),
        country=_answer("Country, two letters", "country", "ES"),
        language=_answer("Language, es or en", "language", "es"),
        token_file=token_file,
        token=None if token_file else _asked_token(),
    )


def _answer(question: str, key: str, default: str) -> str:
    def checked(text: str) -> str:
        try:
            Practice.model_validate({key: text})
        except ValidationError as error:
            hint = str(error.errors()[0].get("ctx", {}).get("error", ""))
            raise typer.BadParameter(hint or Practice.model_fields[key].description or "") from None
        return text.strip()

    return str(typer.prompt(question, default=default, value_proc=checked))


def _asked_token() -> str:
    def checked(text: str) -> str:
        if text.strip() and not is_token(text.strip()):
            raise typer.BadParameter("a token is digits, a colon and letters")
        return text.strip()

    question = "Token from @BotFather (not shown; Enter to leave it for later)"
    return str(typer.prompt(question, default="", show_default=False, hide_input=True, value_proc=checked))


def _say_what_next(path: Path, config: Config) -> None:
    option = "" if path == CONFIG_FILE else f" --config {path}"
    steps = [
        f"{PROGRAM} check{option}",
        f'{PROGRAM} invite{option} --therapist "Dra. Ruiz"   (prints a link; open it in Telegram)',
        f"{PROGRAM} run{option}",
    ]
    if not (config.telegram.token or config.telegram.token_file):
        steps.insert(0, f"{BOTFATHER[0].upper()}{BOTFATHER[1:]}.")
    print("\nNext:", *(f"  {number}. {step}" for number, step in enumerate(steps, 1)), sep="\n")
    if carried_keys() is None:
        print(f"\nKeep a copy of {config.privacy.key_file} in a safe place: without it the data cannot be read.")
