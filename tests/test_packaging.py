"""What is installed is what is in the tree: as a wheel, and as a checkout."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def declared() -> dict[str, object]:
    found: dict[str, object] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    return found


def packages_in_tree() -> set[str]:
    def of(folder: Path, prefix: str) -> set[str]:
        return {
            ".".join((prefix, *path.parent.relative_to(folder).parts))
            for path in folder.rglob("__init__.py")
            if "__pycache__" not in path.parts
        }

    return (
        of(ROOT / "assistant", "assistant")
        | of(ROOT / "adapters", "assistant.adapters")
        | of(ROOT / "templates", "assistant.templates")
    )


def test_every_folder_with_code_is_declared_as_a_package() -> None:
    assert set(declared()["packages"]) == packages_in_tree()  # type: ignore[call-overload]  # a list of names


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(folder), str(ROOT)], check=True
    )
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_every_template_and_data_file(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    data = {".j2", ".yaml", ".css", ".ics", ".typed", ".json"}
    for folder, prefix in (
        ("assistant", "assistant"),
        ("adapters", "assistant/adapters"),
        ("templates", "assistant/templates"),
    ):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix in data | {".py"} and "__pycache__" not in path.parts:
                assert f"{prefix}/{path.relative_to(ROOT / folder).as_posix()}" in names


def test_the_installed_wheel_runs_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """In an environment that has the dependencies but not the checkout."""
    venv.create(tmp_path / "env", system_site_packages=False, with_pip=False, symlinks=True)
    site = next((tmp_path / "env" / "lib").glob("python*/site-packages"))
    dependencies = next(path for path in sys.path if path.endswith("site-packages"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    code = (
        f"import sys; sys.path.append({dependencies!r});"
        "import assistant.templates, assistant.adapters.local, assistant.render as r;"
        f"assert assistant.templates.__file__.startswith({str(site)!r}), assistant.templates.__file__;"
        "print(r.Renderer().title('check-in', 'de'))"
    )
    ran = subprocess.run(
        [tmp_path / "env" / "bin" / "python", "-S", "-c", f"import sys; sys.path.insert(0, {str(site)!r}); {code}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip()
