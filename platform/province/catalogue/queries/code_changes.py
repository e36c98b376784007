"""变更编码: what another 基本编码 of an item would touch, said before it is written into the draft."""

from dataclasses import dataclass

from province.catalogue.models import Assignment, Item
from province.catalogue.queries.checks import own_scheme
from province.catalogue.queries.codes import item_with_code
from province.catalogue.queries.uses import adoptions_of
from province.catalogue.slots import Use
from standards.items import BY_NAME
from standards.items.codelists import ItemType
from standards.items.codes import CodeOrigin, family_under, faults_of_basic_code, origin_of, plain_code, type_under


@dataclass(frozen=True, slots=True)
class CodePreview:
    """What would change. ``refusal``: why the code cannot be taken, "" where it can; ``uses``: halls whose 实施编码
    follow by themselves; ``dropped``: elements for which another type has no place; ``parts``: items that name this one
    as their 主项; ``assignments``: 下发 in force that name it. All of them go on pointing at the item."""

    code: str
    refusal: str
    type_before: str
    type_after: str
    dropped: tuple[str, ...]
    uses: tuple[Use, ...]
    parts: int
    assignments: int

    @property
    def is_national(self) -> bool:
        """Whether the item would then stand as one of the nation's directory."""
        return origin_of(self.code) is CodeOrigin.NATIONAL

    @property
    def changes_type(self) -> bool:
        return self.type_before != self.type_after


def code_preview(item: Item, code: str) -> CodePreview:
    """What it would touch if the item had this code; it writes nothing."""
    code = plain_code(code.strip())
    item_type = type_under(item.item_type, item.basic_code, code)
    dropped = [BY_NAME[name].label for name in item.values if item_type not in BY_NAME[name].applies]
    return CodePreview(
        code=code,
        refusal=_refusal(item, code, item_type),
        type_before=ItemType(item.item_type).label,
        type_after=ItemType(item_type).label,
        dropped=tuple(dropped),
        uses=tuple(adoptions_of(item)),
        parts=Item.objects.filter(parent=item.pk).count(),
        assignments=Assignment.objects.filter(item_ids__contains=[item.pk], ended_at=None).count(),
    )


def _refusal(item: Item, code: str, item_type: str) -> str:
    if code == item.values.get("basic_code"):
        return "这就是草稿现在的基本编码，不用变更。"
    if faults := faults_of_basic_code(code, item_type=item_type, scheme=own_scheme()):
        return faults[0].message
    other = item_with_code(code)
    if other is not None and other.pk != item.pk:
        return f"基本编码 {code} 属于“{other.name}”，或是它用过的，不能再给别的事项。"
    if family_under(item.family, item_type) != item.family and Item.objects.filter(parent=item.pk).exists():
        return "主项和子项的类型应相同。要变更事项类型，请先取消主项与子项的关系。"
    return ""
