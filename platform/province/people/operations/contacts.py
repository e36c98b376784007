"""What somebody writes on their own card."""

from django.db import transaction

from foundation.errors import Fault, Invalid, NotAllowed
from foundation.text_encoding import is_plain
from province.audit.operations import record_act
from province.people.models import Account, ContactCard
from province.people.queries.contacts import card_of
from province.rights.actors import Actor
from standards.numbers.phones import is_mobile, is_office_phone, normal_phone

LONGEST_ROOM = 60


@transaction.atomic
def write_card(
    *, by: Actor, account: Account, office_phone: str, room: str, mobile: str, shows_mobile: bool
) -> ContactCard:
    """Write one's own card, as it is from now on. Raises Invalid with a fault for every field that is wrong. A repeat
    changes nothing."""
    if not by.is_in_person(account.pk):
        raise NotAllowed("只能修改自己的名片。")
    # two saved at once: the second sees the first
    Account.objects.select_for_update().get(pk=account.pk)
    office_phone, room, mobile = office_phone.strip(), room.strip(), normal_phone(mobile)
    faults = []
    if office_phone and not is_office_phone(office_phone):
        faults.append(Fault("office_phone", "请填写电话号码，例如 0717-3251234。"))
    if mobile and not is_mobile(mobile):
        faults.append(Fault("mobile", "请填写 11 位手机号。"))
    if len(room) > LONGEST_ROOM or not is_plain(room):
        faults.append(Fault("room", f"办公地点不能超过 {LONGEST_ROOM} 个字，也不能换行。"))
    if faults:
        raise Invalid("名片没有保存，请按提示修改。", faults=faults)
    card = card_of(account)
    changes = {
        name: [old, new]
        for name, old, new in (
            ("office_phone", card.office_phone, office_phone),
            ("room", card.room, room),
            ("shows_mobile", card.shows_mobile, shows_mobile),
        )
        if old != new
    }
    if card.mobile.plain != mobile:
        changes["mobile"] = [card.mobile.masked, ContactCard(mobile=mobile).mobile.masked]
    if changes:
        card.office_phone, card.room, card.mobile, card.shows_mobile = office_phone, room, mobile, shows_mobile
        card.save()
        record_act(by=by, act="people.write_card", object_type="account", object_id=account.pk, changes=changes)
    return card
