"""业务办理项, 情形 and 子项 in the catalogue: rows with codes of their own, pages, and the way to each guide."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from foundation.errors import Invalid
from province.catalogue.models import HandlingItem
from province.catalogue.queries.handling import handling_items_at
from tests.factories.catalogue import change_draft, make_item, make_published
from tests.factories.items import whole_item
from tests.factories.people import client_of, program_of

pytestmark = pytest.mark.django_db

MATERIAL = whole_item()["materials"][0]
SITUATIONS = [
    {
        "question": "场所是谁的？",
        "answers": [{"label": "自己的"}, {"label": "租的", "adds": ["租赁合同"]}],
    }
]


def materials(*names: str) -> list[dict[str, Any]]:
    return [{**MATERIAL, "name": name} for name in names]


def row(name: str, kind: str = "change", **facts: Any) -> dict[str, Any]:
    return {"name": name, "kind": kind, **facts}


def layered(**facts: Any) -> dict[str, Any]:
    return {
        "materials": materials("申请书", "租赁合同", "原许可证"),
        "handling_items": [
            row("食品经营许可新办", "new", materials=[{"name": "申请书"}, {"name": "租赁合同"}], situations=SITUATIONS),
            row("食品经营许可变更", materials=[{"name": "申请书"}, {"name": "原许可证"}]),
        ],
    } | facts


class TestHandlingItems:
    def test_are_rows_that_follow_the_draft_and_never_give_up_a_code(self) -> None:
        item = make_item(**layered())
        rows = HandlingItem.objects.filter(item=item).order_by("code")
        assert [(one.code, one.name, one.kind, one.state) for one in rows] == [
            ("01", "食品经营许可新办", "new", "drafted"),
            ("02", "食品经营许可变更", "change", "drafted"),
        ]
        first, _ = item.values["handling_items"]
        item = change_draft(item, handling_items=[first, row("食品经营许可注销", "cancel")])
        assert [one["code"] for one in item.values["handling_items"]] == ["01", "03"]
        assert list(rows.values_list("code", "state")) == [("01", "drafted"), ("02", "removed"), ("03", "drafted")]
        # answers and questions have theirs, too
        [question] = item.values["handling_items"][0]["situations"]
        assert (question["code"], [one["code"] for one in question["answers"]]) == ("1", ["1", "2"])

    def test_hold_with_the_version_that_holds(self) -> None:
        version = make_published(**layered())
        later = timezone.now() + timedelta(days=2)
        make_published(version.item, valid_from=later, handling_items=version.values["handling_items"][:1])
        codes = [
            [one.code for one in handling_items_at(version.item, moment)]
            for moment in (timezone.now() - timedelta(days=1), timezone.now(), later)
        ]
        assert codes == [[], ["01", "02"], ["01"]]

    def test_are_found_by_the_words_of_their_names(self) -> None:
        assert "变更" in make_published(**layered()).search_words


class TestPages:
    def test_of_the_draft_are_written_apart_and_leave_each_other_alone(self) -> None:
        item, zhao = make_item(**layered()), client_of("zhao")
        address = f"/console/items/{item.pk}/edit/"
        main = zhao.get(address).content.decode()
        assert "handling_items.1.name" not in main
        assert "业务办理项 <span" in main
        page = zhao.get(f"{address}?part=handling").content.decode()
        assert 'name="handling_items.1.situations.1.answers.2.adds"' in page
        assert 'name="materials.1.name"' not in page
        given = {
            "revision": item.revision,
            "situations.1.question": "是第一次办吗？",
            "situations.1.answers.1.label": "是",
        }
        answer = zhao.post(f"{address}?part=situations", given | {"situations.1.answers.1.note": "带身份证。"})
        assert (answer.status_code, answer["Location"]) == (302, f"{address}?part=situations")
        item.refresh_from_db()
        assert item.values["situations"][0]["answers"] == [{"label": "是", "note": "带身份证。", "code": "1"}]
        assert len(item.values["handling_items"]) == 2
        assert len(item.values["materials"]) == 3
        # a fault deep below is told at its place, and nothing is written
        deep = {"revision": item.revision, "situations.1.question": "？", "situations.1.answers.1.label": "是"}
        wrong = zhao.post(f"{address}?part=situations", deep | {"situations.1.answers.1.adds": "没有这份"})
        assert wrong.status_code == 422
        assert "#id_situations.1.answers.1.adds" in wrong.content.decode()

    def test_show_every_way_and_the_guide_at_its_end(self) -> None:
        item, zhao = make_item(**layered()), client_of("zhao")
        page = zhao.get(f"/console/items/{item.pk}/?tab=ways&of=draft").content.decode()
        for words in ("食品经营许可新办 · 自己的", "食品经营许可新办 · 租的", "食品经营许可变更"):
            assert words in page
        assert "do=01&amp;q1=2" in page
        assert self._materials(zhao, item, "do=01&q1=2") == ["申请书", "租赁合同"]
        assert self._materials(zhao, item, "do=01&q1=1") == ["申请书"]
        assert self._materials(zhao, item, "do=02") == ["申请书", "原许可证"]

    def test_tell_programs_the_same(self) -> None:
        item = make_item(**layered())
        program = program_of("zhao")
        answer = program.get(f"/api/province/v1/catalogue/items/{item.pk}").json()
        assert [(one["code"], one["kind"], one["state"]) for one in answer["handling_items"]] == [
            ("01", "new", "drafted"),
            ("02", "change", "drafted"),
        ]
        ways = program.get(f"/api/province/v1/catalogue/items/{item.pk}/ways").json()
        assert [(one["words"], one["materials"], one["query"]) for one in ways] == [
            ("食品经营许可新办 · 自己的", 1, "do=01&q1=1"),
            ("食品经营许可新办 · 租的", 2, "do=01&q1=2"),
            ("食品经营许可变更", 2, "do=02"),
        ]

    def _materials(self, client: Client, item: Any, query: str) -> list[str]:
        page = client.get(f"/console/items/{item.pk}/?tab=guide&of=draft&{query}").content.decode()
        return [name for name in ("申请书", "租赁合同", "原许可证") if f">{name}</label>" in page]


class TestParts:
    """主项 and 子项."""

    def test_name_a_parent_that_there_is_and_that_is_no_part_itself(self) -> None:
        whole, other = make_item(1), make_item(2)
        part = make_item(3, parent_code=whole.basic_code)
        assert part.parent == whole
        with pytest.raises(Invalid, match="自己是子项"):
            change_draft(other, parent_code=part.basic_code)
        with pytest.raises(Invalid, match="自己有子项"):
            change_draft(whole, parent_code=other.basic_code)
        with pytest.raises(Invalid, match="没有基本编码是"):
            change_draft(other, parent_code="420131999000")
        assert change_draft(part, parent_code=None).parent is None

    def test_stand_below_it_in_the_list(self) -> None:
        whole = make_item(9)
        make_item(5)
        part = make_item(1, parent_code=whole.basic_code)
        page = client_of("zhao").get("/console/items/").content.decode()
        assert page.index(f"items/{whole.pk}/") < page.index(f"items/{part.pk}/")
        assert "子项" in page
