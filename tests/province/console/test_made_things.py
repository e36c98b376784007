"""Whoever makes something on a page of console or desk is shown it: by a link in what is said, or by its row."""

import re

import pytest

from tests.factories.people import client_of

CODE = "420582000000"
SETTINGS = "/console/settings/"
# page -> what is sent, by the people of province and hall who may
BY_ZHAO = {
    "/console/items/departments/new/": {"name": "数据局"},
    "/console/items/offices/new/": {"name": "合规审核", "step": "1", "sections": ["fees"]},
    "/console/items/life-events/new/": {"name": "养老", "whom": "person", "act": "save"},
    f"{SETTINGS}roles/new/": {"hall": CODE, "name": "稿件秘书", "permissions": ["content.read"]},
    f"{SETTINGS}units/new/": {"hall": CODE, "name": "政务科"},
    f"{SETTINGS}clients/": {"name": "人事系统", "redirect_uris": "https://hr.example.gov.cn/callback"},
}
BY_HE = {
    "/desk/columns/new/": {"name": "便民", "code": "bianmin", "kind": "list"},
    "/desk/accounts/new/": {
        "platform": "wechat",
        "external_id": "north-fabu",
        "name": "北发布",
        "owner": "北县人民政府办公室",
        "filing_number": "备1",
        "filed_on": "2026-01-31",
        "contact_name": "何东",
        "contact_phone": "13800000001",
    },
    "/desk/items/proposals/new/": {"name": "无人机飞行备案", "item_type": "01", "reason": "群众常来问"},
    "/desk/workdays/set/": {"first_on": "2027-03-03", "kind": "off", "note": "赶集日", "act": "save"},
}


@pytest.mark.django_db
@pytest.mark.usefixtures("north")
class TestMaking:
    def test_leads_to_what_was_made(self) -> None:
        found = {}
        for browser, pages in ((client_of("zhao"), BY_ZHAO), (client_of("he", "north.yizhan.localhost"), BY_HE)):
            for address, sent in pages.items():
                answer = browser.post(address, sent, follow=True)
                row = answer.redirect_chain[-1][0].partition("#")[2] if answer.redirect_chain else ""
                said = re.search(r'class="notice success".*?</div>', answer.text, re.DOTALL)
                link = re.search(r'<a href="([^"]+)"', said[0]) if said else None
                if row:
                    found[address] = f'id="{row}"' in answer.text
                else:
                    found[address] = link is not None and sent["name"] in browser.get(link[1], follow=True).text
        assert found == dict.fromkeys(BY_ZHAO | BY_HE, True)
