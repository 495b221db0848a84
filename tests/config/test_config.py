"""Settings: what loads, what is refused, and what a person is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from inboxcrm.config import Settings, load
from inboxcrm.errors import SettingsError
from inboxcrm.leads.pipeline import Pipelines, StageKind

ROOT = Path(__file__).parents[2]
PIPELINE = '[[pipeline]]\nkey="a"\nlabel="A"\n'


def load_text(tmp_path: Path, text: str, **environ: str) -> Settings:
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    return load(file, environ)


def problems_of(tmp_path: Path, text: str, **environ: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_text(tmp_path, text, **environ)
    assert caught.value.exit_code == 2
    return [str(problem) for problem in caught.value.problems]


# --- which file --------------------------------------------------------------


def test_without_a_file_the_database_lies_in_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = load(None, {})
    assert settings.database.url == f"sqlite:///{tmp_path}/inboxcrm.db"
    assert settings.mailboxes == ()
    assert settings.pipelines == Pipelines()
    assert (settings.web.host, settings.web.port) == ("127.0.0.1", 8025)


def test_the_file_named_on_the_command_line_beats_the_environment(tmp_path):
    (tmp_path / "one.toml").write_text("[web]\nport = 1001\n")
    (tmp_path / "two.toml").write_text("[web]\nport = 1002\n")
    environ = {"INBOXCRM_CONFIG": str(tmp_path / "two.toml")}
    assert load(tmp_path / "one.toml", environ).web.port == 1001
    assert load(None, environ).web.port == 1002


def test_config_toml_of_the_working_folder_is_taken_by_itself(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text("[web]\nport = 1003\n")
    assert load(None, {}).web.port == 1003


def test_a_named_file_that_does_not_exist_is_said(tmp_path):
    with pytest.raises(SettingsError, match="no such file") as caught:
        load(tmp_path / "missing.toml", {})
    assert "config.example.toml" in caught.value.remedy


def test_a_folder_is_no_settings_file(tmp_path):
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path, {})


def test_paths_start_in_the_folder_of_the_file(tmp_path, monkeypatch):
    monkeypatch.chdir("/")
    settings = load_text(
        tmp_path,
        '[database]\nurl = "sqlite:///data/leads.db"\n'
        '[[mailbox]]\nname = "sales"\nprovider = "gmail"\ntoken_file = "secrets/sales.json"\n',
    )
    assert settings.database.url == f"sqlite:///{tmp_path}/data/leads.db"
    assert settings.mailboxes[0].token_file == tmp_path / "secrets/sales.json"


# --- the environment and secrets ----------------------------------------------


def test_the_environment_overrides_the_database(tmp_path):
    url = "postgresql://alice:pw@localhost/inboxcrm"
    text = '[database]\nurl = "sqlite:///x.db"\n'
    assert load_text(tmp_path, text, INBOXCRM_DATABASE_URL=url).database.url == url


def test_a_relative_database_from_the_environment_starts_in_the_working_folder(
    tmp_path, monkeypatch
):
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    settings = load_text(tmp_path, "", INBOXCRM_DATABASE_URL="sqlite:///here.db")
    assert settings.database.url == f"sqlite:///{work}/here.db"


@pytest.mark.parametrize("place", ["file", "environment"])
def test_the_database_address_may_come_from_a_secret_file(tmp_path, place):
    secret = tmp_path / "url"
    secret.write_text("postgresql://alice:pw@db.example/inboxcrm\n")
    settings = (
        load_text(tmp_path, '[database]\nurl_file = "url"\n')
        if place == "file"
        else load_text(tmp_path, "", INBOXCRM_DATABASE_URL_FILE=str(secret))
    )
    assert settings.database.url == "postgresql://alice:pw@db.example/inboxcrm"


def test_a_missing_secret_file_is_a_problem_with_its_place(tmp_path):
    [problem] = problems_of(tmp_path, '[database]\nurl_file = "nowhere"\n')
    assert problem.startswith("database.url_file (line 2): ")
    assert "nowhere cannot be read" in problem


def test_a_password_is_neither_printed_nor_told(tmp_path):
    settings = load_text(tmp_path, "", INBOXCRM_DATABASE_URL="postgresql://alice:hush@h/d")
    assert "hush" not in repr(settings)
    [problem] = problems_of(tmp_path, "", INBOXCRM_DATABASE_URL="mysql://alice:hush@h/d")
    assert problem.startswith("INBOXCRM_DATABASE_URL: ")
    assert "hush" not in problem


# --- what is refused ------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[web\nport = 1\n", "line 1"),
        ("[web]\nport = \n", "line 2"),
        ("[web]\nport = 1\nport = 2\n", "line 3"),
    ],
)
def test_invalid_toml_is_told_with_its_line(tmp_path, text, place):
    [problem] = problems_of(tmp_path, text)
    assert problem.startswith(place)
    assert "not valid TOML" in problem


def test_a_file_that_is_not_text_is_told_with_its_line(tmp_path):
    file = tmp_path / "config.toml"
    file.write_bytes(b"[web]\nhost = '\xff'\n")
    with pytest.raises(SettingsError, match="line 2: this is not UTF-8"):
        load(file, {})


def test_every_problem_is_told_at_once_in_the_order_of_the_file(tmp_path):
    found = problems_of(
        tmp_path,
        '[database]\nulr = "x"\n'
        '[[mailbox]]\nname = "a"\nprovider = "gmial"\ncapture = 3\n'
        '[[mailbox]]\nname = "a"\nprovider = "gmail"\nsince = "yesterday"\nlabels = "INBOX"\n'
        '[web]\nport = "8025"\nhost = "0.0.0.0"\n'
        "[leads]\ncold_after_days = 0\n",
    )
    assert [problem.partition(": ")[0] for problem in found] == [
        "database.ulr (line 2)",
        "mailbox[0].provider (line 5)",
        "mailbox[0].capture (line 6)",
        "mailbox[1].token_file (line 7)",
        "mailbox[1].name (line 8)",
        "mailbox[1].since (line 10)",
        "mailbox[1].labels (line 11)",
        "web.port (line 13)",
        "web.host (line 14)",
        "leads.cold_after_days (line 16)",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[database]\nulr = "x"\n', 'no such key; did you mean "url"?'),
        ("[wbe]\nport = 1\n", 'no such key; did you mean "web"?'),
        (
            '[[mailbox]]\nname="a"\nprovider="mbox"\nadress="a@b.example"\n',
            'did you mean "address"?',
        ),
        ('[[mailbox]]\nname="a"\nprovider="gmial"\n', 'did you mean "gmail"?'),
        ('[work]\nzone = "Europe/Lisboa"\n', 'did you mean "Europe/Lisbon"?'),
        ('[work]\nhours = "nine to five"\n', 'is not like "mon-fri 09:00-17:00"'),
        ('[web]\nport = "8025"\n', 'should be a whole number without quotes, not "8025"'),
        ("[web]\nport = true\n", "should be a whole number without quotes, not true"),
        ("[web]\nport = 70000\n", "should be at most 65535, not 70000"),
        ('[web]\nhost = "0.0.0.0"\n', "opens the pages to the network"),
        ("web = 3\n", "should be a table: write it as [web]"),
        ('[mailbox]\nname = "a"\n', "should be a list of tables: write it as [[mailbox]]"),
        ('[[mailbox]]\nname = "a"\n', "provider (line 1): is missing"),
        (
            '[[mailbox]]\nname="a"\nprovider="mbox"\naddress="Alice"\n',
            '"Alice" is not a mail address',
        ),
        ('[capture]\nown_domains = ["@ourshop.example"]\n', "is not a domain"),
        ('[gmail]\napi_endpoint = "localhost:99"\n', "should be a web address"),
        ('[[mailbox]]\nname="a"\nprovider="gmail"\n', "a gmail mailbox needs it"),
        (
            '[[mailbox]]\nname="a"\nprovider="mbox"\ntoken_file="t"\n',
            'belongs to a mailbox of provider "gmail"',
        ),
        (
            '[[pipeline]]\nkey="a"\nlabel="A"\n',
            "a pipeline needs at least one [[pipeline.stage]]",
        ),
        (
            '[[pipeline]]\nkey="Big Deals"\nlabel="A"\n',
            "should hold only lower-case letters, digits",
        ),
        (
            '[[pipeline]]\nkey="a"\nlabel="A"\n[[pipeline.stage]]\nkey="x"\nlabel="X"\nkind="won"\n',
            'so its kind must be "open"',
        ),
        (
            PIPELINE + '[[pipeline.stage]]\nkey="x"\nlabel="X"\nprobability=40\n',
            "should be at most 1, not 40",
        ),
        (
            PIPELINE + 2 * '[[pipeline.stage]]\nkey="x"\nlabel="X"\n',
            '"x" is already the key of another stage of this pipeline',
        ),
        ('[[lead_field]]\nkey="a"\nlabel="A"\nkind="choice"\n', "choices (line 1): is missing"),
        (
            '[[lead_field]]\nkey="a"\nlabel="A"\nchoices=["x"]\n',
            'belongs to a field of kind "choice"',
        ),
        (
            "".join(f'[[lead_field]]\nkey="{one}"\nlabel="A"\nkind="time_zone"\n' for one in "ab"),
            "kind (line 8): is that of another field; a lead has one time zone",
        ),
        (
            2 * '[[lead_field]]\nkey="a"\nlabel="A"\n',
            '"a" is already the key of another lead_field',
        ),
        ('[database]\nurl="sqlite:///a"\nurl_file="b"\n', "give url or url_file, not both"),
        ('[database]\nurl="inboxcrm.db"\n', "should name a database, as in"),
        ('[database]\nurl="sqlite:///:memory:"\n', "should name a database, as in"),
    ],
)
def test_a_problem_says_what_is_wrong_and_what_was_meant(tmp_path, text, told):
    assert any(told in problem for problem in problems_of(tmp_path, text))


def test_line_numbers_follow_nested_tables(tmp_path):
    text = (
        '[[pipeline]]\nkey="a"\nlabel="A"\n'
        '[[pipeline.stage]]\nkey="x"\nlabel="X"\n'
        '[[pipeline]]\nkey="b"\nlabel="B"\n'
        '[[pipeline.stage]]\nkey="y"\nlabel="Y"\n'
        '[[pipeline.stage]]\nkey="z"\nlabel="Z"\nkind="maybe"\n'
    )
    [problem] = problems_of(tmp_path, text)
    assert problem.startswith("pipeline[1].stage[1].kind (line 16): ")


# --- what is understood -----------------------------------------------------------


def test_the_example_loads_as_it_stands_and_spells_out_the_default_pipeline():
    settings = load(ROOT / "config.example.toml", {})
    assert settings.pipelines.pipelines == Pipelines().pipelines
    assert [one.provider for one in settings.mailboxes] == ["gmail", "mbox"]


def test_the_example_shows_the_true_defaults():
    example, default = load(ROOT / "config.example.toml", {}), Settings()
    for section in ("gmail", "capture", "leads", "work", "web"):
        assert getattr(example, section) == getattr(default, section)


def test_a_pipeline_of_ones_own_replaces_the_default(tmp_path):
    settings = load_text(
        tmp_path,
        '[[pipeline]]\nkey = "partners"\nlabel = "Partners"\n'
        '[[pipeline.stage]]\nkey = "met"\nlabel = "Met"\nprobability = 0.2\ndays_until_stale = 30\n'
        '[[pipeline.stage]]\nkey = "signed"\nlabel = "Signed"\nkind = "won"\nprobability = 1\n',
    )
    [pipeline] = settings.pipelines.pipelines
    assert [(s.key, s.kind, s.probability, s.stale_after_days) for s in pipeline.stages] == [
        ("met", StageKind.OPEN, 0.2, 30),
        ("signed", StageKind.WON, 1.0, None),
    ]


def test_a_mailbox_is_read_with_all_its_keys(tmp_path):
    settings = load_text(
        tmp_path,
        '[[mailbox]]\nname="sales"\nprovider="gmail"\naddress="alice@ourshop.example"\n'
        'aliases=["sales@ourshop.example"]\ntoken_file="t.json"\ncapture="exchange"\n'
        'since=2026-01-31\nlabels=["INBOX"]\n',
    )
    mailbox = settings.mailbox("sales")
    assert mailbox is not None
    assert mailbox.capture == "exchange"
    assert mailbox.since == date(2026, 1, 31)
    assert mailbox.labels == ("INBOX",)
    assert mailbox.aliases == ("sales@ourshop.example",)


def test_settings_cannot_be_changed_once_loaded(tmp_path):
    settings = load_text(tmp_path, "")
    with pytest.raises(ValueError, match="frozen"):
        settings.web.port = 1  # type: ignore[misc]


def test_working_hours_are_counted_in_the_zone_of_the_settings(tmp_path):
    settings = load_text(tmp_path, '[work]\nzone="Europe/Lisbon"\nhours="tue-sat 10:00-18:30"\n')
    hours = settings.working_hours
    assert hours.zone == "Europe/Lisbon"
    assert hours.weekdays == frozenset({1, 2, 3, 4, 5})


def test_lead_fields_are_read_in_their_order(tmp_path):
    text = (
        '[[lead_field]]\nkey = "seats"\nlabel = "Seats"\nkind = "number"\nshow_in_panel = true\n'
        '[[lead_field]]\nkey = "size"\nlabel = "Size"\nkind = "choice"\nchoices = ["small", "large"]\n'
    )
    fields = load_text(tmp_path, text).lead_fields
    assert [(one.key, one.kind.value, one.choices) for one in fields] == [
        ("seats", "number", ()),
        ("size", "choice", ("small", "large")),
    ]
    assert fields[0].show_in_panel
