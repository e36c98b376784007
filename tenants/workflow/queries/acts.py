"""What the audit calls the acts on forms and on what is filled in."""

from province.audit.queries.acts import ActNames
from standards.forms.fields.places import DATUM_LABELS
from tenants.workflow.states import DesignState, FilledState, RunStatus

_FORMS = ActNames(
    "表单",
    {
        "workflow.create_form": "新建表单",
        "workflow.edit_form": "修改表单",
        "workflow.break_form_lock": "解除表单占用",
        "workflow.publish_form": "发布表单",
        "workflow.take_form": "采用省里的表单",
        "workflow.merge_form": "合并省里的表单",
        "workflow.retire_form": "停用表单",
        "workflow.restore_form": "恢复表单",
        "workflow.open_form": "设置群众能否填写",
        "workflow.begin_filling": "开始填表",
        "workflow.send_again": "补充后再提交",
        "workflow.send_filling": "提交表单",
        "workflow.drop_filling": "删除没有提交的表单",
        "workflow.add_upload": "上传填表的文件",
        "workflow.export_sent": "导出已提交的表单",
    },
    objects={"form": "表单", "filled_form": "填写的表单"},
    fields={"origin_digest": "表单和流程的摘要", "version": "版本", "is_open": "群众可以填写", "number": "份数"},
    choices={
        ("form", "state"): DesignState.choices,
        ("filled_form", "state"): FilledState.choices,
    },
)

_RUNS = ActNames(
    "流程办理",
    {
        "workflow.start_run": "发起流程",
        "workflow.cancel_run": "撤销流程",
        "workflow.terminate_run": "终止流程",
        "workflow.suspend_run": "挂起流程",
        "workflow.stop_time_run": "停止流程计时",
        "workflow.resume_time_run": "恢复流程计时",
        "workflow.resume_run": "恢复流程",
        "workflow.jump_run": "流程跳转",
        "workflow.move_run": "流程迁移到新版本",
        "workflow.copy_run": "抄送流程",
        "workflow.end_run": "流程结束",
        "workflow.submit_item": "重新提交",
        "workflow.claim_item": "认领待办",
        "workflow.put_back_item": "放回待办",
        "workflow.finish_item": "办理待办",
        "workflow.return_item": "退回",
        "workflow.withdraw_item": "撤回",
        "workflow.transfer_item": "转办待办",
        "workflow.delegate_item": "委派待办",
        "workflow.add_signer_item": "加签",
        "workflow.remove_signer_item": "减签",
        "workflow.urge_item": "催办",
        "workflow.hand_over_item": "待办移交",
        "workflow.wake_item": "流程自动继续",
        "workflow.message_item": "流程收到消息",
        "workflow.late_item": "待办超期",
        "workflow.answered_item": "外部动作完成",
        "workflow.late_answer_item": "外部动作后来才完成，没有采用",
        "workflow.fail_item": "外部动作没有成功",
        "workflow.call_again_item": "再试一次外部动作",
        "workflow.by_hand_item": "手工填写外部动作的结果",
    },
    objects={"run": "流程"},
    fields={"number": "编号", "step": "环节", "to": "去向", "state": "状态", "lost": "不再保留的内容"},
    choices={("run", "state"): RunStatus.choices},
)

_FLOWS = ActNames(
    "流程",
    {
        "workflow.create_flow": "新建流程",
        "workflow.edit_flow": "修改流程",
        "workflow.set_up_flow": "设置流程的表单和承诺时限",
        "workflow.break_flow_lock": "解除流程占用",
        "workflow.publish_flow": "发布流程",
        "workflow.take_flow": "采用省里的流程",
        "workflow.merge_flow": "合并省里的流程",
        "workflow.retire_flow": "停用流程",
        "workflow.restore_flow": "恢复流程",
    },
    objects={"flow": "流程定义"},
    fields={"promise": "承诺时限", "form": "表单", "origin_digest": "表单和流程的摘要"},
    choices={("flow", "state"): DesignState.choices},
)

_PLACES = ActNames(
    "地点清单",
    {
        "workflow.create_place": "添加地点",
        "workflow.change_place": "修改地点",
        "workflow.use_place": "启用地点",
        "workflow.end_place": "停用地点",
    },
    objects={"hall_place": "地点"},
    fields={
        "name": "名称",
        "address": "地址",
        "longitude": "经度",
        "latitude": "纬度",
        "datum": "坐标系",
        "keeper": "管理单位",
        "kind": "类别",
        "phone": "联系电话",
        "is_in_use": "在用",
    },
    choices={("hall_place", "datum"): list(DATUM_LABELS.items())},
)

ACT_NAMES = (_FORMS, _FLOWS, _RUNS, _PLACES)
