"""The documentation says what is so: links, commands, targets, variables, tables, sign-ins and worked examples."""

from __future__ import annotations

import doctest
import importlib
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.main

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    path
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("changes/*.md"))
    if not path.name.startswith(".")
)
# Pages that are kept by hand; the reference is written by tools/docs.py and decisions speak of their day.
WRITTEN = [path for path in PAGES if not path.is_relative_to(ROOT / "docs" / "decisions")]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLE_FILE = re.compile(r"<!-- file: (\S+) -->\n```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MOST_PICTURE_BYTES = 200_000


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def prose_of(path: Path) -> str:
    return FENCE.sub("", text_of(path))


def code_of(path: Path) -> list[str]:
    """Lines for a shell: its fenced blocks line by line, continued lines joined, and code between backticks."""
    blocks = [block for language, block in FENCE.findall(text_of(path)) if language in ("sh", "ini")]
    fenced = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    return fenced + re.findall(r"`([^`\n]+)`", prose_of(path))


def anchors_of(path: Path) -> set[str]:
    """The anchors that headings get when a page is shown as HTML."""
    headings = re.findall(r"^#+ (.+)$", prose_of(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_to_files_and_headings(page: Path) -> None:
    prose = re.sub(r"`[^`\n]*`", "", prose_of(page))
    targets = re.findall(r"\]\(([^)\s]+)\)", prose) + re.findall(r'src(?:set)?="([^"]+)"', prose)
    broken = []
    for target in targets:
        place, _, anchor = target.partition("#")
        there = (page.parent / place).resolve() if place else page
        if re.match(r"[a-z]+:", target):
            broken.append(f"{target} leaves the repository")
        elif not there.exists():
            broken.append(f"{target}: nothing is there")
        elif anchor and there.suffix == ".md" and anchor not in anchors_of(there):
            broken.append(f"{target}: no such heading")
    assert broken == []


def test_every_page_is_reached_from_the_table_of_contents() -> None:
    contents = ROOT / "docs" / "README.md"
    linked = {(contents.parent / place).resolve() for place in re.findall(r"\]\(([^)#\s]+)", text_of(contents))}
    folders = [ROOT / "docs" / name for name in ("tutorial", "how-to", "explanation")]
    pages = {path for folder in folders for path in folder.glob("*.md")}
    assert sorted(map(name_of, pages - linked)) == []


@cache
def command_tree() -> Any:
    from throughline.project.cli import build

    return typer.main.get_command(build())


def command_problem(words: list[str]) -> str:
    """What is wrong with the words after `throughline`, or ""."""
    command, path = command_tree(), "throughline"
    while hasattr(command, "commands") and words and re.fullmatch(r"[a-z]+", words[0]):
        if words[0] not in command.commands:
            return f"{path} {words[0]}: no such command"
        command, path, words = command.commands[words[0]], f"{path} {words[0]}", words[1:]
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    unknown = [word for word in words if re.fullmatch(r"--[a-z-]+", word) and word not in known]
    return f"{path}: no option {', '.join(unknown)}" if unknown else ""


@pytest.mark.parametrize("page", WRITTEN, ids=name_of)
def test_commands_named_exist_with_their_options(page: Path) -> None:
    problems = []
    for line in code_of(page):
        found = re.search(r"(?:^|[\s/])throughline ((?:[a-z]|--).*)", line.partition(" #")[0])
        if found and not line.lstrip().startswith("pip"):
            problems.append(command_problem(found[1].split()))
    assert [problem for problem in problems if problem] == []


@pytest.mark.parametrize("page", WRITTEN, ids=name_of)
def test_make_targets_named_have_a_rule(page: Path) -> None:
    rules = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {target for line in code_of(page) for target in re.findall(r"(?:^|\s)make ([a-z-]+)", line)}
    assert sorted(named - rules) == []


@cache
def variables_read() -> frozenset[str]:
    """Environment variables the product reads."""
    read = re.compile(r"""(?:environ(?:\.get\(|\[)|envvar=)["']([A-Z_]+)["']""")
    sources = [path for path in (ROOT / "src/throughline").rglob("*.py") if "tests" not in path.parts]
    found = {name for path in sources for name in read.findall(path.read_text(encoding="utf-8"))}
    return frozenset(found - {"DJANGO_SETTINGS_MODULE"})


@pytest.mark.parametrize("page", WRITTEN, ids=name_of)
def test_environment_variables_named_are_read(page: Path) -> None:
    assert sorted(set(re.findall(r"THROUGHLINE_[A-Z_]+", text_of(page))) - variables_read()) == []


def test_the_table_of_environment_variables_is_complete() -> None:
    table = set(re.findall(r"^\| `([A-Z_]+)` \|", text_of(ROOT / "docs/how-to/install.md"), re.MULTILINE))
    assert table == variables_read() - {"THROUGHLINE_PASSWORD"}


def pages_with_examples() -> list[Path]:
    return [path for path in PAGES if ">>> " in text_of(path)]


@pytest.mark.parametrize("page", pages_with_examples(), ids=name_of)
def test_worked_examples_give_what_they_say(page: Path) -> None:
    examples = doctest.DocTestParser().get_doctest(
        "\n".join(block for language, block in FENCE.findall(text_of(page)) if language == "python"),
        {},
        name_of(page),
        name_of(page),
        0,
    )
    said: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(examples, out=said.append)
    assert result.attempted > 0
    assert result.failed == 0, "".join(said)


def test_the_table_of_who_is_asked_again_is_the_one_in_force() -> None:
    from throughline.decisions.rules import ASKED_BY_CHANGE, CAPACITY_LABEL, Capacity

    page = text_of(ROOT / "docs/explanation/who-is-asked-again.md")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in page.partition("## The table")[2].splitlines()
        if re.match(r"\| (what changed|terms|parts|upward|sideways|wording|editorial) \|.*\|.*\|.*\|", line)
    ]
    assert rows[0] == ["what changed", *(CAPACITY_LABEL[capacity] for capacity in Capacity)]
    written = {row[0]: [cell == "asked" for cell in row[1:]] for row in rows[1:]}
    assert written == {
        str(kind): [capacity in asked for capacity in Capacity] for kind, asked in ASKED_BY_CHANGE.items()
    }


def test_the_sign_ins_of_the_readme_are_those_of_the_demo() -> None:
    from throughline.shell.demo.sign_ins import PASSWORD, SIGN_INS

    readme = text_of(ROOT / "README.md")
    assert set(re.findall(r"^\| ([a-z ]+) \| `([^`]+@[^`]+)`", readme, re.MULTILINE)) == set(SIGN_INS)
    assert f"`{PASSWORD}`" in readme


def test_the_columns_of_the_plain_table_are_all_explained() -> None:
    from throughline.integrations.okr_formats.tabular.columns import CHECK_IN_COLUMNS, GOAL_COLUMNS

    page = text_of(ROOT / "docs/how-to/import-goals.md")
    assert [column for column in (*GOAL_COLUMNS, *CHECK_IN_COLUMNS) if f"`{column}`" not in page] == []


@pytest.fixture
def example_folder(tmp_path: Path) -> Path:
    """The example files of the how-to pages, written out."""
    for page in PAGES:
        for name, content in EXAMPLE_FILE.findall(text_of(page)):
            (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


@pytest.fixture
def package_with(example_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """`package_with("a.package")`: that package as if the examples lay in its folder."""

    def extended(name: str) -> Any:
        package = importlib.import_module(name)
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(example_folder)])
        return package

    return extended


def test_the_example_of_a_meeting_format_is_found_by_the_registry(package_with: Callable[[str], Any]) -> None:
    from throughline.kernel.registry import Registry

    package = package_with("throughline.meetings.formats")
    found = Registry[Any](package.__name__, noun="meeting format")["pre_mortem"]
    assert isinstance(found, package.MeetingFormat)
    assert found.minutes == 60
    assert {line.activity for line in found.agenda} <= {"board", "grouping", "discussion", "outcome"}


def test_the_example_of_a_goal_format_reads_and_accounts_for_every_line(
    package_with: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from throughline.integrations.okr_formats.model import line_account

    package = package_with("throughline.integrations.okr_formats")
    # Found anew with the example, and not remembered after the test.
    monkeypatch.setattr(package, "okr_formats", package.okr_formats.__wrapped__)
    file = package.read_okr_file(b"O: Nobody waits\nKR: Berths promised by name\n\nsomething else\n", "plan.txt")
    assert file.format_key == "plain_outline"
    assert [(goal.kind, goal.title, goal.parent_key) for goal in file.goals] == [
        ("objective", "Nobody waits", None),
        ("key_result", "Berths promised by name", "o1"),
    ]
    account = line_account(file)
    assert (account.of_goals, account.of_structure, account.of_unread) == (2, 1, 1)
    assert (account.missing, account.repeated) == ((), ())


@pytest.mark.parametrize("name", ["home-light.png", "home-dark.png"])
def test_pictures_are_small(name: str) -> None:
    assert 0 < (ROOT / "docs/pictures" / name).stat().st_size < MOST_PICTURE_BYTES
