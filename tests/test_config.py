import re
from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import config_problems
from bot.config import Config, load
from bot.domain.alliance import Rule
from bot.domain.errors import ConfigurationError
from bot.domain.hours import QuietHours
from bot.domain.instrument import THREE_ITEMS, TWO_ITEMS
from bot.domain.model import Form, Language, Region, Register, Voice

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"
TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, _, _ in list(config_problems.given_variables()):
        monkeypatch.delenv(name)


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    return path


def complaint(folder: Path, text: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        load(written(folder, text))
    return str(caught.value).replace(f"{folder}/", "")


def settings() -> list[tuple[str, str]]:
    return [(section, key) for section in Config.model_fields for key in _keys(section)]


def _keys(section: str) -> dict[str, object]:
    return dict(config_problems.settings(Config.model_fields, section))


def test_example_says_what_the_defaults_are(tmp_path: Path) -> None:
    example = load(written(tmp_path, EXAMPLE.read_text("utf-8")))

    assert example == load(written(tmp_path, '[practice]\ncountry = "ES"')), "the country alone has no default"


@pytest.mark.parametrize(("section", "key"), settings())
def test_example_names_every_setting(section: str, key: str) -> None:
    parts = re.split(r"^\[(\w+)\]$", EXAMPLE.read_text("utf-8"), flags=re.MULTILINE)

    text = parts[parts.index(section) + 1]

    assert re.search(rf"^(# )?{key} = ", text, re.MULTILINE)


@pytest.mark.parametrize(("section", "key"), settings())
def test_every_setting_knows_its_remedy(section: str, key: str) -> None:
    assert config_problems.settings(Config.model_fields, section)[key].description


def test_values_arrive_as_the_rules_want_them(tmp_path: Path) -> None:
    config = load(
        written(
            tmp_path,
            """
            [practice]
            timezone = "America/Santiago"
            country = "cl"
            language = "en"
            register = "vos"
            form = "neutral"
            [check_in]
            delay = "0s"
            quiet_from = "00:00"
            quiet_until = 00:00:00
            reminder_after = "1h30m"
            expires_after = "2d"
            items = 2
            [alliance]
            drop = 2.5
            grace = "90s"
            [digest]
            weekday = "Miércoles"
            """,
        )
    )

    times = config.check_in_times()
    assert (times.delay, times.reminder_after) == (timedelta(0), timedelta(hours=1, minutes=30))
    assert (times.expires_after, times.grace) == (timedelta(days=2), timedelta(seconds=90))
    assert time(0) not in times.quiet
    assert config.items() == TWO_ITEMS
    santiago = ZoneInfo("America/Santiago")
    assert config.default_voice() == Voice(Language.EN, Register.VOS, Form.NEUTRAL, santiago, Region.AMERICAS)
    assert (config.practice.country, config.alliance.thresholds().drop, config.digest.weekday) == ("CL", 5, 2)


@pytest.mark.parametrize(
    ("practice", "region"),
    [
        ("", Region.SPAIN),
        ('country = "ES"', Region.SPAIN),
        ('country = "MX"', Region.AMERICAS),
        ('country = "US"', Region.AMERICAS),
        ('country = "DE"', Region.SPAIN),
        ('country = "MX"\nregion = "spain"', Region.SPAIN),
    ],
)
def test_whose_spanish_is_spoken_follows_from_the_country_unless_it_is_written(
    tmp_path: Path, practice: str, region: Region
) -> None:
    config = load(written(tmp_path, f"[practice]\n{practice}\n"))

    assert config.default_voice().region is region


def test_defaults_are_those_of_the_instrument(tmp_path: Path) -> None:
    config = load(written(tmp_path, ""))

    assert config.items() == THREE_ITEMS
    assert config.alliance.thresholds().drop == 4
    assert config.therapist_quiet() == QuietHours(time(21), time(8))


def test_relative_paths_start_at_the_folder_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, '[telegram]\ntoken_file = "telegram.token"')
    monkeypatch.chdir("/")

    config = load(path)

    assert config.database.path == tmp_path / "data/microchequeo.db"
    assert config.privacy.key_file == tmp_path / "data/microchequeo.key"
    assert config.telegram.token_file == tmp_path / "telegram.token"


