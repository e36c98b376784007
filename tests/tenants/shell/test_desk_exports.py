"""Each list at the desk whose lines are of people leaves one entry when it is taken away."""

import pytest

from province.audit.models import AuditEntry
from province.halls.models import Hall
from tests.factories.people import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("opened")]

NORTH = "north.yizhan.localhost"


class TestExport:
    @pytest.mark.parametrize(
        ("address", "name", "filters"),
        [
            ("/desk/cases/?state=late&words=张小三&unit=window", "办件", "已超期，综合窗口，含“张*三”"),
            ("/desk/cases/referrals/?way=in", "上报、转送（收到的）", ""),
            ("/desk/cases/opinions/?state=given", "联办意见", "已出具"),
            ("/desk/cases/packages/", "一件事", ""),
            ("/desk/questions/?state=late&words=13812345678", "群众咨询", "已超期，含“138****5678”"),
            ("/desk/questions/complaints/?words=李四", "群众投诉", "含“李*”"),
            ("/desk/work/?box=late&due=week&initiator=孙北", "已超期", "七天内到期，含“孙*”"),
            ("/desk/work/?box=sent&words=x", "我发起的", "含“x”"),
            ("/desk/fees/?state=open", "缴费单", "待缴费"),
            ("/desk/licences/?standing=issued", "证照", "有效"),
            ("/desk/documents/?state=issued", "文书", "有效"),
            ("/desk/ratings/?state=late", "差评处理", "已超期"),
            ("/desk/duty/mine/", "换班申请", ""),
        ],
    )
    def test_says_which_list_and_what_it_was_narrowed_to(
        self, north: Hall, address: str, name: str, filters: str
    ) -> None:
        he = client_of("he", NORTH)
        answer = he.get(f"{address}{'&' if '?' in address else '?'}export=csv")
        assert answer["Content-Type"].startswith("text/csv"), answer.status_code
        entry = AuditEntry.objects.get(act="console.write_list")
        said = {one: after for one, (_, after) in entry.changes.items()}
        assert (entry.hall_id, name in said["list"], said.get("filters", "")) == (north.pk, True, filters)
        assert said["lines"] == len(b"".join(answer).decode("utf-8-sig").splitlines()) - 1
