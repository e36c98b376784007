"""What the audit calls the acts on forms and on what is filled in."""

from province.audit.queries.acts import ActNames
from tenants.workflow.states import FilledState, FormState

_FORMS = ActNames(
    "表单",
    {
        "workflow.create_form": "新建表单",
        "workflow.edit_form": "修改表单",
        "workflow.break_form_lock": "解除表单占用",
        "workflow.publish_form": "发布表单",
        "workflow.retire_form": "停用表单",
        "workflow.restore_form": "恢复表单",
        "workflow.open_form": "设置群众能否填写",
        "workflow.begin_filling": "开始填表",
        "workflow.send_filling": "提交表单",
        "workflow.drop_filling": "删除没有提交的表单",
        "workflow.add_upload": "上传填表的文件",
        "workflow.export_sent": "导出已提交的表单",
    },
    objects={"form": "表单", "filled_form": "填写的表单"},
    fields={"version": "版本", "is_open": "群众可以填写", "number": "份数"},
    choices={
        ("form", "state"): FormState.choices,
        ("filled_form", "state"): FilledState.choices,
    },
)

ACT_NAMES = (_FORMS,)
