"""The project's files agree on what it needs, and nothing ties it to one machine."""

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
# Where conda-forge calls a package by another name.
CONDA_NAMES = {"playwright-python": "playwright", "pyosmium": "osmium"}
# Written in two parts so that this file passes its own check.
INDEX_HOSTS = [
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "npmjs" + ".org",
    "anaconda" + ".org",
    "anaconda" + ".com",
]
HOME_PATH = re.compile(r"(?<![\w.}])(?:/home/\w+/|/Users/\w+/|/root/\w|[A-Z]:\\Users\\\w)")


def read_project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def read_environment() -> tuple[list[str], list[str]]:
    """Read environment.yml: the requirements from conda-forge, and those from pip."""
    entries = YAML(typ="safe").load(ROOT / "environment.yml")["dependencies"]
    conda = [entry for entry in entries if isinstance(entry, str)]
    (pip,) = [entry["pip"] for entry in entries if isinstance(entry, dict)]
    return conda, pip


def normalise_name(name: str) -> str:
    """Write a package's name as the lock does: lower case, one hyphen for . _ and -."""
    return re.sub(r"[-_.]+", "-", name).lower()


def split_requirement(requirement: str) -> tuple[str, frozenset[str]]:
    """Split "name>=1,<2" into its name and its bounds."""
    match = re.fullmatch(r"([A-Za-z0-9._-]+)\s*((?:[<>=!~][^,]*,?)*)", requirement)
    assert match, f"cannot read the requirement {requirement!r}"
    name = normalise_name(CONDA_NAMES.get(match[1], match[1]))
    return name, frozenset(bound.strip() for bound in match[2].split(",") if bound)


def read_direct_requirements() -> dict[str, frozenset[str]]:
    project = read_project()
    wanted = project["dependencies"] + project["optional-dependencies"]["test"]
    return dict(split_requirement(requirement) for requirement in wanted)


def list_project_files(*arguments: str) -> list[str]:
    """List files with git; skip where this is not a git checkout."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_environment_has_the_same_packages_and_ranges_as_the_project() -> None:
    conda, pip = read_environment()
    found = dict(split_requirement(entry) for entry in [*conda, *pip] if entry != "-e .")
    assert found.pop("pip") == frozenset()
    assert found.pop("python") == split_requirement("python" + read_project()["requires-python"])[1]
    assert found == read_direct_requirements()


def test_environment_uses_conda_forge_by_name_and_installs_the_project() -> None:
    environment = YAML(typ="safe").load(ROOT / "environment.yml")
    assert environment["name"] == "cip"
    assert environment["channels"] == ["conda-forge"]
    assert "-e ." in read_environment()[1]


def test_lock_names_every_direct_dependency_with_hashes() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text)
    hashed = {normalise_name(block.split("==")[0]) for block in blocks if "--hash=sha256:" in block}
    unhashed = {
        block.split("==")[0] for block in blocks if "==" in block and "--hash=sha256:" not in block
    }
    assert not unhashed
    assert set(read_direct_requirements()) - hashed == set()


def test_lock_has_no_index_address() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert re.findall(r"^.*(?:index-url|find-links|trusted-host|://).*$", text, re.MULTILINE) == []


def test_dependencies_page_lists_exactly_the_direct_dependencies() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1:4] for line in page.splitlines() if line.startswith("| ")]
    named = {normalise_name(row[0].strip()): row for row in rows if row[0].strip() != "Package"}
    assert set(named) == set(read_direct_requirements())
    assert all(cell.strip() for row in named.values() for cell in row)


def test_package_is_tracked_by_git() -> None:
    """The usual Python .gitignore leaves lib/ out, and then the package is lost in a clone."""
    tracked = list_project_files("lib/")
    assert "lib/cip/__init__.py" in tracked
    ignored = list_project_files("--others", "--ignored", "--exclude-standard", "lib/cip")
    assert [name for name in ignored if not name.endswith(".pyc")] == []


def test_no_file_names_an_index_or_a_home_folder() -> None:
    found = []
    for name in list_project_files("--cached", "--others", "--exclude-standard"):
        data = (ROOT / name).read_bytes()
        if b"\0" in data:
            continue
        text = data.decode("utf-8", errors="replace")
        found += [f"{name}: {host}" for host in INDEX_HOSTS if host in text]
        found += [f"{name}: {match[0]}" for match in HOME_PATH.finditer(text)]
    assert found == []


@pytest.mark.parametrize("path", ["/home/{}/file", "/Users/{}/x", "C:\\Users\\{}", "/root/{}"])
def test_a_home_folder_is_recognised(path: str) -> None:
    assert HOME_PATH.search(f"see {path.format('alex')} for more")


def test_a_path_in_an_address_is_not_a_home_folder() -> None:
    assert not HOME_PATH.search("https://example.org/home/about/ and {root}/home/x/")


def test_hooks_run_from_the_environment_alone() -> None:
    config = YAML(typ="safe").load(ROOT / ".pre-commit-config.yaml")
    assert [repository["repo"] for repository in config["repos"]] == ["local"]
    hooks = config["repos"][0]["hooks"]
    assert {hook["language"] for hook in hooks} == {"system"}
    assert {hook["id"] for hook in hooks} == {
        "ruff",
        "ruff-format",
        "nbstripout",
        "codespell",
        "large-files",
    }
