// The properties of what is selected, in words.
import { addsOf, extensionOf, LANGUAGE } from "./adds.js";
import { Call, Plugin } from "./calls.jsx";
import { Choice, Limit, Text, Yes } from "./controls.jsx";
import { definitionOf, End, MessageCode, Wait } from "./events.jsx";
import { TOGETHER } from "./together.js";
import { ACTS, AT_LIMIT, GRADES, NODES, ON_REFUSAL, OPINIONS, RIGHTS, SHARING } from "./words.js";

function Who({ label, value, change, given, steps, mayLack }) {
  const who = value ?? { kind: "" };
  const set = (part) => change({ ...who, ...part });
  // what a file brought along and cannot be had here stays to be seen, until another one is chosen
  const known = !who.kind || given.who.some(([kind]) => kind === who.kind) ? given.who : [...given.who, [who.kind, "（这里不能用，请另选）"]];
  const kinds = mayLack ? [["", "（没有）"], ...known] : known;
  const begin = (kind) => {
    const first = {
      role: { role: given.choices.role[0]?.[0] ?? "" },
      unit: { unit_id: given.choices.unit[0]?.[0] ?? "" },
      title: { title: "科长" },
      people: { account_ids: given.choices.people.slice(0, 1).map(([id]) => id) },
      chosen: { at: steps[0]?.[0] ?? "" },
      doer: { step: steps[0]?.[0] ?? "" },
      expression: { expression: given.people_fields[0]?.[0] ?? "" },
    };
    change(kind ? { kind, ...first[kind] } : undefined);
  };
  return (
    <>
      <Choice label={label} value={who.kind} options={kinds} change={begin} />
      {who.kind === "role" && <Choice label="岗位" value={who.role} options={given.choices.role} change={(role) => set({ role })} />}
      {who.kind === "role" && <Yes label="只限发起人所在部门" value={who.in_unit} change={(in_unit) => set({ in_unit })} />}
      {who.kind === "unit" && <Choice label="部门" value={who.unit_id} options={given.choices.unit} change={(unit_id) => set({ unit_id })} />}
      {who.kind === "unit" && <Yes label="只要部门负责人" value={who.leaders} change={(leaders) => set({ leaders })} />}
      {who.kind === "on_duty" && <Choice label="哪里的值班" value={who.unit_id ?? ""} options={[["", "全厅"], ...given.choices.unit]} change={(unit_id) => set({ unit_id: unit_id || null })} />}
      {who.kind === "on_duty" && <Yes label="只要带班领导" value={who.leading} change={(leading) => set({ leading })} />}
      {who.kind === "title" && <Text label="职务" value={who.title} change={(title) => set({ title: title.trim() })} />}
      {who.kind === "people" && (
        <div class="fp-list" role="group" aria-label="人员">
          {given.choices.people.map(([id, name]) => (
            <Yes
              key={id}
              label={name}
              value={who.account_ids?.includes(id)}
              change={(on) => set({ account_ids: on ? [...(who.account_ids ?? []), id] : who.account_ids.filter((one) => one !== id) })}
            />
          ))}
        </div>
      )}
      {who.kind === "initiators_leader" && <Text label="上面第几级（1 是本部门）" type="number" value={who.levels ?? 1} change={(levels) => set({ levels: Number(levels) || 1 })} />}
      {who.kind === "chosen" && <Choice label="由哪个环节选" value={who.at} options={steps} change={(at) => set({ at })} />}
      {who.kind === "doer" && <Choice label="哪个环节的办理人" value={who.step} options={steps} change={(step) => set({ step })} />}
      {who.kind === "expression" && <Choice label="字段" value={who.expression} options={given.people_fields} change={(expression) => set({ expression })} />}
    </>
  );
}