def test_absolute_database_path_is_kept(tmp_path: Path) -> None:
    config = load(written(tmp_path, '[database]\nurl = "sqlite+aiosqlite:////srv/practice.db"'))

    assert config.database.path == Path("/srv/practice.db")


def test_a_database_on_a_server_has_no_file_and_a_folder_beside_the_settings(tmp_path: Path) -> None:
    database = load(written(tmp_path, f'[database]\nurl = "{SERVER}"')).database

    assert (database.is_file, database.folder, str(database.url)) == (False, tmp_path / "data", SERVER)
    with pytest.raises(LookupError):
        _ = database.path


SERVER = "postgresql+psycopg://bot:s3cr%40t@db.example.org:5433/practice?sslmode=verify-full"


def test_the_password_of_a_database_never_shows(tmp_path: Path) -> None:
    config = load(written(tmp_path, f'[database]\nurl = "{SERVER}"'))

    shown = f"{config!r} {config.database!r} {config.database} {config.database.name} {config.model_dump()!r}"
    assert "s3cr" not in shown
    assert config.database.secrets() == ("s3cr%40t", "s3cr@t")


def test_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MICROCHEQUEO_PRACTICE__REGISTER", "tu")
    monkeypatch.setenv("MICROCHEQUEO_DIGEST__HOUR", "8")
    monkeypatch.setenv("MICROCHEQUEO_ALLIANCE__DROP", "1.5")
    monkeypatch.setenv("MICROCHEQUEO_THERAPIST__BLIND_GUESS", "true")
    path = written(tmp_path, '[practice]\nregister = "vos"\nname = "Centro Sur"\n[digest]\nhour = 20')

    config = load(path)

    assert (config.practice.address, config.practice.name) == (Register.TU, "Centro Sur")
    assert (config.digest.hour, config.alliance.thresholds().drop, config.therapist.blind_guess) == (8, 3, True)


def test_several_things_stand_in_the_environment_as_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = '[{"number": "024", "says_es": "a", "says_en": "b", "checked_on": "2026-11-01"}]'
    monkeypatch.setenv("MICROCHEQUEO_ALLIANCE__RULES", '["drop", "silence"]')
    monkeypatch.setenv("MICROCHEQUEO_PRACTICE__HELP_LINES", line)
    monkeypatch.setenv("MICROCHEQUEO_PRACTICE__NAME", "[Sur]")

    config = load(written(tmp_path, '[practice]\ncountry = "ES"\n[alliance]\nrules = ["drop"]'))

    assert config.alliance.rules == (Rule.DROP, Rule.SILENCE)
    assert [(one.number, one.checked_on) for one in config.practice.help_lines] == [("024", date(2026, 11, 1))]
    assert (config.practice.name, config.practice.country) == ("[Sur]", "ES")


def test_token_of_the_environment_replaces_the_token_file_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MICROCHEQUEO_TELEGRAM__TOKEN", TOKEN)

    config = load(written(tmp_path, '[telegram]\ntoken_file = "telegram.token"'))

    assert config.telegram.secret() == TOKEN


def test_token_file_is_read_without_its_line_end(tmp_path: Path) -> None:
    (tmp_path / "telegram.token").write_text(f"{TOKEN}\n")

    config = load(written(tmp_path, '[telegram]\ntoken_file = "telegram.token"'))

    assert config.telegram.secret() == TOKEN


def test_api_url_loses_its_trailing_slash(tmp_path: Path) -> None:
    config = load(written(tmp_path, '[telegram]\napi_url = "http://127.0.0.1:8081/"'))

    assert config.telegram.api_url == "http://127.0.0.1:8081"


