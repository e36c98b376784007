// What starts, waits and ends: the time or the message that is waited for, and how a flow ends.
import { useState } from "preact/hooks";

import { Limit, Yes } from "./controls.jsx";

export const definitionOf = (bo) => bo.eventDefinitions?.[0];

const LONGEST = 40;
const CODE = /^[a-z](?:_?[a-z0-9])*$/;

export function Wait({ bo, element, modeler, adds, setWith }) {
  const change = (wait) => {
    if (!wait) return;
    const body = wait.unit.endsWith("hours") ? `PT${wait.amount}H` : `P${wait.amount}D`;
    const timeDuration = modeler.get("bpmnFactory").create("bpmn:FormalExpression", { body });
    setWith({ wait }, () => modeler.get("modeling").updateModdleProperties(element, definitionOf(bo), { timeDuration }));
  };
  return <Limit label="等待" value={adds.wait} change={change} />;
}

// The messages of a drawing stand beside its process, each once; one that nothing waits for any more is left there, and
// is no part of the flow.
function messageCalled(modeler, code) {
  const whole = modeler.getDefinitions();
  const known = whole.rootElements.find((one) => one.$type === "bpmn:Message" && one.name === code);
  if (known) return known;
  const made = modeler.get("moddle").create("bpmn:Message", { id: `Message-${code}`, name: code });
  made.$parent = whole;
  whole.rootElements.push(made);
  return made;
}

// the server takes a code as it is, and would write any other one anew
export function MessageCode({ bo, element, modeler }) {
  const known = definitionOf(bo).messageRef?.name ?? bo.id;
  const [wrong, setWrong] = useState(null);
  const change = (text) => {
    const code = text.trim();
    const isRight = CODE.test(code) && code.length <= LONGEST;
    setWrong(isRight ? null : text);
    if (isRight && code !== known) {
      modeler.get("modeling").updateModdleProperties(element, definitionOf(bo), { messageRef: messageCalled(modeler, code) });
    }
  };
  return (
    <label class={`fp-field${wrong === null ? "" : " faulty"}`}>
      消息的代码
      <span class="fp-help" id="fp-message-help">别的程序发消息来，写的就是它。没有程序，管理员在办理页面上点“已经收到”。</span>
      {wrong !== null && <span class="error" id="fp-message-error" role="alert">代码用小写英文字母、数字和单个下划线，以字母开头，最多 {LONGEST} 个字符，例如 payment。现在仍是 {known}。</span>}
      <input
        aria-label="消息的代码"
        aria-describedby={wrong === null ? "fp-message-help" : "fp-message-error"}
        aria-invalid={wrong === null ? undefined : "true"}
        spellcheck={false}
        maxLength={100}
        value={wrong ?? known}
        onChange={(event) => change(event.currentTarget.value)}
      />
    </label>
  );
}

export function End({ bo, element, modeler, adds, set }) {
  const terminates = definitionOf(bo)?.$type === "bpmn:TerminateEventDefinition";
  const change = (on) => {
    const made = on ? [modeler.get("bpmnFactory").create("bpmn:TerminateEventDefinition")] : [];
    for (const one of made) one.$parent = bo;
    modeler.get("modeling").updateProperties(element, { eventDefinitions: made });
  };
  return (
    <>
      <Yes label="以不通过结束" value={adds.is_refused} change={(is_refused) => set({ is_refused })} />
      <Yes label="别的分支还没办完，也都结束" value={terminates} change={change} />
    </>
  );
}
