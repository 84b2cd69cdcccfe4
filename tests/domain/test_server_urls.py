"""The address of a server is read as PostgreSQL's own library reads it, or refused; the password is told to nobody."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict

from bot.config_problems import _shown
from bot.config_values import ServerUrl
from bot.domain.server_urls import POSTGRES, parameters_of
from storage.postgres.address import Address

SECRET = "s3cr3t"

READ = [
    "bot@db.example.org/practice?sslmode=verify-full",
    "bot:s3cr3t@db.example.org:5433/practice?options=-c%20lock_timeout%3D2s&passfile=/home/my%20bot/.pgpass&sslrootcert=my%20ca.crt",
    "bot:p%40%20%2F%3A+:=&,$!ä@db/practice",
    "bot@db1:5432,db2:5433/practice?target_session_attrs=read-write",
    "bot@[::1]:5432,[fe80::1]:5433/practice",
    "bot@/practice?host=/var/run/postgresql",
    "bot@%2Fvar%2Frun%2Fpostgresql/practice",
    "bot@/practice?host=db1,db2&port=5432,5433",
    "/practice?user=bot&port=6000",
]

SEVERAL = {
    "bot@db1,db2/practice": {"host": "db1,db2"},
    "bot@/practice?host=db1&host=db2": {"host": "db1,db2"},
    "bot@/practice?host=db1&host=db2&port=5432&port=5433": {"host": "db1,db2", "port": "5432,5433"},
    "bot@/practice?host=db1:5432&host=db2:5433": {"host": "db1,db2", "port": "5432,5433"},
    "bot@db1:5433,db2/practice": {"host": "db1,db2", "port": "5433,"},
}

REFUSED = [
    "bot:s3cr3t",
    "bot:s3cr3t@",
    "bot:s3cr3t@db",
    "bot:s3cr3t@db/",
    "bot:s3cr3t/practice",
    "bot:s3cr3t@db:/practice",
    "bot:s3cr3t@db:port/practice",
    "bot:s3cr3t@db@db/practice",
    "bot:@s3cr3t@db/practice",
    "bot:s3cr3t@s3cr3t@db/practice",
    "bot:/s3cr3t@db/practice",
    "bot:1/s3cr3t@db/practice",
    "bot:1/x?s3cr3t=1@db/practice",
    "bot:?s3cr3t@db/practice",
    "bot:#s3cr3t@db/practice",
    "bot: s3cr3t@db/practice",
    "bot:s3cr3t s3cr3t@db/practice",
    "bot:s3cr3t\n@db/practice",
    "bot:%s3cr3t@db/practice",
    "bot:s3cr3t%00@db/practice",
    "bot:s3cr3t%FF@db/practice",
    "bot:s3cr3t@db/practice/other",
    "bot:s3cr3t@db/practice#other",
    "bot:s3cr3t@db/practice?sslmode",
    "bot:s3cr3t@db/practice?options=-c lock_timeout=2s",
    "bot:s3cr3t@db/practice?options=-c%20lock_timeout=2s",
    "bot:s3cr3t@db/practice?user=other",
    "bot:s3cr3t@db/practice?host=other",
    "bot:s3cr3t@db/practice?connect_timeout=1&connect_timeout=2",
    "bot@db/practice?password=s3cr3t",
    "bot@db/practice?sslpassword=s3cr3t",
    "bot@db/practice?oauth_client_secret=s3cr3t",
    "bot@db/practice?scram_client_key=s3cr3t",
    "bot@db/practice?%70assword=s3cr3t",
]


@pytest.mark.parametrize("rest", READ)
def test_it_is_read_as_the_library_reads_it_and_handed_on_as_it_was_read(rest: str) -> None:
    read = parameters_of(f"{POSTGRES}{rest}")

    assert read == conninfo_to_dict(f"postgresql://{rest}")
    assert read.items() <= conninfo_to_dict(Address(f"{POSTGRES}{rest}").conninfo()).items()


@pytest.mark.parametrize(("rest", "servers"), SEVERAL.items(), ids=SEVERAL)
def test_several_servers_stand_one_after_the_other_however_they_are_written(rest: str, servers: dict[str, str]) -> None:
    assert parameters_of(f"{POSTGRES}{rest}") == {"user": "bot", "dbname": "practice", **servers}


@pytest.mark.parametrize("rest", REFUSED)
def test_what_two_readers_could_read_differently_is_refused_without_a_word_of_the_password(rest: str) -> None:
    url = f"{POSTGRES}{rest}"

    with pytest.raises(ValueError, match=r"there twice|no name|cannot be read|before the @") as refused:
        parameters_of(url)

    assert SECRET not in f"{refused.value} {_shown('url', url)}"


passwords = st.builds(
    "{}s3cr3t{}".format,
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    st.text(":/?#@%[]&= +'\"\\éab12"),
)


@given(passwords)
def test_a_password_that_is_written_as_it_should_be_is_taken_and_shown_nowhere(password: str) -> None:
    url = f"{POSTGRES}bot:{quote(password, safe='')}@db/practice"

    address, written = Address(url), ServerUrl(url)

    assert conninfo_to_dict(address.conninfo())["password"] == password
    assert password in written.secrets()
    assert SECRET not in f"{address} {address!r} {written!r} {written.shown}"


@given(passwords)
def test_a_password_that_is_written_as_it_is_said_is_taken_whole_or_the_address_is_refused(password: str) -> None:
    url = f"{POSTGRES}bot:{password}@db/practice"

    said = told_of(url)

    assert said == EVERYTHING_ELSE or "cannot be read" in said
    assert SECRET not in f"{said} {_shown('url', url)}"


EVERYTHING_ELSE = "{'user': 'bot', 'dbname': 'practice', 'host': 'db'}"


def told_of(url: str) -> str:
    """Return what is read besides the password, or why it is refused."""
    try:
        read = parameters_of(url)
    except ValueError as refused:
        return str(refused)
    return str({name: value for name, value in read.items() if name != "password"})
