"""``yizhan doctor``."""

from typing import TYPE_CHECKING

import typer
from rich.console import Console

from config.cli.output import AsJson, answer

if TYPE_CHECKING:
    from config.doctor import Finding

app = typer.Typer()
_SIGNS = {"ok": "[green]✓[/]", "fault": "[red]✗[/]", "hint": "[yellow]![/]", "skipped": "[dim]–[/]"}


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
        console.print(f"发现 {len(faults)} 处故障。" if faults else "一切正常。")
    if faults:
        raise typer.Exit(1)


def _print(console: Console, finding: "Finding") -> None:
    skipped = "（前面的故障排除后再查）" if finding.state == "skipped" else ""
    console.print(f"{_SIGNS[finding.state]} {finding.label}{skipped}")
    if finding.note:
        console.print(f"    {finding.note}", markup=False)
    if finding.fault:
        console.print(f"    {finding.fault}", markup=False)
        console.print(f"    → {finding.cure}", markup=False)