function Outcomes({ value, change }) {
  const rows = value ?? [];
  const set = (at, part) => change(rows.map((row, place) => (place === at ? { ...row, ...part } : row)));
  const code = () => {
    for (let number = rows.length + 1; ; number++) if (!rows.some((row) => row.code === `outcome_${number}`)) return `outcome_${number}`;
  };
  return (
    <fieldset class="fp-list">
      <legend>办理结果</legend>
      {rows.map((row, at) => (
        <div class="fp-row" key={row.code}>
          <input aria-label={`第 ${at + 1} 个结果`} value={row.label} maxLength={100} onChange={(event) => set(at, { label: event.currentTarget.value.trim() || row.label })} />
          <Yes label="算同意" value={row.is_favourable ?? true} change={(is_favourable) => set(at, { is_favourable })} />
          <button type="button" class="button small" onClick={() => change(rows.filter((_, place) => place !== at))}>
            删去
          </button>
        </div>
      ))}
      {rows.length < 6 && (
        <button type="button" class="button small" onClick={() => change([...rows, { code: code(), label: "新的结果" }])}>
          加一个结果
        </button>
      )}
    </fieldset>
  );
}

const MOST_PHRASES = 10;

// what is offered to who writes an opinion there
function Phrases({ value, change }) {
  const phrases = value ?? [];
  const add = (event) => {
    const list = event.currentTarget.parentElement;
    change([...phrases, "新的常用语"]);
    setTimeout(() => [...list.querySelectorAll("input")].at(-1)?.select());
  };
  const write = (event, at) => {
    // a phrase that is emptied stays as it was: it goes by its button
    event.currentTarget.value = event.currentTarget.value.trim() || phrases[at];
    change(phrases.toSpliced(at, 1, event.currentTarget.value));
  };
  return (
    <details>
      <summary>意见的常用语{phrases.length ? `（${phrases.length}）` : ""}</summary>
      <fieldset class="fp-list">
        <legend class="visually-hidden">意见的常用语</legend>
        <span class="fp-help">写意见的人点一下就填进去，还可以再改。最多 {MOST_PHRASES} 条。</span>
        {phrases.map((phrase, at) => (
          <div class="fp-row is-pair" key={at}>
            <input aria-label={`第 ${at + 1} 条常用语`} value={phrase} maxLength={100} onChange={(event) => write(event, at)} />
            <button type="button" class="button small" aria-label={`删去第 ${at + 1} 条常用语`} onClick={() => change(phrases.toSpliced(at, 1))}>
              删去
            </button>
          </div>
        ))}
        {phrases.length < MOST_PHRASES && (
          <button type="button" class="button small" onClick={add}>
            加一条常用语
          </button>
        )}
      </fieldset>
    </details>
  );
}

function Copies({ value, given, steps, change }) {
  const rules = value ?? [];
  return (
    <details>
      <summary>抄送{rules.length ? `（${rules.length}）` : ""}</summary>
      {rules.map((rule, at) => (
        <fieldset class="fp-list" key={at}>
          <legend>第 {at + 1} 个</legend>
          <Who label="抄送给" value={rule} given={given} steps={steps} change={(who) => change(rules.map((one, place) => (place === at ? who : one)))} />
          <button type="button" class="button small" onClick={() => change(rules.filter((_, place) => place !== at))}>
            删去
          </button>
        </fieldset>
      ))}
      {rules.length < 10 && (
        <button type="button" class="button small" onClick={() => change([...rules, { kind: "initiator" }])}>
          加一个抄送
        </button>
      )}
    </details>
  );
}

function Rights({ adds, set, given, isStart }) {
  if (!given.fields.length) return null;
  const fields = adds.fields ?? {};
  return (
    <details>
      <summary>字段权限</summary>
      <Choice label="其他字段" value={adds.otherwise ?? (isStart ? "write" : "read")} options={RIGHTS.slice(1)} change={(otherwise) => set({ otherwise })} />
      {given.fields.map(([name, label]) => (
        <Choice
          key={name}
          label={label}
          value={fields[name] ?? ""}
          options={RIGHTS}
          change={(right) => {
            const { [name]: _, ...rest } = fields;
            set({ fields: right ? { ...rest, [name]: right } : rest });
          }}
        />
      ))}
    </details>
  );
}

