"""一件事 packages: drafted and published by the province, with whatever stands against it named; seen by every hall at
once."""

from typing import Any

import pytest

from foundation.errors import Conflict, Invalid, NotAllowed
from province.audit.models import AuditEntry
from province.catalogue.models import Package, PackageVersion
from province.catalogue.operations.packages import (
    add_package,
    change_package,
    publish_package,
    restore_package,
    retire_package,
)
from province.catalogue.queries.packages import package_faults, shown_packages
from standards.items.packages import PackageDefinition, check_package
from tests.conftest import person
from tests.factories.catalogue import abolish, make_item, make_published
from tests.factories.people import client_of, program_of

pytestmark = pytest.mark.django_db
PAGES, API = "/console/items/packages/", "/api/province/v1/catalogue/packages"


@pytest.fixture
def codes() -> list[str]:
    return [make_published(make_item(number, name=f"事项{number}")).item.basic_code for number in (1, 2, 3)]


def values(codes: list[str], **more: Any) -> dict[str, Any]:
    return {"summary": "一次办好。", "items": [{"code": one} for one in codes]} | more


def question(*answers: dict[str, Any], code: str = "1") -> dict[str, Any]:
    return {"question": "是哪一种？", "code": code, "answers": list(answers)}


def answer(code: str, **more: Any) -> dict[str, Any]:
    return {"label": f"第{code}种", "code": code} | more


def draft(codes: list[str], **more: Any) -> Package:
    return add_package(by=person("zhao"), name="开店一件事", values=values(codes, **more))


class TestCheckPackage:
    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"summary": ""}, "缺少「办成什么」"),
            ({"items": [{"code": "A"}]}, "至少要有两个事项"),
            ({"items": [{"code": "A"}, {"code": "A"}]}, "“A”写了两次"),
            ({"items": [{"code": "A", "after": ["C"]}, {"code": "B"}]}, "“C”不是这件事里的其他事项"),
            ({"items": [{"code": "A", "after": ["B"]}, {"code": "B", "after": ["A"]}]}, "A → B → A"),
            ({"situations": [question(answer("1", adds=["X"]))]}, "“X”不是这件事里的事项"),
            ({"situations": [question(answer("1", leads_to=["9"]))]}, "接着问的问题“9”不存在"),
            ({"situations": [question(answer("1", leads_to=["1"]))]}, "问题绕成了圈"),
            ({"situations": [question(answer("0"))]}, "不能是 0"),
            ({"situations": [question(answer("1", removes=["A", "B"]))]}, "一项也不用办"),
            (
                {"situations": [question(answer("1", removes=["A"]), answer("2", removes=["A"]))]},
                "“A”怎么回答都不用办",
            ),
            ({"what": 1}, "没有“what”这一栏"),
        ],
    )
    def test_says_what_is_wrong(self, given: dict[str, Any], words: str) -> None:
        report = check_package(values(["A", "B"]) | given)
        assert words in "".join(one.message for one in (*report.faults, *report.missing))

    def test_takes_a_whole_one_and_chooses_its_items(self) -> None:
        whole = values(["A", "B"], situations=[question(answer("1", adds=["B"]), answer("2", refusal="不行。"))])
        whole["items"][1]["after"] = ["A"]
        report = check_package(whole)
        assert (report.faults, report.missing) == ([], [])
        package = PackageDefinition(whole)
        chosen = {code: package.chosen(package.known({"1": [code]} if code else {})) for code in ("", "1", "2")}
        assert [[one.code for one in each.items] for each in chosen.values()] == [["A", "B"], ["A", "B"], ["A"]]
        assert [len(each.open_questions) for each in chosen.values()] == [1, 0, 0]
        assert chosen["2"].refusals == ("不行。",)


