"""What a hall needs of staff before it goes live."""

from province.halls.models import Hall
from province.people.models import Position


def todo_for_administrator(hall: Hall) -> str:
    """ "" where somebody who can sign in works there."""
    has_one = Position.objects.filter(hall_id=hall.pk, account__is_active=True).exists()
    return "" if has_one else "请为至少一个启用的账号设置本厅编辑岗位。"