function Step({ adds, set, given, steps }) {
  const acts = adds.acts ?? [];
  const risk = adds.risk;
  return (
    <>
      <Text label="办理说明" rows={2} value={adds.hint} change={(hint) => set({ hint })} />
      <Who label="办理人" value={adds.who} given={given} steps={steps} change={(who) => set({ who })} />
      <Who label="找不到人时交给" mayLack value={adds.fallback} given={given} steps={steps} change={(fallback) => set({ fallback })} />
      <Choice label="有几个人时" value={adds.sharing ?? "any"} options={SHARING} change={(sharing) => set({ sharing })} />
      {adds.sharing === "share" && <Text label="会签比例（%）" type="number" value={adds.share ?? 100} change={(share) => set({ share: Math.min(Number(share) || 100, 100) })} />}
      <Copies value={adds.copies} given={given} steps={steps} change={(copies) => set({ copies })} />
      <Outcomes value={adds.outcomes} change={(outcomes) => set({ outcomes })} />
      <Choice label="不同意，而后面的分支没有问到时" value={adds.on_refusal ?? "end"} options={ON_REFUSAL} change={(on_refusal) => set({ on_refusal })} />
      <Choice label="意见" value={adds.asks_opinion ?? "optional"} options={OPINIONS} change={(asks_opinion) => set({ asks_opinion })} />
      <Phrases value={adds.phrases} change={(phrases) => set({ phrases: phrases.length ? phrases : undefined })} />
      <details>
        <summary>还可以做什么</summary>
        {ACTS.map(([code, word]) => (
          <Yes key={code} label={word} value={acts.includes(code)} change={(on) => set({ acts: on ? [...acts, code].sort() : acts.filter((one) => one !== code) })} />
        ))}
        <Yes label="自由流转：办完的人自己选下一个人" value={adds.free} change={(free) => set({ free })} />
      </details>
      <details>
        <summary>时限</summary>
        <Limit label="办理时限" value={adds.limit} change={(limit) => set({ limit })} />
        <Limit label="提前提醒" value={adds.remind_before} change={(remind_before) => set({ remind_before })} />
        <Choice label="超时以后" value={adds.at_limit ?? "remind"} options={AT_LIMIT} change={(at_limit) => set({ at_limit })} />
      </details>
      <Rights adds={adds} set={set} given={given} />
      <details>
        <summary>廉政风险点和公开</summary>
        <Choice label="风险等级" value={risk?.grade ?? ""} options={GRADES} change={(grade) => set({ risk: grade ? { risk: "", ...risk, grade } : undefined })} />
        {risk && <Text label="风险表现" rows={2} value={risk.risk} change={(text) => set({ risk: { ...risk, risk: text } })} />}
        {risk && <Text label="防控措施" rows={2} value={risk.control} change={(control) => set({ risk: { ...risk, control } })} />}
        <Text label="群众看到的名称" value={adds.public_label} change={(public_label) => set({ public_label: public_label.trim().slice(0, 40) })} />
        <Yes label="群众能看到这一步是谁办的" value={adds.public_names} change={(public_names) => set({ public_names })} />
      </details>
    </>
  );
}

// whether one of several ways is taken there
const isChosen = (way) => /(Exclusive|Inclusive)Gateway/.test(way.sourceRef?.$type ?? "");

