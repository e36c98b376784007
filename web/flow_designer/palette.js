// The palette, the pad beside what is selected, and names: only what a flow of a hall can have.
import BpmnFactory from "bpmn-js/lib/features/modeling/BpmnFactory";

import { extensionOf } from "./adds.js";
import { translate } from "./words.js";

// the server takes small letters as names, so that they stay as they are
const PREFIXES = {
  "bpmn:UserTask": "step_",
  "bpmn:StartEvent": "begin_",
  "bpmn:EndEvent": "finish_",
  "bpmn:ExclusiveGateway": "fork_",
  "bpmn:ParallelGateway": "fork_",
  "bpmn:InclusiveGateway": "fork_",
  "bpmn:IntermediateCatchEvent": "wait_",
  "bpmn:CallActivity": "call_",
  "bpmn:ServiceTask": "plugin_",
  "bpmn:SequenceFlow": "way_",
};

class OurFactory extends BpmnFactory {
  _ensureId(element) {
    const prefix = PREFIXES[element.$type];
    if (prefix && !element.id) element.id = this._model.ids.nextPrefixed(prefix, element);
    else super._ensureId(element);
  }
}
OurFactory.$inject = ["moddle"];

const STEP = { who: { kind: "initiators_leader" }, outcomes: [{ code: "agreed", label: "同意" }, { code: "refused", label: "不同意", is_favourable: false }], acts: ["copy", "return_previous", "transfer", "withdraw"] };

// word, what is made
export const KINDS = [
  ["step", "环节", { type: "bpmn:UserTask" }, { name: "新的环节" }, STEP],
  ["exclusive", "条件分支", { type: "bpmn:ExclusiveGateway" }, {}],
  ["parallel", "并行分支", { type: "bpmn:ParallelGateway" }, {}],
  ["inclusive", "多选分支", { type: "bpmn:InclusiveGateway" }, {}],
  ["timer", "等待时间", { type: "bpmn:IntermediateCatchEvent", eventDefinitionType: "bpmn:TimerEventDefinition" }, { name: "等待" }, { wait: { amount: 1, unit: "working_days" } }],
  ["message", "等待消息", { type: "bpmn:IntermediateCatchEvent", eventDefinitionType: "bpmn:MessageEventDefinition" }, { name: "等待消息" }],
  ["call", "子流程", { type: "bpmn:CallActivity" }, { name: "子流程" }],
  ["plugin", "外部动作", { type: "bpmn:ServiceTask" }, { name: "外部动作" }, { plugin: "none" }],
  ["end", "结束", { type: "bpmn:EndEvent" }, { name: "结束" }],
];

class Making {
  constructor(elementFactory, bpmnFactory) {
    Object.assign(this, { elementFactory, bpmnFactory });
  }

  shape([, , asked, properties, adds]) {
    const shape = this.elementFactory.createShape({ ...asked });
    const bo = shape.businessObject;
    Object.assign(bo, properties);
    if (adds) bo.extensionElements = extensionOf(this.bpmnFactory, adds);
    if (adds?.wait) bo.eventDefinitions[0].timeDuration = this.bpmnFactory.create("bpmn:FormalExpression", { body: "P1D" });
    return shape;
  }
}
Making.$inject = ["elementFactory", "bpmnFactory"];

function entry(word, className = "") {
  const button = document.createElement("div");
  button.className = `entry ours ${className}`;
  button.setAttribute("draggable", "true");
  button.textContent = word;
  return button.outerHTML;
}

class OurPalette {
  constructor(palette, create, handTool, lassoTool, globalConnect, making, without) {
    Object.assign(this, { create, handTool, lassoTool, globalConnect, making, without });
    palette.registerProvider(this);
  }

  getPaletteEntries() {
    const tools = {
      hand: { group: "tools", html: entry("移动画布"), title: "移动画布", action: { click: (event) => this.handTool.activateHand(event) } },
      lasso: { group: "tools", html: entry("框选"), title: "框选", action: { click: (event) => this.lassoTool.activateSelection(event) } },
      connect: { group: "tools", html: entry("连线"), title: "连线", action: { click: (event) => this.globalConnect.start(event) } },
      line: { group: "tools", separator: true },
    };
    const made = KINDS.filter(([name]) => !this.without.includes(name)).map((kind) => {
      const begin = (event) => this.create.start(event, this.making.shape(kind));
      return [kind[0], { group: "nodes", html: entry(kind[1]), title: `放一个${kind[1]}`, action: { dragstart: begin, click: begin } }];
    });
    return { ...tools, ...Object.fromEntries(made) };
  }
}
OurPalette.$inject = ["palette", "create", "handTool", "lassoTool", "globalConnect", "making", "without"];

const AFTER = ["step", "exclusive", "parallel", "end"];

class OurPad {
  constructor(contextPad, autoPlace, connect, modeling, making) {
    Object.assign(this, { autoPlace, connect, modeling, making });
    contextPad.registerProvider(this);
  }

  getContextPadEntries(element) {
    const found = {};
    const type = element.type;
    if (type === "label") return found;
    if (type !== "bpmn:SequenceFlow" && type !== "bpmn:EndEvent") {
      for (const kind of KINDS.filter(([name]) => AFTER.includes(name))) {
        const append = () => this.autoPlace.append(element, this.making.shape(kind));
        found[`append-${kind[0]}`] = { group: "model", html: entry(`＋${kind[1]}`, "pad"), title: `后面接${kind[1]}`, action: { click: append } };
      }
      const join = (event) => this.connect.start(event, element);
      found.connect = { group: "connect", html: entry("连线", "pad"), title: "连到别处", action: { click: join, dragstart: join } };
    }
    found.delete = { group: "edit", html: entry("删去", "pad"), title: "删去", action: { click: () => this.modeling.removeElements([element]) } };
    return found;
  }

  getMultiElementContextPadEntries(elements) {
    return { delete: { group: "edit", html: entry("删去", "pad"), title: "删去", action: { click: () => this.modeling.removeElements([...elements]) } } };
  }
}
OurPad.$inject = ["contextPad", "autoPlace", "connect", "modeling", "making"];

// `without`: names of KINDS that a flow cannot have where it is designed
export const oursWithout = (without) => ({
  without: ["value", without],
  __init__: ["paletteProvider", "contextPadProvider"],
  paletteProvider: ["type", OurPalette],
  contextPadProvider: ["type", OurPad],
  making: ["type", Making],
  bpmnFactory: ["type", OurFactory],
  translate: ["value", translate],
});
