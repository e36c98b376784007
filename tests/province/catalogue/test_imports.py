"""Files of items: read, previewed, confirmed, written into drafts."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone

from foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from foundation.events.models import DueTime, Event
from foundation.events.operations import drain_events
from foundation.masking import mask_name
from province.audit.models import AuditEntry
from province.catalogue.events import IMPORT_WANTED
from province.catalogue.models import Item, ItemImport, ItemVersion
from province.catalogue.operations import import_items, load_base_list, upload_items
from province.catalogue.operations import imports as imports_module
from province.catalogue.operations.imports import ATTEMPTS, carry_on_import
from province.catalogue.queries.drafts import drafts_as_files
from province.catalogue.queries.imports import abandoned_imports, import_figures, import_lines, import_of
from province.catalogue.states import ImportState
from province.people.models import Account
from province.people.operations.positions import give_position
from province.rights.roles import Reach
from standards.items.exchange import write_forms, write_json, write_tables
from tests.conftest import person
from tests.factories.catalogue import abolish, change_draft, make_department, make_item, make_published
from tests.factories.imports import book_of, carried_on, confirmed, kinds, only_line, row, sent, states
from tests.factories.people import account, make_role, make_unit
from tests.races import at_once
from tests.soak import SOAK
from tests.standards.books import long_table, workbook

pytestmark = pytest.mark.usefixtures("object_store")

HEADINGS = ("基本编码", "事项名称", "受理条件")


def written(upload: ItemImport) -> dict[str, Any]:
    return Item.objects.get(pk=only_line(upload).item_id).values


def lu_writes_for_food() -> None:
    """Lu writes for 市场监督管理局 and for nobody else."""
    unit = make_unit("食品处")
    make_department(unit_id=unit.pk)
    make_department("民政局")
    role = make_role("业务处室", ["catalogue.read", "catalogue.write"])
    give_position(by=person("zhao"), account=account("lu"), role=role, unit=unit, reach=Reach.UNIT)


@pytest.mark.django_db
class TestPreview:
    def test_tells_new_changed_unchanged_and_faulty_apart(self) -> None:
        kept, changed = make_item(1), make_item(2)
        rows = [
            [kept.basic_code, kept.name, "有与经营的食品相适应的场所。"],
            [changed.basic_code, "食品许可", "有与经营的食品相适应的场所。"],
            ["12", "没有编码", "无"],
        ]
        upload = sent(book_of(*rows, headings=HEADINGS))
        assert upload.state == ImportState.READY
        assert kinds(upload) == ["unchanged", "changed", "faulty"]
        line = import_lines(upload, "changed").get()
        assert line.changes == ["「事项名称」由“食品经营许可”改为“食品许可”。"]
        assert line.place == "“基本目录”第 3 行"
        assert import_figures(upload).total == 1

    def test_names_sheet_and_cell_of_every_fault(self) -> None:
        make_department()
        upload = sent(book_of(row(1, code="12"), row(2, type="行政许愿")))
        messages = [message for line in import_lines(upload) for _, message in line.faults]
        assert messages[0].startswith("“基本目录”第 2 行 A 列基本编码应为 12 位")
        assert messages[1].startswith("“基本目录”第 3 行 C 列没有“行政许愿”这个「事项类型」")
        assert upload.faults == []

    def test_changes_nothing(self) -> None:
        item = make_item(1)
        sent(book_of([item.basic_code, "改名", "改了"], headings=HEADINGS))
        item.refresh_from_db()
        assert (item.revision, item.name) == (1, "食品经营许可")

    def test_leaves_alone_what_the_file_has_no_column_for(self) -> None:
        item = make_item(1)
        upload = confirmed(sent(book_of([item.basic_code, item.name, "改了"], headings=HEADINGS)))
        assert written(upload) == item.values | {"conditions": "改了"}

    def test_warns_of_what_goes_out(self) -> None:
        item = make_item(1)
        upload = sent(book_of([item.basic_code, item.name, ""], headings=HEADINGS))
        line = only_line(upload)
        assert line.removals == import_figures(upload).removals == 1
        assert line.changes == ["「受理条件」删去“有与经营的食品相适应的场所。”。"]
        assert "conditions" not in written(confirmed(upload))

    def test_says_what_a_new_item_lacks(self) -> None:
        heads = ("基本编码", "事项名称", "事项类型")
        upload = sent(book_of(["420131001000", "食品经营许可", "行政许可"], headings=heads))
        assert only_line(upload).faults[0][1] == "“基本目录”第 2 行缺少「主管部门」：新事项必须填写。"

    def test_refuses_what_the_form_would(self) -> None:
        make_item(1)
        line = only_line(sent(book_of(row(1, department="没有的局"))))
        assert line.faults[0][1] == "“基本目录”第 2 行没有“没有的局”这个主管部门。"

    def test_refuses_another_type(self) -> None:
        """A code that fits it is another item; so only who leaves the code out could ask for it."""
        item = make_item(1)
        form = [
            ["事项名称", item.name],
            ["事项类型", "行政确认"],
            ["主管部门", item.department.name],
            ["受理条件", "无"],
        ]
        line = only_line(sent(workbook({"表": form})))
        assert line.faults[0][1] == "“表”「事项类型」不能改，目录中是“行政许可”。"

    def test_knows_an_item_without_a_code_by_its_name_and_department(self) -> None:
        item = make_item(1)
        form = [
            ["事项名称", item.name],
            ["事项类型", "行政许可"],
            ["主管部门", item.department.name],
            ["受理条件", "改了"],
        ]
        upload = sent(workbook({"表": form}))
        assert only_line(upload).item_id == item.pk
        assert written(confirmed(upload))["basic_code"] == item.basic_code
        make_item(2)
        assert "缺少「基本编码」" in only_line(sent(workbook({"表": form}))).faults[0][1]

    def test_checks_the_file_together_with_the_draft(self) -> None:
        """25 days are fine in themselves, and too long for what the draft says of the law."""
        item = make_item(1)
        heads = ("基本编码", "事项名称", "承诺办结时限")
        upload = sent(book_of([item.basic_code, item.name, "25"], headings=heads))
        assert "「承诺办结时限」" in only_line(upload).faults[0][1]

    def test_keeps_faults_that_belong_to_no_item_apart(self) -> None:
        item = make_item(1)
        content = workbook(
            {
                "基本目录": [HEADINGS, [item.basic_code, item.name, "改了"], ["", "没有编码", "无"]],
                "申请材料": [["基本编码", "材料名称"], ["420131999000", "甲"]],
                "备注": [["随便写写"]],
            }
        )
        upload = sent(content)
        assert kinds(upload) == ["changed"]
        assert [message for _, message in upload.faults] == [
            "“基本目录”第 3 行 A 列缺少「基本编码」，这一行没有导入。",
            "“申请材料”第 2 行 A 列「基本编码」“420131999000”在“基本目录”中没有，这一行没有导入。",
        ]
        assert upload.notices[0][1] == "“备注”不是国家栏目的工作表，没有导入。"

    def test_refuses_an_abolished_item(self) -> None:
        item = make_published().item
        abolish(item)
        upload = sent(book_of([item.basic_code, item.name, "改了"], headings=HEADINGS))
        assert only_line(upload).refusal.startswith("这个事项已废止")


@pytest.mark.django_db
class TestRights:
    def test_reach_over_the_items_department(self) -> None:
        lu_writes_for_food()
        own = make_item(1)
        other = make_item(2, department=make_department("民政局"))
        taken, given, strange = row(1, "改名"), row(2, department="民政局"), row(3, department="民政局")
        upload = sent(book_of(taken, given, strange), by="lu")
        assert kinds(upload) == ["changed", "faulty", "faulty"]
        refusals = list(import_lines(upload, "faulty").values_list("refusal", flat=True))
        assert refusals == [
            f"基本编码 {other.basic_code} 的事项不由您的部门编写，没有导入。",
            "您不能编写“民政局”的事项，没有导入。",
        ]
        confirmed(upload, by="lu")
        own.refresh_from_db()
        assert (own.name, own.edited_by_name) == ("改名", account("lu").name)

    def test_say_the_same_of_items_that_are_out_of_sight(self) -> None:
        """A draft of another department is not seen; a published item is. Nobody learns which."""
        lu_writes_for_food()
        unseen = make_item(1, department=make_department("民政局"))
        seen = make_published(make_item(2, department=make_department("民政局"))).item
        upload = sent(book_of(row(1), row(2)), by="lu")
        words = [
            line.refusal.replace(item.basic_code, "")
            for line, item in zip(import_lines(upload), (unseen, seen), strict=True)
        ]
        assert words[0] == words[1]
        assert [line.changes for line in import_lines(upload)] == [[], []]

    def test_that_are_lost_meanwhile_count_no_more(self) -> None:
        lu_writes_for_food()
        item = make_item(1)
        upload = import_items(by=person("lu"), upload=sent(book_of(row(1, "改名")), by="lu"))
        Account.objects.filter(username="lu").update(is_active=False)
        assert states(carried_on(upload)) == ["refused"]
        item.refresh_from_db()
        assert item.name == "食品经营许可"

    def test_are_asked_for_at_the_door(self) -> None:
        with pytest.raises(NotAllowed):
            upload_items(by=person("wu"), name="事项.xlsx", file=BytesIO(book_of(row(1))))

    def test_are_a_token_s_where_a_program_sent_it(self) -> None:
        make_department()
        program = person("zhao").narrowed(["catalogue.write"])
        upload = upload_items(by=program, name="事项.xlsx", file=BytesIO(book_of(row(1))))
        carry_on_import(import_id=upload.pk)
        upload.refresh_from_db()
        assert upload.scopes == ["catalogue.write"]
        import_items(by=program, upload=upload)
        ItemImport.objects.update(scopes=["content.read"])
        assert states(carried_on(upload)) == ["refused"]

    def test_show_an_import_to_its_sender_alone(self) -> None:
        make_department()
        upload = sent(book_of(row(1)))
        with pytest.raises(NotFound):
            import_of(person("qian"), upload.pk)
        lu_writes_for_food()
        with pytest.raises(NotFound):
            import_items(by=person("lu"), upload=upload)


@pytest.mark.django_db
class TestImport:
    def test_writes_drafts_and_an_entry_for_each(self) -> None:
        make_department()
        item = make_item(1)
        upload = confirmed(sent(book_of(row(1, "改名"), row(2, "新事项"))))
        assert upload.state == ImportState.DONE
        assert states(upload) == ["written", "written"]
        item.refresh_from_db()
        assert (item.name, item.revision) == ("改名", 2)
        new = Item.objects.get(basic_code="420131002000")
        assert (new.name, new.family, new.department.name) == ("新事项", "power", "市场监督管理局")
        assert not ItemVersion.objects.exists()
        acts = AuditEntry.objects.filter(object_id__in=[str(item.pk), str(new.pk)]).order_by("pk")
        assert [entry.act for entry in acts][1:] == ["catalogue.save_draft", "catalogue.begin_item"]
        assert AuditEntry.objects.filter(act="catalogue.import_items", object_id=str(upload.pk)).count() == 1

    def test_once_more_changes_nothing(self) -> None:
        make_department()
        content = book_of(row(1), row(2))
        confirmed(sent(content))
        again = sent(content)
        assert kinds(again) == ["unchanged", "unchanged"]
        with pytest.raises(Conflict, match="没有要导入的改动"):
            import_items(by=person("zhao"), upload=again)

    def test_confirmed_twice_is_done_once(self) -> None:
        make_department()
        upload = sent(book_of(row(1)))
        import_items(by=person("zhao"), upload=upload)
        import_items(by=person("zhao"), upload=upload)
        assert Event.objects.filter(kind=IMPORT_WANTED.name).count() == 2
        assert states(confirmed(upload)) == ["written"]

    def test_is_refused_before_the_file_is_read(self) -> None:
        upload = upload_items(by=person("zhao"), name="事项.xlsx", file=BytesIO(book_of(row(1))))
        with pytest.raises(Conflict, match="正在读取"):
            import_items(by=person("zhao"), upload=upload)

    def test_does_not_write_over_what_somebody_saved_after_the_preview(self) -> None:
        item, other = make_item(1), make_item(2)
        upload = sent(book_of(row(1, "改名"), row(2, "改名二")))
        change_draft(item, by="qian", name="别人的名称")
        confirmed(upload)
        line, written_line = import_lines(upload)
        assert (line.state, written_line.state) == ("refused", "written")
        assert line.refusal.startswith(f"预览以后，{mask_name(account('qian').name)}又改过这一项，没有导入")
        item.refresh_from_db()
        other.refresh_from_db()
        assert (item.name, other.name) == ("别人的名称", "改名二")

    def test_finds_what_somebody_has_made_so_meanwhile(self) -> None:
        item = make_item(1)
        upload = sent(book_of([item.basic_code, item.name, "改了"], headings=HEADINGS))
        change_draft(item, by="qian", conditions="改了")
        assert states(confirmed(upload)) == ["same"]

    def test_of_a_code_that_somebody_took_meanwhile_is_refused(self) -> None:
        make_department()
        upload = sent(book_of(row(1)))
        make_item(1)
        line = only_line(confirmed(upload))
        assert (line.state, "已属于" in line.refusal) == ("refused", True)

    def test_of_an_item_that_is_under_review_leaves_the_version_alone(self) -> None:
        version = make_published()
        upload = confirmed(sent(book_of([version.item.basic_code, "改名", "改了"], headings=HEADINGS)))
        assert states(upload) == ["written"]
        version.refresh_from_db()
        assert version.name == "食品经营许可"

    def test_keeps_no_values_afterwards(self) -> None:
        make_department()
        assert only_line(confirmed(sent(book_of(row(1))))).values == {}

    @pytest.mark.soak
    def test_of_what_was_exported_finds_no_change(self) -> None:
        """Every item in each shape; of forms, which are a sheet each, one in five, and all in a soak."""
        load_base_list(by=person("zhao"))
        drafts = list(drafts_as_files(person("zhao"), {}))
        assert len(drafts) == Item.objects.count() > 300
        found = {}
        for shape, some in (("tables", drafts), ("forms", drafts[:: 1 if SOAK else 5]), ("json", drafts)):
            out = BytesIO()
            if shape == "json":
                out.writelines(write_json(some))
            else:
                {"tables": write_tables, "forms": write_forms}[shape](some, out)
            upload = sent(out.getvalue(), name="事项.json" if shape == "json" else "事项.xlsx")
            found[shape] = (upload.faults, import_figures(upload).kinds == {"unchanged": len(some)})
        assert found == dict.fromkeys(found, ([], True))


@pytest.mark.django_db
class TestKilledImport:
    def test_goes_on_where_it_was(self, monkeypatch: pytest.MonkeyPatch) -> None:
        make_department()
        upload = import_items(by=person("zhao"), upload=sent(book_of(*(row(number) for number in range(1, 6)))))
        begin, begun = imports_module.begin_item, []

        def die_at_the_third(**facts: Any) -> Item:
            if len(begun) == 2:
                raise Unavailable("数据库连接不上。")
            begun.append(begin(**facts))
            return begun[-1]

        monkeypatch.setattr(imports_module, "begin_item", die_at_the_third)
        with pytest.raises(Unavailable):
            carry_on_import(import_id=upload.pk)
        monkeypatch.undo()
        assert states(upload) == ["written", "written", "waiting", "waiting", "waiting"]
        assert Item.objects.count() == 2
        assert states(carried_on(upload)) == ["written"] * 5
        assert list(Item.objects.values_list("revision", flat=True)) == [1] * 5

    def test_is_found_by_the_clock(self) -> None:
        upload = upload_items(by=person("zhao"), name="事项.xlsx", file=BytesIO(book_of(row(1))))
        assert abandoned_imports() == []
        ItemImport.objects.update(progress_at=timezone.now() - timedelta(minutes=1))
        assert abandoned_imports() == [upload.pk]
        carried_on(upload)
        ItemImport.objects.update(progress_at=timezone.now() - timedelta(minutes=1))
        assert abandoned_imports() == []

    def test_while_it_is_read_is_given_up_after_a_few_times(self, monkeypatch: pytest.MonkeyPatch) -> None:
        upload = upload_items(by=person("zhao"), name="事项.xlsx", file=BytesIO(book_of(row(1))))

        def die(_: bytes, **_more: object) -> None:
            raise MemoryError

        monkeypatch.setattr(imports_module, "read_workbook", die)
        for _ in range(ATTEMPTS):
            with pytest.raises(MemoryError):
                carry_on_import(import_id=upload.pk)
        upload = carried_on(upload)
        assert (upload.state, upload.refusal[:11]) == (ImportState.UNREADABLE, "这份文件几次都没有读完")

    def test_is_forgotten_after_a_month(self) -> None:
        make_department()
        upload = sent(book_of(row(1)))
        DueTime.objects.filter(subject_id=upload.pk).update(due_at=timezone.now())
        drain_events()
        assert not ItemImport.objects.exists()


@pytest.mark.django_db
class TestBadFile:
    @pytest.mark.parametrize(
        ("name", "content", "words"),
        [
            ("事项.xlsx", b"", "文件是空的"),
            ("事项.xlsx", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "与扩展名“.xlsx”不符"),
            ("事项.xlsx", "基本编码,事项名称\n".encode(), "不接受这种文件"),
            ("事项.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 100, "只能导入 Excel 工作簿"),
            ("事项.csv", "基本编码,事项名称\n".encode(), "只能导入 Excel 工作簿"),
            ("../事项.xlsx", book_of(), "文件名不能含有路径"),
            ("事项.json", b"\0\1\2", "不接受这种文件"),
        ],
    )
    def test_is_refused_at_once(self, name: str, content: bytes, words: str) -> None:
        with pytest.raises(Invalid, match=words):
            upload_items(by=person("zhao"), name=name, file=BytesIO(content))
        assert not ItemImport.objects.exists()

    @pytest.mark.parametrize(
        ("name", "content", "words"),
        [
            ("事项.xlsx", workbook({"人员": [["姓名"], ["张三"]]}), "在工作表“人员”里没有找到事项"),
            ("事项.xlsx", workbook({"申请材料": [["基本编码", "材料名称"]]}), "缺少“基本目录”工作表"),
            ("事项.xlsx", workbook({"Sheet1": []}), "没有找到事项"),
            ("事项.json", b'{"items": [', "应写明"),
            ("事项.json", "编码：一".encode(), "不是正确的 JSON"),
        ],
        ids=["other", "no list", "empty", "json", "text"],
    )
    def test_is_read_and_then_told_what_it_is(self, name: str, content: bytes, words: str) -> None:
        upload = sent(content, name=name)
        assert upload.state == ImportState.UNREADABLE
        assert words in upload.refusal

    def test_with_too_many_rows_is_told_so(self) -> None:
        upload = sent(long_table(20_050), name="事项.xlsx")
        assert upload.state == ImportState.UNREADABLE
        assert "最多 20,000 个事项" in upload.refusal

    def test_with_formulas_dates_and_merged_cells_is_taken_as_far_as_it_can_be(self) -> None:
        days = ("2026年3月1日", "2026/3/1", date(2026, 3, 1), "三月")
        rows = [[make_item(number).basic_code, "改名", day] for number, day in enumerate(days, start=1)]

        def draw(_: Any, sheet: Any) -> None:
            sheet.write_formula("B3", '="改"&"名"', value="改名")
            sheet.write_formula("B4", '="改"&"名"', value="")
            sheet.merge_range("F1:G2", "备注")

        heads = ("基本编码", "事项名称", "计划生效日期")
        upload = sent(workbook({"基本目录": [heads, *rows]}, draw=draw))
        assert kinds(upload) == ["changed", "changed", "faulty", "faulty"]
        first, second, third, fourth = import_lines(upload)
        assert first.changes == second.changes
        assert first.changes[1] == "「计划生效日期」增加“2026年3月1日”。"
        assert third.faults[0][1].startswith("“基本目录”第 4 行 B 列「事项名称」是公式，但文件里没有它的计算结果")
        assert fourth.faults[0][1].startswith("“基本目录”第 5 行 C 列「计划生效日期」")


@pytest.mark.usefixtures("fresh_database")
class TestTwoPeopleAtOnce:
    def test_make_one_item_of_one_code(self) -> None:
        make_department()
        uploads = [
            import_items(by=person(who), upload=sent(book_of(row(1, name)), by=who))
            for who, name in (("zhao", "甲"), ("qian", "乙"))
        ]
        at_once(*[lambda one=one: carry_on_import(import_id=one.pk) for one in uploads])
        assert sorted(state for upload in uploads for state in states(upload)) == ["refused", "written"]
        assert Item.objects.get().name in {"甲", "乙"}

    def test_never_write_over_each_other(self) -> None:
        item = make_item(1)
        uploads = [
            import_items(by=person(who), upload=sent(book_of(row(1, name)), by=who))
            for who, name in (("zhao", "甲"), ("qian", "乙"))
        ]
        at_once(*[lambda one=one: carry_on_import(import_id=one.pk) for one in uploads])
        item.refresh_from_db()
        assert item.revision == 2
        assert sorted(state for upload in uploads for state in states(upload)) == ["refused", "written"]

    def test_at_one_import_do_not_do_it_twice(self) -> None:
        make_department()
        upload = import_items(by=person("zhao"), upload=sent(book_of(*(row(number) for number in range(1, 20)))))
        at_once(*[lambda: carry_on_import(import_id=upload.pk)] * 3)
        assert states(upload) == ["written"] * 19
        assert AuditEntry.objects.filter(act="catalogue.begin_item").count() == 19
