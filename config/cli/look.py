"""``yizhan look``: what a reader outside sees of a push. Needs no database, only the province's address and a key."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from itertools import batched
from typing import TYPE_CHECKING, Annotated, Any, Self
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from config.cli.output import AsJson, answer
from foundation.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound, NotSignedIn, Unavailable

if TYPE_CHECKING:
    import httpx

    from province.content.looking.sites import Sighting

app = typer.Typer()

# rows that one request carries, and how often it is tried: the other side takes a row once
_AT_ONCE, _TRIES, _PAUSE = 200, 5, 2.0  # the last in seconds
_TIMEOUT = 60.0
_REFUSALS: dict[int, type[DomainError]] = {
    401: NotSignedIn,
    403: NotAllowed,
    404: NotFound,
    409: Conflict,
    422: Invalid,
}
_BUSY = {429, 502, 503, 504}


@app.command("look")
def look_from_outside(
    push_id: Annotated[UUID, typer.Argument(metavar="PUSH", help="推稿编号")],
    *,
    province: Annotated[str, typer.Option(metavar="URL", help="省级平台的地址，如 https://www.example.gov.cn")],
    token: Annotated[
        str, typer.Option(metavar="TOKEN", envvar="YIZHAN_TOKEN", help="访问令牌，只需“提交外部查看结果”一项权限")
    ],
    as_reader: Annotated[  # noqa: ARG001 - the one way there is, said on the command line
        bool, typer.Option("--as-reader", help="以读者身份，按域名访问，经过域名解析和前端代理")
    ] = True,
    json: AsJson = False,
) -> None:
    """在平台以外的机器上，像读者一样访问每个服务厅的网站，把看到的交给平台。"""
    from province.content.looking.expectations import Expectation
    from province.content.looking.sites import THREADS, Site, Way, look, reader

    with _Province(province, token, push_id) as at:
        asked = at.post("")
        expects, way = Expectation.from_facts(asked["expectation"]), Way(asked["scheme"], asked["port"])
        sites = [Site(one["number"], one["domain"], one["column"]) for one in asked["sites"]]
        columns = (TextColumn("外部查看"), BarColumn(), MofNCompleteColumn())
        with (
            reader() as client,
            ThreadPoolExecutor(THREADS) as threads,
            Progress(*columns, console=Console(stderr=True), disable=json, transient=True) as progress,
        ):
            task = progress.add_task("", total=len(sites))
            for some in batched(sites, _AT_ONCE, strict=False):
                state = at.post(
                    f"{asked['id']}/rows", rows=_rows(list(threads.map(partial(look, client, way, expects), some)))
                )
                if state["is_overtaken"]:
                    raise Conflict("推稿已有新的变化，这次查看停止。请重新运行。")
                progress.advance(task, len(some))
        state = at.post(f"{asked['id']}/finish")
    names = {"expected": "应查看", "right": "正确", "wrong": "不符", "unreachable": "无法访问", "digest": "封存摘要"}
    answer(state, json, columns=names, sentence="外部查看的结果已交给平台。")


def _rows(sightings: Sequence["Sighting"]) -> list[dict[str, Any]]:
    return [
        asdict(one)
        | {"outcome": str(one.outcome), "looked_at": one.looked_at.isoformat(), "digest": one.digest or None}
        for one in sightings
    ]


class _Province:
    """The API of the province, as far as a look needs it."""

    def __init__(self, address: str, token: str, push_id: UUID) -> None:
        self._root = f"{address.rstrip('/')}/api/province/v1/content/pushes/{push_id}/looks"
        self._token = token

    def __enter__(self) -> Self:
        import httpx

        self._client = httpx.Client(timeout=_TIMEOUT, headers={"Authorization": f"Bearer {self._token}"})
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        """The answer. Raises the province's own refusal, Unavailable where it cannot be reached."""
        address = f"{self._root}/{path}" if path else self._root
        response = self._tried(address, body)
        if response.is_success:
            found: dict[str, Any] = response.json()
            return found
        try:
            detail = str(response.json()["detail"])
        except (ValueError, KeyError, TypeError):
            detail = f"省级平台返回状态 {response.status_code}，请检查地址。"
        raise _REFUSALS.get(response.status_code, Unavailable)(detail)

    def _tried(self, address: str, body: dict[str, Any]) -> "httpx.Response":
        import httpx

        for left in range(_TRIES - 1, -1, -1):
            try:
                response = self._client.post(address, json=body or None)
            except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
                if not left or isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
                    raise Unavailable("连接不上省级平台，请检查地址和网络。") from error
            else:
                if response.status_code not in _BUSY or not left:
                    return response
            time.sleep(_PAUSE)
        raise AssertionError
