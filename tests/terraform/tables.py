"""Tables of what each Terraform module takes and gives, drawn into its README out of the module itself.

``python -m tests.terraform.tables`` draws anew.
"""

import re
from pathlib import Path
from typing import Any

import hcl2

from tests.servers import ROOT

TERRAFORM = ROOT / "terraform"
MODULES = sorted(path.parent for path in TERRAFORM.glob("modules/**/main.tf"))
EXAMPLES = sorted(path.parent for path in TERRAFORM.glob("examples/*/main.tf"))
PROVIDERS = [one.name for one in EXAMPLES]


def _plain(value: Any) -> str:
    """An expression as it stands in the module, without the quotes and brackets of the reader."""
    text = str(value)
    if text.startswith('"') and text.endswith('"'):
        text = text[1:-1]
    return re.sub(r"^\$\{(.*)\}$", r"\1", text, flags=re.DOTALL)


def parsed(folder: Path) -> dict[str, Any]:
    with (folder / "main.tf").open(encoding="utf-8") as file:
        return hcl2.load(file)


def named(folder: Path, kind: str) -> dict[str, dict[str, Any]]:
    return {_plain(name): body for one in parsed(folder).get(kind, []) for name, body in one.items()}


def purpose(folder: Path) -> str:
    """The comment at its top."""
    text = (folder / "main.tf").read_text(encoding="utf-8")
    return " ".join(line.removeprefix("# ") for line in text.split("\n\n")[0].splitlines())


def contract() -> dict[str, tuple[set[str], set[str]]]:
    """Module, or ``example`` → what that of every provider takes and gives: the table of terraform/README.md."""
    page = (TERRAFORM / "README.md").read_text(encoding="utf-8").partition("## Another cloud")[2]
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| `")]
    return {
        name.strip("`"): (set(re.findall(r"`(\w+)`", takes)), set(re.findall(r"`(\w+)`", gives)))
        for name, takes, gives in rows
    }


def breaches(provider: str) -> list[str]:
    """What a provider's modules and example lack of the contract."""
    found = []
    for name, sides in contract().items():
        folder = TERRAFORM / ("examples" if name == "example" else f"modules/{provider}")
        folder /= provider if name == "example" else name
        if not (folder / "main.tf").exists():
            found.append(f"{name}: there is none")
            continue
        for kind, wanted in zip(("variable", "output"), sides, strict=True):
            found += [f"{name}: no {kind} {one}" for one in sorted(wanted - named(folder, kind).keys())]
    return found


def title(folder: Path) -> str:
    """A module of a provider's says whose it is."""
    return f"{folder.name} ({folder.parent.name})" if folder.parent.name in PROVIDERS else folder.name


def drawing(folder: Path) -> str:
    """The README as it ought to be."""
    lines = [
        f"# {title(folder)}",
        "",
        purpose(folder),
        "",
        "| takes | type | left out | what |",
        "| --- | --- | --- | --- |",
    ]
    for name, body in named(folder, "variable").items():
        default = f"`{_value(body['default'])}`" if "default" in body else "must be given"
        lines.append(f"| `{name}` | `{_plain(body['type'])}` | {default} | {_plain(body['description'])} |")
    outputs = named(folder, "output")
    lines += ["", "| gives | what |", "| --- | --- |"]
    lines += [f"| `{name}` | {_plain(body['description'])} |" for name, body in outputs.items()]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{_plain(key)} = {_value(one)}" for key, one in value.items()) or "{}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return _plain(value)


if __name__ == "__main__":
    for one in (*MODULES, *EXAMPLES):
        (one / "README.md").write_text(drawing(one), encoding="utf-8")
