"""What platforms that people read have in common: their clock, their forms, their pictures."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from foundation.errors import DomainError, Unavailable
from foundation.events.outgoing import Deferred, Refused
from foundation.html import picture_ids
from province.content.connectors.parcels import Parcel

# a platform counts its day to midnight in Beijing; a little later nobody's clock is still before it
_AFTER_MIDNIGHT = timedelta(minutes=2)
_A_WHILE = timedelta(seconds=20)


class PlatformRefused(Exception):
    """The platform answered with this code, which is final or the caller's to judge."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code

    def told(self, platform: str, refusals: Mapping[int, str], *, otherwise: str) -> Refused:
        """In the words of people: what is wrong, and what to do; ``otherwise`` where nobody has words for the code."""
        words = refusals.get(self.code, otherwise)
        return Refused(f"{words}（{platform}错误码 {self.code}）")


def until_tomorrow() -> timedelta:
    """How long it is until quotas of the day are renewed."""
    now = timezone.localtime()
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - now + _AFTER_MIDNIGHT


def age_of(moment: str) -> timedelta:
    """Since an ISO moment that was noted."""
    return timezone.now() - datetime.fromisoformat(moment)


def as_form(
    fields: Mapping[str, str], files: Mapping[str, tuple[str, bytes, str]] | None = None
) -> tuple[bytes, dict[str, str]]:
    """A body of a form and its headers; ``files``: name of the field → name, bytes and media type."""
    import httpx  # noqa: PLC0415 - loaded by those alone who send something

    made = httpx.Request("POST", "https://form/", data=dict(fields), files=dict(files) if files else None)
    return made.read(), {"Content-Type": made.headers["content-type"]}


def first_picture(parcel: Parcel) -> str:
    """The id of the cover, or of the first picture of the text; "" where it has neither."""
    return parcel.cover_id or next(iter(picture_ids(parcel.content["body_html"])), "")


def picture_of(parcel: Parcel, picture_id: str, *, most_bytes: int) -> bytes:
    """The picture as a JPEG. Raises Refused where there is none, Deferred while the store does not answer or pictures
    are made for too many: that is our own matter, and no try at the platform."""
    assert parcel.picture is not None  # noqa: S101 - the sender hands it over
    try:
        return parcel.picture(picture_id, most_bytes)
    except Unavailable as error:
        raise Deferred("图片正在等待处理，稍后自动继续。", wait=_A_WHILE) from error
    except DomainError as error:
        message = f"稿件里的一张图片读不出来：{error.message}请在稿件里更换后换版。"
        raise Refused(message) from error
