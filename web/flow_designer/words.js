// What bpmn-js says, in Chinese, and what the panel calls things.

const SAID = {
  "Activate hand tool": "移动画布",
  "Activate lasso tool": "框选",
  "Activate create/remove space tool": "腾出空间",
  "Activate global connect tool": "连线",
  "Append": "接在后面",
  "Remove": "删去",
  "Delete": "删去",
  "Connect to other element": "连到别处",
  "Change element": "换一种",
  "Add text annotation": "加注释",
  "Open {element}": "打开 {element}",
  "flow elements must be children of pools/participants": "环节要放在流程里",
  "element {element} referenced by {referenced}#{property} not yet drawn": "图上少了 {element}",
  "unsupported BPMN 2.0 document: no process or collaboration": "不是能读懂的流程图",
  "no diagram to display": "没有图",
  "no shape type specified": "没有说明是什么",
  "no parent for {element} in {parent}": "{element} 没有放好",
  "already rendered {element}": "{element} 画了两次",
  "failed to import {element}": "{element} 画不出来",
};

export function translate(text, values = {}) {
  const said = SAID[text] ?? text;
  return said.replace(/{([^}]+)}/g, (_, name) => values[name] ?? `{${name}}`);
}

export const NODES = {
  "bpmn:StartEvent": "开始",
  "bpmn:EndEvent": "结束",
  "bpmn:UserTask": "环节",
  "bpmn:ExclusiveGateway": "条件分支",
  "bpmn:ParallelGateway": "并行分支",
  "bpmn:InclusiveGateway": "多选分支",
  "bpmn:IntermediateCatchEvent": "等待",
  "bpmn:CallActivity": "子流程",
  "bpmn:ServiceTask": "外部动作",
  "bpmn:SequenceFlow": "连线",
  "bpmn:Process": "流程",
};

export const SHARING = [
  ["any", "其中一人办理"],
  ["all", "会签：都同意才通过"],
  ["share", "会签：达到比例就通过"],
  ["veto", "会签：一人不同意就不通过"],
  ["in_turn", "依次办理"],
];
export const ON_REFUSAL = [
  ["end", "结束流程"],
  ["go_on", "照样往下走"],
  ["return_previous", "退回上一步"],
  ["return_start", "退回发起人"],
];
export const AT_LIMIT = [
  ["remind", "提醒"],
  ["hand_up", "交给找不到人时的办理人"],
  ["pass", "按第一个办理结果通过"],
  ["return", "退回上一步"],
];
export const OPINIONS = [
  ["optional", "可写可不写"],
  ["no", "不写"],
  ["required", "必须写"],
  ["on_refusal", "不同意时写"],
];
export const RIGHTS = [
  ["", "同其他字段"],
  ["hidden", "看不到"],
  ["read", "只能看"],
  ["write", "可以填"],
  ["required", "必须填"],
];
export const UNITS = [
  ["working_days", "个工作日"],
  ["working_hours", "个工作小时"],
  ["days", "天"],
  ["hours", "小时"],
];
export const GRADES = [
  ["", "（不是风险点）"],
  ["high", "高"],
  ["middle", "中"],
  ["low", "低"],
];
export const ACTS = [
  ["return_previous", "退回上一步"],
  ["return_any", "退回任意一步"],
  ["transfer", "转办"],
  ["delegate", "委派"],
  ["add_before", "前加签"],
  ["add_after", "后加签"],
  ["add_beside", "并加签"],
  ["remove", "减签"],
  ["copy", "抄送"],
  ["withdraw", "撤回"],
  ["terminate", "终止"],
  ["urge", "催办"],
];
