from province.halls.models import Hall
from province.identity.models import Actor
from province.identity.queries.rights import may
from tenants.services.models import PartVersion


def why_not_decide(by: Actor, hall: Hall, part: PartVersion) -> str:
    """Why this person may not decide on the part; "" where they may. Nobody whose hand is in it does."""
    if not may(by, "services.review", hall_id=hall.pk):
        return "您的岗位没有审核本厅事项的权限。"
    if by.id is not None and by.id in part.author_ids:
        return "您参与了这一份的填写,须由其他人审核。"
    return ""
