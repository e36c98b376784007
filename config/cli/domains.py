"""``yizhan halls domains``: what the cluster must have certificates for."""

import typer

from config.cli.halls import app
from config.cli.output import AsJson, answer


@app.command("domains")
def domains(*, json: AsJson = False) -> None:
    """列出各厅自有域名（不在省级域名之下的），写成 Helm 的 values，供集群为它们签发证书。"""
    from province.halls.queries.own_domains import own_domains

    found = own_domains()
    if json:
        answer({"hallDomains": found}, json)
        return
    typer.echo("hallDomains:" if found else "hallDomains: []")
    for one in found:
        # names of letters, digits, hyphens and dots: a number alone would be read as one
        typer.echo(f'  - "{one}"')
