"""What the audit calls the acts on items."""

from collections.abc import Collection, Mapping
from uuid import UUID

from province.audit.queries.acts import ActNames
from province.audit.queries.names import named_by
from province.catalogue.models import (
    CatalogueFile,
    Department,
    ExtraElement,
    Item,
    ItemImport,
    LifeEvent,
    Material,
    Office,
    Package,
    Proposal,
    TriedQuestion,
    WordRule,
)
from province.catalogue.states import ItemLife, ProposalState, SearchVerdict, SuccessionKind, VersionState
from standards.items.codelists import ItemType
from standards.items.elements import BY_NAME
from standards.items.facets import Whom


def _elements(names: Collection[str]) -> Mapping[str, str]:
    return {name: BY_NAME[name].label for name in names if name in BY_NAME}


_ITEMS = ActNames(
    "事项",
    {
        "catalogue.begin_item": "新建事项",
        "catalogue.save_draft": "修改事项草稿",
        "catalogue.write_design": "修改事项的统一表单和流程",
        "catalogue.edit_design": "设计事项的统一表单和流程",
        "catalogue.break_design_lock": "解除统一表单和流程的占用",
        "catalogue.submit_version": "报送事项",
        "catalogue.recall_version": "撤回报送",
        "catalogue.pass_review": "审核通过",
        "catalogue.return_version": "退回",
        "catalogue.publish_version": "公布事项",
        "catalogue.withdraw_version": "撤回公布",
        "catalogue.begin_version": "到时生效",
        "catalogue.change_code": "变更基本编码",
        "catalogue.require_version": "到时停用旧版",
        "catalogue.suspend_item": "暂停事项",
        "catalogue.resume_item": "恢复事项",
        "catalogue.abolish_item": "废止事项",
        "catalogue.propose_pause": "提请暂停或废止",
        "catalogue.confirm_pause": "确认暂停或废止",
        "catalogue.decline_pause": "不同意暂停或废止",
        "catalogue.withdraw_pause": "撤回暂停或废止的提请",
        "catalogue.lapse_pause": "紧急暂停逾期未确认",
        "catalogue.propose_succession": "提请合并或拆分",
        "catalogue.confirm_succession": "确认合并或拆分",
        "catalogue.decline_succession": "不同意合并或拆分",
        "catalogue.withdraw_succession": "撤回合并或拆分",
        "catalogue.lapse_succession": "合并或拆分到期未能执行",
        "catalogue.carry_out_succession": "执行合并或拆分",
        "catalogue.succeed_item": "事项由别的事项承接",
        "catalogue.move_part": "子项改归承接的主项",
        "catalogue.pass_guide_below": "通过下级服务厅的实施清单",
        "catalogue.return_guide_below": "退回下级服务厅的实施清单",
        "catalogue.start_base_list": "载入基础清单",
        "catalogue.load_item": "载入基础清单中的事项",
        "catalogue.upload_items": "上传事项文件",
        "catalogue.import_items": "导入事项",
        "catalogue.add_file": "上传表格或样本",
        "catalogue.change_material": "修改材料",
        "catalogue.arrange_office": "设置审核部门",
        "catalogue.retire_office": "停用审核部门",
        "catalogue.create_department": "新建主管部门",
        "catalogue.rename_department": "主管部门改名",
        "catalogue.assign_department": "设置主管部门的编写处室",
    },
    objects={
        "item": "事项",
        "item_import": "事项文件",
        "catalogue_file": "表格或样本",
        "material": "材料",
        "office": "审核部门",
        "department": "主管部门",
        "base_list": "基础清单",
    },
    fields={
        "basic_code": "基本编码",
        "parent_code": "所属主项的基本编码",
        "item_type": "事项类型",
        "elements": "改动的要素",
        "form": "统一表单",
        "flow": "统一流程",
        "design_digest": "表单和流程的摘要",
        "revision": "草稿序号",
        "file_name": "文件名",
        "new_items": "新增的事项",
        "changed_items": "修改的事项",
        "office": "审核部门",
        "version_state": "审核状态",
        "pause_kind": "提请",
        "is_urgent": "紧急先行暂停",
        "succession_kind": "合并或拆分",
        "succession": "原编码、承接的编码",
        "guide": "第几份实施清单",
        "valid_from": "生效时间",
        "required_from": "各服务厅最迟换用时间",
        "step": "审核步骤",
        "unit": "部门",
        "publishes": "齐全的立即公布",
    },
    choices={
        ("item", "state"): ItemLife.choices,
        ("item", "item_type"): ItemType.choices,
        ("item", "version_state"): VersionState.choices,
        ("item", "pause_kind"): ItemLife.choices,
        ("item", "succession_kind"): SuccessionKind.choices,
    },
    names={
        "item": named_by(Item),
        "item_import": named_by(ItemImport, "file_name"),
        "catalogue_file": named_by(CatalogueFile),
        "material": named_by(Material),
        "office": named_by(Office),
        "department": named_by(Department),
    },
    codes={"elements": _elements},
)
_ASSIGNMENTS = ActNames(
    "下发事项",
    {
        "catalogue.assign_items": "下发事项",
        "catalogue.retry_assignment": "重试下发",
        "catalogue.end_assignment": "停止下发",
    },
    objects={"assignment": "下发"},
    fields={"halls": "服务厅数", "prefix": "区划"},
)
_PROPOSALS = ActNames(
    "事项建议",
    {
        "catalogue.propose_item": "提出事项建议",
        "catalogue.accept_proposal": "采纳事项建议",
        "catalogue.decline_proposal": "不采纳事项建议",
    },
    objects={"proposal": "事项建议"},
    choices={("proposal", "state"): ProposalState.choices},
    names={"proposal": named_by(Proposal)},
)