def test_missing_token_says_how_to_get_one(tmp_path: Path) -> None:
    config = load(written(tmp_path, '[telegram]\ntoken = ""'))

    with pytest.raises(
        ConfigurationError, match=r"config\.toml, \[telegram\] token is missing; write /newbot to @BotFather"
    ):
        config.telegram.secret()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "cannot be read (No such file or directory)"),
        (b"", "holds no token"),
        (b"\xff\xfe", "holds no token"),
        (b"open sesame", "holds no token"),
    ],
)
def test_token_file_without_a_token_says_so(tmp_path: Path, content: bytes | None, sentence: str) -> None:
    if content is not None:
        (tmp_path / "telegram.token").write_bytes(content)
    config = load(written(tmp_path, '[telegram]\ntoken_file = "telegram.token"'))

    with pytest.raises(ConfigurationError) as caught:
        config.telegram.secret()

    assert f"{tmp_path}/config.toml, [telegram] token_file: {tmp_path}/telegram.token {sentence}; write /newbot" in str(
        caught.value
    )
    assert "sesame" not in str(caught.value)


WHERE = 'write "sqlite+aiosqlite:///" and the path of a file, or "postgresql+psycopg://", a server and a database.'

WRONG = {
    '[telegram]\ntoken = "open sesame"': (
        "config.toml, [telegram] token = (not shown) does not work; "
        "a token is digits, a colon and letters, as @BotFather gave it."
    ),
    f'[telegram]\ntoken = "{TOKEN}"\ntoken_file = "x"': (
        "config.toml, [telegram]: token and token_file are both set; keep one."
    ),
    '[telegram]\napi_url = "api.telegram.org"': (
        'config.toml, [telegram] api_url = "api.telegram.org" does not work; '
        'write the root of a Bot API server, http or https, like "https://api.telegram.org".'
    ),
    f'[telegram]\napi_url = "ftp://x/bot{TOKEN}"': (
        'config.toml, [telegram] api_url = "ftp://x/bot(not shown)" does not work; '
        'write the root of a Bot API server, http or https, like "https://api.telegram.org".'
    ),
    '[telegram]\nmode = "webhook"': (
        'config.toml, [telegram]: mode = "webhook" needs webhook_url, the address that your web server passes on.'
    ),
    '[telegram]\nmode = "push"': 'config.toml, [telegram] mode = "push" does not work; write "polling" or "webhook".',
    '[telegram]\nwebhook_url = "http://bot.example.org/"': (
        'config.toml, [telegram] webhook_url = "http://bot.example.org/" does not work; '
        "Telegram brings updates over https only; "
        'write the address that your web server passes on, like "https://bot.example.org/telegram".'
    ),
    '[telegram]\nwebhook_url = "https://bot.example.org:8080/"': (
        'config.toml, [telegram] webhook_url = "https://bot.example.org:8080/" does not work; '
        "Telegram reaches no other ports than 443, 80, 88, 8443; "
        'write the address that your web server passes on, like "https://bot.example.org/telegram".'
    ),
    '[telegram]\nwebhook_url = "https://bot.example.org/?key=1"': (
        'config.toml, [telegram] webhook_url = "https://bot.example.org/?key=1" does not work; '
        'write the address that your web server passes on, like "https://bot.example.org/telegram".'
    ),
    '[telegram]\nwebhook_listen = ""': (
        'config.toml, [telegram] webhook_listen = "" does not work; write an address like "127.0.0.1:8080".'
    ),
    '[database]\nurl = "postgresql://practice"': (
        'config.toml, [database] url = "postgresql://…" does not work; '
        f"the data are in a file of SQLite or on a server with PostgreSQL; {WHERE}"
    ),
    '[database]\nurl = "postgresql+psycopg://bot:s3cr:et@db.example.org"': (
        f'config.toml, [database] url = "postgresql+psycopg://…" does not work; the database has no name; {WHERE}'
    ),
    '[database]\nurl = "postgresql+psycopg://db/p?password=s3cret"': (
        'config.toml, [database] url = "postgresql+psycopg://…" does not work; '
        f"the password stands before the @, or in a file of its own (passfile=); {WHERE}"
    ),
    '[database]\nurl = "host=db password=s3cret"': (
        'config.toml, [database] url = "…" does not work; '
        f"the data are in a file of SQLite or on a server with PostgreSQL; {WHERE}"
    ),
    '[telegram]\nwebhook_url = "https://bot:s3cr/et@bot.example.org/"': (
        'config.toml, [telegram] webhook_url = "https://…@bot.example.org/" does not work; '
        'write the address that your web server passes on, like "https://bot.example.org/telegram".'
    ),
    "[practice]\nname = 7": "config.toml, [practice] name = 7 does not work; write a text.",
    '[practice]\ntimezone = "Europe/Madird"': (
        'config.toml, [practice] timezone = "Europe/Madird" does not work; did you mean Europe/Madrid?'
    ),
    '[practice]\ntimezone = "../etc"': (
        'config.toml, [practice] timezone = "../etc" does not work; write an IANA name like "Europe/Madrid".'
    ),
    '[[practice.help_lines]]\nnumber = "024"': (
        'config.toml, [practice] help_lines = {"number": "024"} does not work; each [[practice.help_lines]] needs '
        "number, says_es, says_en (texts of one line) and checked_on (a day like 2026-11-01), and may have always_open "
        'and kind ("crisis", "emergency" or "violence").'
    ),
    '[practice]\ncountry = "España"': (
        'config.toml, [practice] country = "España" does not work; write the two letters of a country, like "ES".'
    ),
    '[practice]\nlanguage = "ca"': 'config.toml, [practice] language = "ca" does not work; write "es" or "en".',
    '[practice]\nregister = "formal"': (
        'config.toml, [practice] register = "formal" does not work; write "usted", "tu" or "vos".'
    ),
    "[check_in]\ndelay = 15": (
        'config.toml, [check_in] delay = 15 does not work; write a duration like "15m", "20h", "1h30m" or "0s".'
    ),
    '[check_in]\ndelay = "-5m"': (
        'config.toml, [check_in] delay = "-5m" does not work; write a duration like "15m", "20h", "1h30m" or "0s".'
    ),
    '[check_in]\ndelay = ""': (
        'config.toml, [check_in] delay = "" does not work; write a duration like "15m", "20h", "1h30m" or "0s".'
    ),
    '[check_in]\nexpires_after = "99999d"': (
        'config.toml, [check_in] expires_after = "99999d" does not work; it is longer than 365 days; '
        'write a duration like "15m", "20h", "1h30m" or "0s".'
    ),
    '[check_in]\nquiet_from = "9 pm"': (
        'config.toml, [check_in] quiet_from = "9 pm" does not work; write a time of day like "21:30".'
    ),
    "[check_in]\nitems = 4": (
        "config.toml, [check_in] items = 4 does not work; write 3, or 2 to leave out what was left pending."
    ),
    "[alliance]\ndrop = 1.7": (
        "config.toml, [alliance] drop = 1.7 does not work; write points from 0.5 to 10 in steps of 0.5."
    ),
    "[alliance]\ndrop = nan": (
        "config.toml, [alliance] drop = NaN does not work; write points from 0.5 to 10 in steps of 0.5."
    ),
    "[digest]\nweekday = 0": 'config.toml, [digest] weekday = 0 does not work; write a day like "sunday" or "domingo".',
    "[digest]\nhour = 24": "config.toml, [digest] hour = 24 does not work; write a full hour from 0 to 23.",
    '[health]\nlisten = "9090"': (
        'config.toml, [health] listen = "9090" does not work; write an address like "127.0.0.1:9477", or "" for none.'
    ),
    '[health]\nlisten = "0.0.0.0:9477"': (
        'config.toml, [health]: listen = "0.0.0.0:9477" can be reached from other machines, without a password; write '
        '"127.0.0.1:9477", or exposed = true beside it if a firewall or a container keeps others away.'
    ),
    "[operator]\nleast_free = -1": (
        "config.toml, [operator] least_free = -1 does not work; write megabytes, from 0 (never told) to 1000000."
    ),
    '[practice]\ntimezon = "UTC"': "config.toml, [practice] timezon: there is no such setting; did you mean timezone?",
    "[digest]\nminute = 1": "config.toml, [digest] minute: there is no such setting; [digest] has weekday, hour.",
    '[practise]\nname = "x"': "config.toml, [practise]: there is no such setting; did you mean practice?",
    'timezone = "UTC"': "config.toml, [timezone]: there is no such setting; did you mean [practice] timezone?",
    "practice = 3": "config.toml, [practice]: write [practice] and its settings below.",
    "[practice]\nname = Centro": "config.toml is not valid TOML: Invalid value (at line 2, column 8).",
    '[practice]\nname = "': "config.toml is not valid TOML: Unterminated string (at line 2, column 9).",
}


