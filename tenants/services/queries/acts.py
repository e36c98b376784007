"""What the audit calls the acts on a hall's items."""

from province.audit.queries.acts import ActNames
from province.audit.queries.names import named_by
from province.catalogue.models import Item
from province.catalogue.states import AdoptionState

_HALL_ITEMS = ActNames(
    "本厅事项",
    {
        "services.adopt_items": "认领事项",
        "services.drop_adoption": "取消认领",
        "services.stop_adoption": "停办事项",
        "services.resume_adoption": "恢复办理",
        "services.save_hall_guide": "填写实施清单",
        "services.submit_hall_guide": "提交实施清单",
        "services.recall_hall_guide": "撤回送审",
        "services.pass_hall_guide": "审核通过并公布",
        "services.return_hall_guide": "退回修改",
        "services.accept_version": "接受事项新版",
        "services.save_hall_defaults": "修改常用信息",
        "services.fill_gaps": "用常用信息补齐",
        "services.upload_guides": "上传实施清单文件",
        "services.import_guides": "导入实施清单",
        "services.give_to_unit": "交给部门填写",
        "services.follow_item": "随事项换用新编码",
        "services.follow_succession": "随事项合并、拆分",
    },
    objects={"adoption": "本厅事项", "guide_import": "实施清单文件"},
    fields={
        "file_name": "文件名",
        "items": "事项数",
        "shown": "直接公布数",
        "hall_guide": "实施清单版本",
        "unit": "部门",
        "task_code": "实施编码",
        "to_settle": "要核对的内容",
    },
    # an adoption is kept under the id of its item
    names={"adoption": named_by(Item)},
    choices={("adoption", "state"): AdoptionState.choices},
)

ACT_NAMES = (_HALL_ITEMS,)
