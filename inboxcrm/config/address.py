"""Which database: the environment before the file, and a relative path made absolute."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from inboxcrm.config.places import Finding
from inboxcrm.config.sections import DatabaseSettings, url_problem

DATABASE_VARIABLE = "INBOXCRM_DATABASE_URL"
DATABASE_FILE_VARIABLE = f"{DATABASE_VARIABLE}_FILE"

_SQLITE = "sqlite:///"


def database_settings(
    given: DatabaseSettings, folder: Path, environ: Mapping[str, str]
) -> tuple[DatabaseSettings, list[Finding]]:
    """Paths of the file start in `folder`, those of the environment in the working folder."""
    from_url, from_file = environ.get(DATABASE_VARIABLE), environ.get(DATABASE_FILE_VARIABLE)
    if from_url and from_file:
        return given, [((DATABASE_VARIABLE,), f"set this or {DATABASE_FILE_VARIABLE}, not both")]
    if from_url:
        return _checked(from_url, Path.cwd(), (DATABASE_VARIABLE,))
    if from_file:
        return _from_file(Path(from_file), Path.cwd(), (DATABASE_FILE_VARIABLE,))
    if given.url_file is not None:
        return _from_file(given.url_file, folder, ("database", "url_file"))
    return _checked(given.url, folder, ("database", "url"))


def _from_file(
    file: Path, folder: Path, place: tuple[str | int, ...]
) -> tuple[DatabaseSettings, list[Finding]]:
    try:
        return _checked(file.read_text(encoding="utf-8").strip(), folder, place)
    except OSError as error:
        return DatabaseSettings(), [(place, f"{file} cannot be read ({error.strerror})")]
    except UnicodeDecodeError:
        return DatabaseSettings(), [(place, f"{file} is not UTF-8 text")]


def _checked(
    url: str, folder: Path, place: tuple[str | int, ...]
) -> tuple[DatabaseSettings, list[Finding]]:
    if problem := url_problem(url):
        return DatabaseSettings(), [(place, problem)]
    if url.startswith(_SQLITE):
        url = f"{_SQLITE}{folder / Path(url.removeprefix(_SQLITE)).expanduser()}"
    return DatabaseSettings(url=url), []