function Way({ bo, element, modeler, steps }) {
  const [modeling, factory] = ["modeling", "bpmnFactory"].map((name) => modeler.get(name));
  const source = bo.sourceRef;
  if (!isChosen(bo)) return <p class="quiet">这条连线不用写条件。</p>;
  const isDefault = source.default === bo;
  const gateway = element.source;
  const setDefault = (on) => modeling.updateProperties(gateway, { default: on ? bo : undefined });
  const setCondition = (text) =>
    modeling.updateProperties(element, {
      conditionExpression: text.trim() ? factory.create("bpmn:FormalExpression", { body: text.trim(), language: LANGUAGE }) : undefined,
    });
  return (
    <>
      <Yes label="其他情况走这条" value={isDefault} change={setDefault} />
      {!isDefault && <Text label="条件" rows={2} help="点下面“从列表里选条件”，不用自己写。自己写的，例如 days > 3；环节的办理结果写成 环节名称.outcome" value={bo.conditionExpression?.body} change={setCondition} />}
      <details>
        <summary>环节的名称</summary>
        <ul>
          {steps.map(([name, label]) => (
            <li key={name}>
              {label}：{name}.outcome
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}

// in the table, where everything is chosen from lists; nothing stands there for the flow as a whole
function InTable({ bo, open }) {
  if (bo.$type === "bpmn:Process") return null;
  const isWay = bo.$type === "bpmn:SequenceFlow";
  if (isWay && !isChosen(bo)) return null;
  return (
    <button type="button" class="button small" onClick={() => open((isWay ? bo.sourceRef : bo).id)}>
      {isWay ? "从列表里选条件" : "在环节表里改这一处"}
    </button>
  );
}

export function Panel({ modeler, element, given, open }) {
  const bo = element.businessObject;
  const [modeling, factory] = ["modeling", "bpmnFactory"].map((name) => modeler.get(name));
  const adds = addsOf(bo);
  const set = (part) => modeling.updateProperties(element, { extensionElements: extensionOf(factory, { ...adds, ...part }) });
  const steps = modeler
    .get("elementRegistry")
    .filter((one) => one.type === "bpmn:UserTask" && one !== element)
    .map((one) => [one.businessObject.id, one.businessObject.name ?? one.businessObject.id]);
  const kind = NODES[bo.$type] ?? "";
  const awaited = bo.$type === "bpmn:IntermediateCatchEvent" && definitionOf(bo)?.$type;
  // what is written in two places of the drawing is one act, and undone at once
  const setWith = (part, ...acts) => modeler.get("commandStack").execute(TOGETHER, { acts: [() => set(part), ...acts] });
  const event = { bo, element, modeler, adds, set, setWith };
  return (
    <form class="fp" onSubmit={(event) => event.preventDefault()} aria-label={`${kind}的属性`}>
      <h2>{kind}</h2>
      <Text label="名称" value={bo.name} change={(name) => modeling.updateProperties(element, { name: name.trim().slice(0, 100) })} />
      {bo.$type === "bpmn:Process" && <Text label="说明" rows={2} value={adds.hint} change={(hint) => set({ hint })} />}
      {bo.$type === "bpmn:Process" && <Who label="流程负责人（没有人办的环节交给他）" value={adds.owner} given={given} steps={[]} change={(owner) => set({ owner })} />}
      {bo.$type === "bpmn:UserTask" && <Step adds={adds} set={set} given={given} steps={steps} />}
      {bo.$type === "bpmn:StartEvent" && <Rights adds={adds} set={set} given={given} isStart />}
      {bo.$type === "bpmn:SequenceFlow" && <Way bo={bo} element={element} modeler={modeler} steps={steps} />}
      {bo.$type === "bpmn:EndEvent" && <End {...event} />}
      {awaited === "bpmn:TimerEventDefinition" && <Wait {...event} />}
      {awaited === "bpmn:MessageEventDefinition" && <MessageCode {...event} />}
      {bo.$type === "bpmn:CallActivity" && <Call flow={bo.calledElement} setFlow={(calledElement) => modeling.updateProperties(element, { calledElement })} adds={adds} set={set} given={given} />}
      {bo.$type === "bpmn:ServiceTask" && <Plugin adds={adds} set={set} given={given} />}
      {bo.$type === "bpmn:ServiceTask" && <Who label="失败时由谁处理" mayLack value={adds.keeper} given={given} steps={steps} change={(keeper) => set({ keeper })} />}
      <InTable bo={bo} open={open} />
    </form>
  );
}