@pytest.mark.parametrize(("text", "sentence"), WRONG.items(), ids=WRONG)
def test_wrong_setting_names_file_key_value_and_remedy(tmp_path: Path, text: str, sentence: str) -> None:
    assert complaint(tmp_path, text) == sentence


def test_several_problems_are_told_one_per_line(tmp_path: Path) -> None:
    said = complaint(tmp_path, '[digest]\nhour = 99\nweekday = "someday"\n[practice]\ncountry = "Spain"')

    assert len(said.splitlines()) == 3


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DIGEST__HOUR", "99", ' = "99" does not work; write a full hour from 0 to 23.'),
        ("DIGEST__HOURS", "9", ": there is no such setting; did you mean MICROCHEQUEO_DIGEST__HOUR?"),
        ("DIGESTS__HOUR", "9", ": there is no such setting; did you mean MICROCHEQUEO_DIGEST__HOUR?"),
        ("DIGEST", "9", ": name the setting too, as in MICROCHEQUEO_DIGEST__WEEKDAY."),
        ("ALLIANCE__RULES", "drop", ' = "drop" does not work; write some of {rules}, as ["drop"].'),
        (
            "TELEGRAM__TOKEN",
            "open sesame",
            " = (not shown) does not work; a token is digits, a colon and letters, as @BotFather gave it.",
        ),
    ],
)
def test_wrong_variable_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(f"MICROCHEQUEO_{name}", value)

    assert complaint(tmp_path, "") == f"MICROCHEQUEO_{name}{sentence.replace('{rules}', ', '.join(Rule))}"


