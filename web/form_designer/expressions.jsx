// Conditions and formulas in words. People choose fields, comparisons and values from lists; the server writes the
// expression, says it back in words, and works it out with values that are typed in for a trial.
import { useEffect, useRef, useState } from "preact/hooks";

import { Modal } from "./modal.jsx";
import { Icon } from "./icon.jsx";
import { nodeAt } from "./definition.js";
import { TrialBox } from "./trial.jsx";

const WANTED = { condition: ["yes_no"] };

export function ExpressionDialog({ dialog, store, acts, palette, server, studying }) {
  const { kind, attribute, path } = dialog;
  const node = nodeAt(store.form, path);
  const [study, setStudy] = useState(null);
  const [draft, setDraft] = useState(null);
  // what the server said, and of which draft
  const [answered, setAnswered] = useState(null);
  // the draft that is to be set as soon as the server has said what it is
  const wanted = useRef(null);
  const [typed, setTyped] = useState({});
  const [failure, setFailure] = useState("");
  const group = path.length === 3 ? nodeAt(store.form, path.slice(0, 2)).name : "";

  useEffect(() => {
    studying.now().then((found) => {
      const known = found.expressions[`${node.name}.${attribute.name}`];
      setStudy(found);
      setDraft(begin(kind, known, node[attribute.name]));
    }).catch((error) => setFailure(error.message));
  }, []);

  // asked while nothing is typed; an answer to an older question is dropped
  useEffect(() => {
    if (!draft || isEmpty(draft)) {
      setAnswered(null);
      return undefined;
    }
    let isOld = false;
    const timer = setTimeout(async () => {
      const asked = { definition: store.form, group, typed, wanted: WANTED[kind] ?? wantedOf(node), ...draft };
      try {
        const found = await server.expression(asked);
        if (!isOld) setAnswered({ draft, found });
      } catch (error) {
        if (!isOld) setFailure(error.message);
      }
    }, 250);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [draft, typed]);

  const answer = answered?.found;
  const close = () => store.open(null);
  const set = (expression) => {
    acts.set(attribute, expression, path);
    store.announce(`已设置${attribute.label}`);
    studying.later();
    close();
  };
  // whoever is faster than the server waits; who goes on writing has to say so again
  const setWanted = () => {
    if (!draft || wanted.current !== draft || answered?.draft !== draft) return;
    wanted.current = null;
    if (answer.expression && !answer.fault) set(answer.expression);
  };
  const accept = () => {
    if (draft && isEmpty(draft)) return set(attribute.is_needed ? "" : undefined);
    wanted.current = draft;
    setWanted();
  };
  useEffect(setWanted, [answered]);
  const names = study ? choosable(study, node, group) : [];
  return (
    <Modal title={`“${node.label}”的${attribute.label}`} close={close} accept={accept} word="确定" isWide>
      {failure && <p class="fd-fault" role="alert">{failure}</p>}
      {!draft && !failure && <p class="quiet">正在读表单……</p>}
      {draft?.comparisons && <Comparisons {...{ draft, setDraft, names, palette }} />}
      {draft && !draft.comparisons && <Formula {...{ draft, setDraft, names, palette, kind }} />}
      {answer?.words && <p class="fd-words" data-words>{kind === "condition" ? `意思是：${answer.words}。` : `算式：${answer.words}`}</p>}
      {answer?.fault && <p class="fd-fault" role="alert" data-fault>{answer.fault}</p>}
      {answer && !answer.fault && <TrialBox {...{ answer, typed, setTyped, store, palette, group, kind }} />}
    </Modal>
  );
}

function begin(kind, known, text) {
  if (kind === "condition" && (!text || known?.comparisons)) {
    return { comparisons: known?.comparisons ?? { joined: "and", rows: [{ name: "", operator: "", value: "" }] } };
  }
  return { shown: text ? (known?.shown ?? text) : "" };
}

const isEmpty = (draft) => (draft.comparisons ? !draft.comparisons.rows.some((row) => row.name) : !draft.shown.trim());

const wantedOf = (node) => ({ money: ["number"], text: ["text", "date"] })[node.result] ?? [node.result];

// a field does not depend on itself
function choosable(study, node, group) {
  const own = (one) => one.name === node.name || one.name.startsWith(`${node.name}.`);
  const lines = study.names.find((one) => one.name === group);
  const cells = (lines?.cells ?? []).map((cell) => ({ ...cell, label: `本行的${cell.label}` }));
  return [...cells, ...study.names.filter((one) => one !== lines)].filter((one) => !own(one));
}

function Comparisons({ draft, setDraft, names, palette }) {
  const { joined, rows } = draft.comparisons;
  const set = (next) => setDraft({ comparisons: { joined, rows, ...next } });
  const change = (place, values) => set({ rows: rows.map((row, at) => (at === place ? { ...row, ...values } : row)) });
  const usable = names.filter((one) => palette.operators[one.kind]);
  return (
    <div class="fd-comparisons">
      {rows.length > 1 && (
        <label class="fd-joined">
          <span>下面几行</span>
          <select value={joined} onChange={(event) => set({ joined: event.target.value })}>
            <option value="and">都符合才算</option>
            <option value="or">有一行符合就算</option>
          </select>
        </label>
      )}
      <ol>
        {rows.map((row, place) => {
          const named = usable.find((one) => one.name === row.name);
          const operators = named ? palette.operators[named.kind] : [];
          const operator = operators.find((one) => one.code === row.operator);
          return (
            <li key={place}>
              <label>
                <span class="visually-hidden">第 {place + 1} 行：字段</span>
                <select value={row.name} data-name onChange={(event) => change(place, startRow(event.target.value, usable, palette))}>
                  <option value="">选一个字段</option>
                  {usable.map((one) => <option key={one.name} value={one.name}>{one.label}</option>)}
                </select>
              </label>
              {named && (
                <label>
                  <span class="visually-hidden">怎样比较</span>
                  <select value={row.operator} data-operator onChange={(event) => change(place, { operator: event.target.value })}>
                    {operators.map((one) => <option key={one.code} value={one.code}>{one.label}</option>)}
                  </select>
                </label>
              )}
              {operator?.asks && <Value named={named} asks={operator.asks} value={row.value} set={(value) => change(place, { value })} />}
              {rows.length > 1 && (
                <button type="button" class="button small plain" aria-label={`删除第 ${place + 1} 行`} onClick={() => set({ rows: rows.toSpliced(place, 1) })}><Icon name="x" /></button>
              )}
            </li>
          );
        })}
      </ol>
      <div class="fd-pair">
        <button type="button" class="button small" onClick={() => set({ rows: [...rows, { name: "", operator: "", value: "" }] })}><Icon name="plus" />再加一行</button>
      </div>
    </div>
  );
}

function startRow(name, usable, palette) {
  const named = usable.find((one) => one.name === name);
  return { name, operator: named ? palette.operators[named.kind][0].code : "", value: named?.choices?.[0]?.code ?? "" };
}

function Value({ named, asks, value, set }) {
  if (named.choices?.length) {
    return (
      <label>
        <span class="visually-hidden">比较的内容</span>
        <select value={value} data-value onChange={(event) => set(event.target.value)}>
          {named.choices.map((one) => <option key={one.code} value={one.code}>{one.label}</option>)}
        </select>
      </label>
    );
  }
  if (asks === "date") {
    return (
      <>
        <label>
          <span class="visually-hidden">和哪一天比</span>
          <select value={value === "today" ? "today" : "day"} onChange={(event) => set(event.target.value === "today" ? "today" : new Date().toLocaleDateString("sv"))}>
            <option value="day">某一天</option>
            <option value="today">填写的当天</option>
          </select>
        </label>
        {value !== "today" && <input aria-label="哪一天" inputmode="numeric" placeholder="2026-11-29" value={value} onChange={(event) => set(event.target.value.trim())} />}
      </>
    );
  }
  return (
    <label>
      <span class="visually-hidden">比较的内容</span>
      <input type={asks === "number" ? "number" : "text"} step="any" data-value value={value} onInput={(event) => set(event.target.value)} />
    </label>
  );
}

function Formula({ draft, setDraft, names, palette, kind }) {
  const set = (shown) => setDraft({ shown });
  const insert = (text) => {
    const area = document.getElementById("fd-formula");
    const [from, to] = [area.selectionStart, area.selectionEnd];
    set(`${draft.shown.slice(0, from)}${text}${draft.shown.slice(to)}`);
    area.focus();
  };
  return (
    <div class="fd-formula">
      {kind === "formula" && <Ready palette={palette} names={names} set={set} />}
      <div class="field">
        <label for="fd-formula">{kind === "formula" ? "算式" : "条件"}</label>
        <p class="help">字段写成【名称】，从下面的列表里选；符号用 + - * / 和括号。</p>
        <textarea id="fd-formula" rows={3} value={draft.shown} spellcheck={false} onInput={(event) => set(event.target.value)} />
      </div>
      <label class="fd-joined">
        <span>插入字段</span>
        <select value="" onChange={(event) => event.target.value && insert(event.target.value)}>
          <option value="">选一个字段</option>
          {names.map((one) => <option key={one.name} value={one.shown}>{one.label}（{one.kind_label}）</option>)}
        </select>
      </label>
      {kind === "condition" && <button type="button" class="button small" onClick={() => setDraft(begin("condition", null, ""))}>改成从列表里选</button>}
    </div>
  );
}

// a ready formula: fields are chosen, and it is written
function Ready({ palette, names, set }) {
  const [at, setAt] = useState("");
  const [chosen, setChosen] = useState({});
  const ready = palette.formulas[at];
  const choose = (slot, name) => {
    const next = { ...chosen, [slot]: name };
    setChosen(next);
    if (!ready.slots.every((one) => next[one.name])) return;
    set(ready.template.replace(/#\.\{(\w+)\}|\{(\w+)\}/g, (_, cell, field) => (cell ? `#${next[cell]}` : next[field])));
  };
  const options = (slot) => {
    if (slot.kind !== "cells") return names.filter((one) => one.kind === slot.kind);
    const lines = names.find((one) => one.shown === Object.values(chosen)[0]);
    return (lines?.cells ?? []).filter((cell) => cell.kind === "number");
  };
  return (
    <div class="fd-ready">
      <label class="fd-joined">
        <span>常用算式</span>
        <select value={at} data-ready onChange={(event) => { setAt(event.target.value); setChosen({}); }}>
          <option value="">自己写</option>
          {palette.formulas.map((one, place) => <option key={one.label} value={place}>{one.label}</option>)}
        </select>
      </label>
      {ready?.slots.map((slot) => (
        <label class="fd-joined" key={slot.name}>
          <span>{slot.label}</span>
          <select value={chosen[slot.name] ?? ""} data-slot={slot.name} onChange={(event) => choose(slot.name, event.target.value)}>
            <option value="">选一个字段</option>
            {options(slot).map((one) => <option key={one.name} value={one.shown}>{one.label}</option>)}
          </select>
        </label>
      ))}
    </div>
  );
}
