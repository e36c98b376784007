"""Who asks, as pages must know it. Read from what the middleware has found out (config/middleware.py):
``request.actor``, ``request.sign_in``, ``request.is_preview``, ``request.hall``. And how they give who asks a list."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from functools import wraps
from typing import Any, Concatenate
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from foundation.errors import DomainError, NotSignedIn
from foundation.exports import export_file
from province.console.operations.exports import write_list
from province.console.queries.tables import OwnTable
from province.rights.actors import Actor
from province.rights.queries import require_anywhere

type OwnersView[**Parameters] = Callable[Concatenate[HttpRequest, Any, Parameters], HttpResponse]
type PageView[**Parameters] = Callable[Concatenate[HttpRequest, Parameters], HttpResponse]

FRESH_FOR = timedelta(minutes=10)


class ProofNeeded(DomainError):
    """It is too long ago that this person proved who they are. Pages ask for it and then do what was asked for."""

    status = 403
    code = "proof-needed"
    title = "请再确认一次身份"


def actor_of_request(request: HttpRequest, permission: str = "") -> Actor:
    """The person who is signed in. Raises NotSignedIn: pages send people to sign in and back;
    PermissionMissing where none of their positions carries the permission at all (over which halls it reaches,
    operations and queries ask)."""
    # what the middleware sets is lazy: reading its class makes it whole
    by: Actor | None = getattr(request, "actor", None)
    if not isinstance(by, Actor):
        raise NotSignedIn("请先登录。登录后会回到这一页。")
    if permission:
        require_anywhere(by, permission)
    return by


def is_preview(request: HttpRequest) -> bool:
    """Whether an administrator looks around as somebody else."""
    return bool(getattr(request, "is_preview", False))


def require_fresh(request: HttpRequest) -> None:
    """Raises ProofNeeded where the last proof is older than ten minutes.

    Called by the view, before it opens a dangerous form or carries it out; a program with a token has no sign-in and
    is not asked. The page that asks keeps what was typed (config/middleware.py).
    """
    sign_in = getattr(request, "sign_in", None)
    if sign_in and sign_in.proved_at < timezone.now() - FRESH_FOR:
        raise ProofNeeded("这一步影响较大，需要再确认一次是您本人。已填写的内容会保留。")


def for_owner[**Parameters](view: OwnersView[Parameters]) -> PageView[Parameters]:
    """Hand the view the account that is signed in. Raises NotSignedIn: pages send people to sign in and back."""

    @wraps(view)
    def page(request: HttpRequest, /, *args: Parameters.args, **kwargs: Parameters.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            raise NotSignedIn("请先登录。登录后会回到这一页。")
        return view(request, request.user, *args, **kwargs)

    return page


def page_path(request: HttpRequest) -> str:
    """The path of the page from which the request came, "/" where it does not say."""
    came_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    try:
        return urlsplit(came_from).path or "/"
    except ValueError:
        return "/"


def first_view(request: HttpRequest, table: OwnTable) -> str:
    """The address of the view that the person wants to see first, where the table was opened without anything; else
    ""."""
    is_bare = not request.META.get("QUERY_STRING")
    return f"{request.path}?{table.first_query}" if is_bare and table.first_query else ""


def client_address(request: HttpRequest) -> str:
    """From where the request came, as tries are counted by it."""
    return str(request.META.get("REMOTE_ADDR", ""))


def hall_of(request: HttpRequest) -> Any:
    """The hall at whose host we are, or None at the province's."""
    return getattr(request, "hall", None)


def layout_of(request: HttpRequest) -> str:
    """The template that frames this host's pages for people who work here (config/middleware.py says which)."""
    return str(request.workplace.layout)  # type: ignore[attr-defined]  # set with the host


def list_download(
    *,
    by: Actor,
    hall_id: UUID | None,
    file_format: str,
    name: str,
    headings: Sequence[str],
    lines: Iterable[Sequence[Any]],
    narrowed: Iterable[str] = (),
    words: Iterable[str] = (),
) -> HttpResponse:
    """Download a list of people or of what is theirs (``write_list``)."""
    content = write_list(
        by=by,
        hall_id=hall_id,
        file_format=file_format,
        name=name,
        headings=headings,
        lines=lines,
        narrowed=narrowed,
        words=words,
    )
    return export_file(file_format, name, content)
