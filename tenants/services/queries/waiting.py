"""What of the hall's items waits for the person at the desk."""

from typing import Final

from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.dateformat import format as in_words

from foundation.masking import masked
from province.rights.queries import may, works_at
from tenants.services.models import Adoption, HallGuideVersion
from tenants.services.queries.access import filled_in_by
from tenants.services.queries.desk import adoptions_in
from tenants.shell.slots import MOST_THINGS, Desk, WaitingThing

_ORDER: Final = (F("department_name"), F("basic_code"))
_SHOWN: Final = ("name", "department_name", "basic_code")
_MOST: Final = MOST_THINGS + 1


def waiting_items(desk: Desk) -> list[WaitingThing]:
    """Hall guides to decide on, new versions with their last day, and hall guides that came back."""
    found: list[WaitingThing] = []
    if may(desk.by, "services.review", hall_id=desk.hall.pk):
        # what one has worked on waits for others
        latest = HallGuideVersion.objects.filter(adoption=OuterRef("pk"), number=OuterRef("guide_number"))
        by_others = ~Exists(latest.filter(author_ids__contains=[desk.by.id]))
        in_review = adoptions_in("review", *_SHOWN, "guide_number").filter(by_others).order_by(*_ORDER)
        found += [_waiting("待审核", "warning", one, _edited(one)) for one in in_review[:_MOST]]
        newer = adoptions_in("newer", "name", "newest_number", "required_from").order_by(F("required_from"))
        found += [_waiting("有新版", "accent", one, _last_day(one), route="desk-item-newer") for one in newer[:_MOST]]
    if works_at(desk.by, "services.adopt", hall_id=desk.hall.pk):
        own = filled_in_by(desk.by, desk.hall)
        returned = adoptions_in("returned", *_SHOWN).filter(own).order_by(*_ORDER)
        found += [_waiting("已退回", "error", one, _edited(one)) for one in returned[:_MOST]]
    ending = adoptions_in("ending", "name", "item_state", "ends_on").order_by(F("ends_on"))
    found += [_waiting("将取消", "warning", one, _last_use(one)) for one in ending[:_MOST]]
    return found


def _waiting(tag: str, look: str, adoption: Adoption, note: str, *, route: str = "desk-item") -> WaitingThing:
    name: str = adoption.name  # type: ignore[attr-defined]  # annotated
    return WaitingThing(tag, look, name, note, route, adoption.pk)


def _edited(adoption: Adoption) -> str:
    return f"{masked(adoption.edited_by_name)} {in_words(timezone.localtime(adoption.edited_at), 'n月j日 H:i')}"


def _last_day(adoption: Adoption) -> str:
    day = timezone.localtime(adoption.required_from)  # type: ignore[attr-defined]  # annotated
    return f"{in_words(day, 'Y年n月j日')} 起按新版显示"


def _last_use(adoption: Adoption) -> str:
    return f"{in_words(adoption.ends_on, 'Y年n月j日')} 起不再办理"  # type: ignore[attr-defined]  # annotated
