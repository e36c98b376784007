"""Files that a page's form brings, whole or in pieces (upload.js), whatever app keeps them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException

from foundation.errors import DomainError, Fault, Invalid, NotFound

type PostedFile = UploadedFile[Any]


def take_files(
    files: Mapping[str, Sequence[PostedFile]], keep: Callable[[str, PostedFile], Any]
) -> tuple[dict[str, list[str]], list[Fault]]:
    """Ids of the rows that ``keep`` makes (of a name and the content), by their field, and what is wrong with the
    others. Raises NotFound where there is nothing to which they could belong."""
    ids: dict[str, list[str]] = {}
    refused: list[Fault] = []
    for name, several in files.items():
        for one in several:
            try:
                kept = keep(one.name or "", one)
            except NotFound:
                raise
            except DomainError as refusal:
                said = f"“{one.name}”没有传上来：{refusal.message}请重新选这个文件，其他内容没有丢。"
                refused.append(Fault(name, said))
            else:
                ids.setdefault(name, []).append(str(kept.pk))
    return ids, refused


def piece_of_request(request: HttpRequest) -> bytes:
    """Raises Invalid for a form where bytes belong: that was read before it came here."""
    try:
        return request.body
    except RawPostDataException:
        raise Invalid("这里只收文件的一段内容，请从页面上传。") from None


def tell_uploader(act: Callable[[], dict[str, Any]]) -> HttpResponse:
    """What the act says, as JSON; of a refusal its message."""
    try:
        return JsonResponse(act())
    except DomainError as refusal:
        return JsonResponse({"message": refusal.message}, status=refusal.status)
