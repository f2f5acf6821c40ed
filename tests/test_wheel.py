"""The wheel that `build` makes holds all that the command needs, and nothing of the tests."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest


ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """A folder with the contents of the wheel."""
    out, site = tmp_path_factory.mktemp("dist"), tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    (wheel,) = out.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(site)
    return site


def test_the_command_answers_from_the_data_in_the_wheel(unpacked, tmp_path):
    ask = [sys.executable, "-m", "bot", "ask", "--now", "2017-08-21T12:00", "when is lunch"]
    here = {**os.environ, "PYTHONPATH": str(unpacked)}
    found = subprocess.run(ask, cwd=tmp_path, env=here, capture_output=True, text=True, check=True)

    assert "12:30 pm–1:45 pm PDT" in found.stdout


def test_the_wheel_holds_the_program_and_its_data_only(unpacked):
    names = {p.name for p in unpacked.iterdir() if not p.name.endswith(".dist-info")}

    assert names == {"bot", "adapters"}
    assert (unpacked / "bot" / "_data" / "language" / "en.yaml").is_file()
    assert (unpacked / "bot" / "_data" / "kbnets17" / "program.yaml").is_file()