def test_missing_file_names_the_command_that_writes_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"config\.toml does not exist; `microchequeo init` writes one\."):
        load(tmp_path / "config.toml")


def test_file_in_another_encoding_is_refused_kindly(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes('[practice]\nname = "Peñalver"'.encode("latin-1"))

    with pytest.raises(ConfigurationError, match="is not UTF-8 text; save it as UTF-8"):
        load(path)


def test_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b'\xef\xbb\xbf[practice]\nname = "Centro"')

    assert load(path).practice.name == "Centro"


def test_token_never_shows(tmp_path: Path) -> None:
    config = load(written(tmp_path, f'[telegram]\ntoken = "{TOKEN}"'))

    assert TOKEN not in repr(config)
    assert TOKEN not in config.model_dump_json()


@pytest.mark.parametrize("listen", ["127.0.0.1:9477", "127.1.2.3:80", "[::1]:9477", "localhost:9477", ""])
def test_what_only_this_machine_reaches_needs_no_more_words(tmp_path: Path, listen: str) -> None:
    assert load(written(tmp_path, f'[health]\nlisten = "{listen}"\n')).health.listen == listen


def test_what_others_reach_is_taken_where_it_is_said_to_be_meant(tmp_path: Path) -> None:
    text = '[health]\nlisten = "0.0.0.0:9477"\nexposed = true\n'

    assert load(written(tmp_path, text)).health.listen == "0.0.0.0:9477"
