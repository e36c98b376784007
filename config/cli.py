"""The command ``yizhan``."""

import typer

app = typer.Typer()
