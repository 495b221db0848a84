"""The wheel holds everything: it is built without any network and a page is rendered from it alone."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

RENDER = """
import sys
from pathlib import Path

import inboxcrm
home = Path(inboxcrm.__file__).parent
assert home.is_relative_to(sys.argv[1]), home

from inboxcrm.bootstrap.desk import open_desk
from inboxcrm.bootstrap.pages import make_web_app
from inboxcrm.config import load
from inboxcrm.worker.clock import RealClock

settings = load(None, {})
desk = open_desk(settings, RealClock())
client = make_web_app(settings, desk, entry_token="token").test_client()
address = f"http://127.0.0.1:{settings.web.port}"
closed = client.get("/", base_url=address)
assert client.get("/enter?token=token", base_url=address).location == "/"
page = client.get("/", base_url=address)
print(closed.status_code, page.status_code, page.text)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    [built] = folder.glob("*.whl")
    return built


def test_the_wheel_carries_templates_migrations_prices_and_static_files(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"inboxcrm/{file.relative_to(ROOT)}" for file in (ROOT / "templates").rglob("*.html")
    } | {
        str(file.relative_to(ROOT))
        for pattern in ("**/*.py", "**/*.toml", "web/static/**/*.*", "py.typed")
        for file in (ROOT / "inboxcrm").glob(pattern)
        if "__pycache__" not in file.parts
    }
    assert wanted - names == set()
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_wheel_carries_no_tests_and_nothing_private(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/", 1)[0] for name in names}
    assert len(tops) == 2
    assert "inboxcrm" in tops
    assert not [name for name in names if "__pycache__" in name or name.endswith((".db", ".pyc"))]


def test_a_page_is_rendered_from_the_wheel_alone(wheel, tmp_path):
    installed = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(installed)
    done = subprocess.run(
        [sys.executable, "-c", RENDER, str(installed)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(installed), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("403 200 <!doctype html>"), done.stdout[:200]
    assert "inboxcrm" in done.stdout
