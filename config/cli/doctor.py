"""``yizhan doctor``."""

from typing import TYPE_CHECKING

import typer
from rich.console import Console

from config.cli.output import AsJson, answer

if TYPE_CHECKING:
    from config.doctor import Finding

app = typer.Typer()
_SIGNS = {
    "ok": "[green]✓[/]",
    "fault": "[red]✗[/]",
    "hint": "[yellow]![/]",
    "skipped": "[dim]–[/]",
    "unseen": "[dim]–[/]",
}
_ADDED = {"skipped": "（前面的故障排除后再查）", "unseen": "（在这个容器里看不到）"}


@app.command("doctor")
def doctor(*, json: AsJson = False) -> None:
    """逐项检查，指出故障和解决办法；有故障时以 1 退出。"""
    from config.doctor import examine

    console = Console(highlight=False)
    findings = []
    for finding in examine():
        findings.append(finding)
        if not json:
            _print(console, finding)
    faults = [one for one in findings if one.state == "fault"]
    if json:
        answer(findings, json)
    else:
        console.print(_sum(len(faults), sum(one.state == "unseen" for one in findings)))
    if faults:
        raise typer.Exit(1)


def _sum(faults: int, unseen: int) -> str:
    if faults:
        return f"发现 {faults} 处故障。"
    return f"看得到的都正常，另有 {unseen} 项在这个容器里看不到。" if unseen else "一切正常。"


def _print(console: Console, finding: "Finding") -> None:
    console.print(f"{_SIGNS[finding.state]} {finding.label}{_ADDED.get(finding.state, '')}")
    if finding.note:
        console.print(f"    {finding.note}", markup=False)
    if finding.fault:
        console.print(f"    {finding.fault}", markup=False)
        console.print(f"    → {finding.cure}", markup=False)
