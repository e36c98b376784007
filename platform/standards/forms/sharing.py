"""What a form of the province may not name, since it means something in one hall alone."""

from collections.abc import Collection, Iterator

from foundation.errors import Fault
from standards.forms.definition import FormDefinition
from standards.forms.fields.attached import MaterialField
from standards.forms.fields.office import EarlierFormField
from standards.forms.reading import every_field, places_of


def faults_of_sharing(form: FormDefinition, *, roles: Collection[str], items: Collection[str]) -> Iterator[Fault]:
    """Each by its place and name. ``roles``: codes of those that every hall has; ``items``: codes of the item of which
    the form is. Lists that every hall keeps for itself (地点清单) are looked at where a hall takes the form."""
    for at, rule in enumerate(form.rights):
        if rule.role and rule.role not in roles:
            yield Fault(f"rights.{at}.role", f"权限里的岗位“{rule.role}”不是每个厅都有：请改用通用的岗位。")
    places = places_of(form)
    for field in every_field(form):
        where = places[field.name]
        if isinstance(field, EarlierFormField) and field.form:
            said = f"“{field.label}”关联的表单“{field.form}”是某一个厅自己的：请不指定表单，或者删去这一项。"
            yield Fault(f"{where}.form", said)
        elif isinstance(field, MaterialField) and field.item and field.item not in items:
            said = f"“{field.label}”对应的是别的事项（{field.item}）的材料：请改成这个事项的材料，或者删去。"
            yield Fault(f"{where}.item", said)
