"""The cases of promtool's own test of the alerts (alerts-test.yaml), as promtool wants them."""

from pathlib import Path
from typing import Any

import yaml

from tests.helm.rendering import CHART, Tree

CASES = Path(__file__).with_name("alerts-test.yaml")


def alerts() -> list[Tree]:
    [group] = yaml.safe_load((CHART / "files" / "alerts.yaml").read_text(encoding="utf-8"))
    return list(group["rules"])


def cases() -> Tree:
    found: Tree = yaml.safe_load(CASES.read_text(encoding="utf-8"))
    return found


def write_cases(folder: Path, rules: Tree) -> Path:
    """Rules and cases into the folder; what an alert says in words is expected as the rules have it."""
    (folder / "rules.yaml").write_text(yaml.safe_dump(rules, allow_unicode=True), encoding="utf-8")
    said: dict[str, Any] = {one["alert"]: one["annotations"] for group in rules["groups"] for one in group["rules"]}
    found = cases() | {"rule_files": ["rules.yaml"]}
    for test in found["tests"]:
        for case in test["alert_rule_test"]:
            for expected in case["exp_alerts"]:
                expected["exp_annotations"] = said[case["alertname"]]
    path = folder / "cases.yaml"
    path.write_text(yaml.safe_dump(found, allow_unicode=True), encoding="utf-8")
    return path
