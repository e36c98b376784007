"""主项 and 子项: an item that has parts, and its parts."""

from django.db.models import Exists, OuterRef

from foundation.errors import Invalid
from province.catalogue.models import Item
from province.catalogue.queries.codes import item_with_code
from province.catalogue.states import ENDED

_WHERE = "parent_code"


def parent_of(item: Item, code: str) -> Item | None:
    """The 主项 of that basic code; None where there is no code. Raises Invalid for what can be no 主项 of this item: an
    unknown one, itself, a 子项 of another, one of another type, or any where the item has 子项 of its own."""
    if not code:
        return None
    parent = item_with_code(code)
    if parent is None:
        message = f"没有基本编码是 {code} 的事项，请先建立主项。"
        raise Invalid.at(_WHERE, message)
    if parent.pk == item.pk:
        raise Invalid.at(_WHERE, "事项不能是自己的主项。")
    if parent.parent_id is not None:
        message = f"“{parent.name}”自己是子项，不能再有子项。"
        raise Invalid.at(_WHERE, message)
    if item.drafted_type not in {parent.item_type, parent.drafted_type}:
        message = f"主项“{parent.name}”是{parent.get_item_type_display()}，类型与这个事项不同。"
        raise Invalid.at(_WHERE, message)
    if Item.objects.filter(parent=item.pk).exists():
        raise Invalid.at(_WHERE, "这个事项自己有子项，不能再作别的事项的子项。")
    return parent


def check_type_may_change(item: Item) -> None:
    """Raises Invalid for an item that has 子项, or is one: 主项 and 子项 are of one type."""
    if item.parent_id is not None or Item.objects.filter(parent=item.pk).exists():
        raise Invalid.at("basic_code", "主项和子项的类型应相同。要变更事项类型，请先取消主项与子项的关系。")


def has_parts(item: str = "item") -> Exists:
    """A condition on rows whose field ``item`` is an item: that it has 子项 which have not ended. Halls take up the
    子项, not the item."""
    return Exists(Item.objects.filter(parent=OuterRef(item)).exclude(state__in=ENDED))
