"""What the image ships about itself: the bill of materials (CycloneDX) and who made what under which licence.

``papers.py FROM_UV FOLDER``, by the Python that has the packages. Nothing in it changes with the day of the build.
"""

import json
import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path

_REFUSED = ("AGPL", "Affero", "Commons Clause", "SSPL")


def _licence(package: Distribution) -> str:
    """Its expression; of older packages the words of their classifiers, or of their first line."""
    told = package.metadata
    classifiers = [one.rpartition(" :: ")[2] for one in told.get_all("Classifier", []) if one.startswith("License ::")]
    words = told.get("License-Expression") or " OR ".join(classifiers) or (told.get("License") or "").strip()
    return words.splitlines()[0][:100] if words else "see its files"


def _main(from_uv: Path, folder: Path) -> None:
    here = {one.metadata["Name"].lower().replace("_", "-"): one for one in distributions()}
    bill = json.loads(from_uv.read_text(encoding="utf-8"))
    bill.pop("serialNumber", None)
    bill["metadata"].pop("timestamp", None)
    # a lock names what other systems would need, too
    bill["components"] = [one for one in bill["components"] if one["name"].lower().replace("_", "-") in here]
    kept = {one["bom-ref"] for one in bill["components"]} | {bill["metadata"]["component"]["bom-ref"]}
    bill["dependencies"] = [
        one | {"dependsOn": [ref for ref in one.get("dependsOn", []) if ref in kept]}
        for one in bill.get("dependencies", [])
        if one["ref"] in kept
    ]
    lines = []
    for one in sorted(bill["components"], key=lambda one: str(one["name"])):
        licence = _licence(here[one["name"].lower().replace("_", "-")])
        if any(word in licence for word in _REFUSED):
            sys.exit(f"{one['name']}: {licence}")
        one["licenses"] = [{"license": {"name": licence}}]
        lines.append(f"{one['name']} {one['version']}: {licence}")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sbom.cdx.json").write_text(json.dumps(bill, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    (folder / "licences.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    _main(Path(sys.argv[1]), Path(sys.argv[2]))