def _first_words(rule_ids: Collection[UUID]) -> Mapping[UUID, str]:
    return {rule.pk: str(rule) for rule in WordRule.objects.filter(pk__in=rule_ids)}


_WORDS = ActNames(
    "同义词",
    {
        "catalogue.seed_words": "装入初始说法",
        "catalogue.add_words": "新增一组同义词",
        "catalogue.change_words": "修改一组同义词",
        "catalogue.remove_words": "删除一组同义词",
        "catalogue.restore_words": "恢复一组同义词",
        "catalogue.import_words": "导入同义词",
        "catalogue.add_tried_question": "加入试过的问题",
        "catalogue.remove_tried_question": "删除试过的问题",
        "catalogue.settle_search": "处理没找到的问题",
        "catalogue.settle_hall_search": "处理本厅没找到的问题",
    },
    objects={
        "word_rule": "同义词",
        "word_rules": "同义词表",
        "tried_question": "试过的问题",
        "searched_text": "没找到的问题",
    },
    fields={
        "words": "说法",
        "named": "指的事项",
        "rules": "组数",
        "question": "问题",
        "faults": "有问题的行",
        "verdict": "处理",
    },
    choices={("searched_text", "verdict"): SearchVerdict.choices},
    names={"word_rule": _first_words, "tried_question": named_by(TriedQuestion, "question")},
)

_EXTRA_ELEMENTS = ActNames(
    "扩展要素",
    {
        "catalogue.define_element": "定义扩展要素",
        "catalogue.revise_element": "修改扩展要素",
        "catalogue.end_element": "停用扩展要素",
    },
    objects={"extra_element": "扩展要素"},
    fields={
        "label": "名称",
        "starts_on": "启用日期",
        "needed_from": "必填日期",
        "ends_on": "停用日期",
        "incomplete": "因此不完整的事项或实施清单",
    },
    names={"extra_element": named_by(ExtraElement, "label")},
)

_LIFE_EVENTS = ActNames(
    "一件事",
    {
        "catalogue.add_life_event": "增加一件事",
        "catalogue.change_life_event": "修改一件事",
        "catalogue.move_life_event": "移动一件事",
        "catalogue.retire_life_event": "停用一件事",
        "catalogue.restore_life_event": "恢复一件事",
    },
    objects={"life_event": "一件事"},
    fields={"whom": "对谁", "event_place": "顺序"},
    choices={("life_event", "whom"): Whom.choices},
    names={"life_event": named_by(LifeEvent)},
)

_PACKAGES = ActNames(
    "一件事一次办",
    {
        "catalogue.add_package": "增加一件事一次办",
        "catalogue.change_package": "修改一件事一次办",
        "catalogue.publish_package": "公布一件事一次办",
        "catalogue.retire_package": "停用一件事一次办",
        "catalogue.restore_package": "恢复一件事一次办",
    },
    objects={"package": "一件事一次办"},
    fields={"package_version": "第几版"},
    names={"package": named_by(Package)},
)

ACT_NAMES = (_ITEMS, _ASSIGNMENTS, _PROPOSALS, _WORDS, _EXTRA_ELEMENTS, _LIFE_EVENTS, _PACKAGES)
