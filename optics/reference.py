"""The page of settings, from `.env.example`: the one place where each is described."""

from dataclasses import dataclass

from django.conf import settings

from core.reference import page, table

EXAMPLE = ".env.example"


@dataclass(frozen=True)
class Setting:
    group: str
    name: str
    example: str
    text: str
    required: bool


def documented() -> list[Setting]:
    """The settings of `.env.example`: `## group`, comment lines, then `NAME=value` or `# NAME=value` (has a default)."""
    found: list[Setting] = []
    group = ""
    words: list[str] = []
    for line in (settings.BASE_DIR / EXAMPLE).read_text().splitlines():
        bare = line.removeprefix("# ")
        name, sign, value = bare.partition("=")
        if line.startswith("## "):
            group, words = line.removeprefix("## "), []
        elif sign and name.isupper() and name.isidentifier():
            found.append(Setting(group, name, value, " ".join(words), line == bare))
            words = []
        elif line.startswith("#"):
            words.append(line.removeprefix("#").strip())
        else:
            words = []
    return found


@page("reference/settings.md")
def settings_page() -> str:
    text = "# Settings\n\nSettings are environment variables; `./dev up` also reads them from a file `.env` beside `dev`.\n"
    rows: dict[str, list[list[str]]] = {}
    for setting in documented():
        rows.setdefault(setting.group, []).append(
            [f"`{setting.name}`", f"`{setting.example}`" if setting.example else "", setting.text]
        )
    for group, lines in rows.items():
        text += f"\n## {group}\n\n{table(['setting', 'default or example', 'what it does'], lines)}"
    return text