class TestPublish:
    def test_names_each_item_that_halls_cannot_take_online(self, codes: list[str]) -> None:
        gone = make_published(make_item(4, name="取消了的事项")).item
        abolish(gone)
        power = make_published(make_item(5, item_type="02", name="处罚事项")).item
        begun = make_item(6, name="没有公布的事项")
        handled = {"code": codes[1], "handling_code": "07"}
        package = draft([codes[0], gone.basic_code, power.basic_code, begun.basic_code, "420199999000"])
        package = change_package(
            by=person("zhao"),
            package=package,
            revision=package.revision,
            name=package.name,
            values=package.values | {"items": [*package.values["items"], handled]},
        )
        with pytest.raises(Invalid) as refusal:
            publish_package(by=person("zhao"), package=package, revision=package.revision)
        said = [one.message for one in refusal.value.faults]
        assert [any(name in one for one in said) for name in ("取消了的事项", "处罚事项", "没有公布的事项")] == [
            True
        ] * 3
        assert "没有事项用过编码“420199999000”" in "".join(said)
        assert "“事项2”" in said[-1]
        assert "“07”" in said[-1]
        assert (len(said), shown_packages()) == (5, [])

    def test_is_seen_by_halls_version_by_version(self, codes: list[str]) -> None:
        package = draft(codes[:2])
        assert (shown_packages(), package_faults(package.values)) == ([], [])
        by = person("zhao")
        first = publish_package(by=by, package=package, revision=1)
        package.refresh_from_db()
        assert publish_package(by=by, package=package, revision=package.revision) == first
        changed = change_package(
            by=by, package=package, revision=package.revision, name="开一家店", values=values(codes)
        )
        assert [(one.number, one.name) for one in shown_packages()] == [(1, "开店一件事")]
        with pytest.raises(Conflict, match="刚被别人改过"):
            publish_package(by=by, package=package, revision=1)
        publish_package(by=by, package=changed, revision=changed.revision)
        assert [(one.number, one.name) for one in shown_packages()] == [(2, "开一家店")]
        package.refresh_from_db()
        retired = retire_package(by=by, package=package, revision=package.revision)
        with pytest.raises(Conflict, match="请先恢复"):
            publish_package(by=by, package=retired, revision=retired.revision)
        assert shown_packages() == []
        restore_package(by=by, package=retired, revision=retired.revision)
        assert [one.number for one in shown_packages()] == [2]
        assert PackageVersion.objects.count() == 2
        assert AuditEntry.objects.filter(object_type="package").count() == 6

    def test_refuses_whom_the_catalogue_is_not_and_what_is_taken(self, codes: list[str]) -> None:
        package = draft(codes)
        sun: dict[str, Any] = {"by": person("sun"), "package": package, "revision": 1}
        for act in (
            lambda: add_package(by=person("sun"), name="x", values={}),
            lambda: change_package(**sun, name="x", values={}),
            lambda: publish_package(**sun),
            lambda: retire_package(**sun),
            lambda: restore_package(**sun),
        ):
            with pytest.raises(NotAllowed):
                act()
        with pytest.raises(Invalid, match="“开店一件事”已有"):
            draft(codes)
        with pytest.raises(Invalid, match=f"编码“{package.code}”已有"):
            add_package(by=person("zhao"), name="别的", values={}, code=package.code)


class TestPagesAndApi:
    def test_draft_publish_and_retire(self, codes: list[str]) -> None:
        zhao = client_of("zhao")
        typed = {"name": "开店一件事", "summary": "一次办好。", "items.1.code": codes[0], "items.2.code": codes[1]}
        # a button of the rows saves nothing
        assert zhao.post(f"{PAGES}new/", typed | {"rows": "add items"}).status_code == 200
        assert zhao.post(f"{PAGES}new/", {"name": ""}).status_code == 422
        made = zhao.post(f"{PAGES}new/", typed)
        package = Package.objects.get()
        page = f"{PAGES}{package.pk}/"
        assert made["Location"] == page
        assert "事项2" in zhao.get(page).text
        typed |= {"items.2.after": codes[0], "revision": "1", "act": "publish"}
        assert zhao.post(page, typed | {"items.1.code": "420199999000"}).status_code == 422
        refused = zhao.post(page, typed | {"items.1.code": "420199999000", "items.2.after": "", "act": "publish"})
        assert "没有事项用过编码" in refused.text
        package.refresh_from_db()
        typed["revision"] = str(package.revision)
        assert zhao.post(page, typed).status_code == 302
        package.refresh_from_db()
        assert package.newest
        assert package.newest.values["items"][1]["after"] == [codes[0]]
        assert "第 1 版" in zhao.get(PAGES).text
        sun = client_of("sun")
        assert "保存草稿" not in sun.get(page).text
        assert sun.post(page, typed).status_code == 403
        zhao.post(f"{page}retire/", {"revision": str(package.revision)})
        assert "恢复使用" in zhao.get(page).text
        zhao.post(f"{page}restore/", {"revision": str(package.revision + 1)})
        assert len(shown_packages()) == 1

    def test_serve_programs_alike(self, codes: list[str]) -> None:
        program = program_of("zhao")

        def send(method: str, path: str, **body: object) -> tuple[int, dict[str, Any]]:
            sent = getattr(program, method)(f"{API}{path}", body, content_type="application/json")
            return sent.status_code, sent.json()

        status, made = send("post", "", name="开店一件事", values=values([*codes, "420199999000"]))
        assert (status, len(made["gaps"])) == (201, 1)
        path = f"/{made['id']}"
        assert send("post", f"{path}/publish", revision=1)[0] == 422
        assert send("put", path, name="开店一件事", values=values(codes), revision=1)[1]["gaps"] == []
        assert send("put", path, name="再改", values=values(codes), revision=1)[0] == 409
        assert send("post", f"{path}/publish", revision=2)[1]["version"] == 1
        assert send("post", f"{path}/retire", revision=3)[1]["retired_at"]
        assert send("post", f"{path}/restore", revision=4)[1]["retired_at"] is None
        assert [one["version"] for one in program.get(API).json()] == [1]
        assert program.get(f"{API}{path}").json()["values"] == values(codes)
