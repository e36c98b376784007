// How an attribute is edited, by what the server says of it. Nothing here knows a type of field.
import { useState } from "preact/hooks";

import { DayFieldBox, FormBox, MaterialBox, PlaceKindsBox } from "./bound.jsx";
import { freshNames, namesOf, replaced, unique } from "./definition.js";
import { Icon } from "./icon.jsx";
import { Ticks } from "./ticks.jsx";

const CONTROLS = {
  line: Line, long: Long, number: NumberBox, choice: Choice, several: Several, day: DayBox,
  time: TimeBox, rows: Rows, one_of: OneOf, picked: Picked, condition: Expression, formula: Expression, cells: Cells,
  name: NameBox, code: Line, material: MaterialBox, form: FormBox, place_kinds: PlaceKindsBox,
  day_field: DayFieldBox,
};

export function Control(props) {
  const { attribute, node, acts, path, fault } = props;
  const Shown = CONTROLS[attribute.control];
  const id = `fd-${path.join("-")}-${attribute.name}`;
  const value = node[attribute.name] ?? attribute.default;
  const set = (next) => acts.set(attribute, next, path);
  const isGroup = ["several", "rows", "one_of", "picked", "condition", "formula", "cells", "material", "place_kinds"].includes(attribute.control);
  const described = [attribute.hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(" ") || undefined;
  const shared = { ...props, id, value, set, described };
  const words = (
    <>
      {attribute.hint && <p class="help" id={`${id}-hint`}>{attribute.hint}</p>}
      {fault && <p class="error" id={`${id}-fault`}>{fault}</p>}
    </>
  );
  if (attribute.control === "switch") {
    return (
      <div class={`field fd-switch${fault ? " faulty" : ""}`}>
        <label><input type="checkbox" id={id} checked={Boolean(value)} aria-describedby={described} onChange={(event) => set(event.target.checked)} />{attribute.label}</label>
        {words}
      </div>
    );
  }
  return (
    <div class={`field${fault ? " faulty" : ""}`} {...(isGroup ? { role: "group", "aria-labelledby": `${id}-label` } : {})}>
      {isGroup ? <span class="label" id={`${id}-label`}>{attribute.label}</span> : <label for={id}>{attribute.label}{attribute.unit && <span class="quiet">（{attribute.unit}）</span>}</label>}
      {words}
      <Shown {...shared} />
    </div>
  );
}

function Line({ id, attribute, value, set, described, acts, path }) {
  const isLabel = attribute.name === "label";
  return (
    <input
      type="text"
      id={id}
      value={value ?? ""}
      maxLength={attribute.longest}
      aria-describedby={described}
      onInput={(event) => set(event.target.value || (attribute.is_needed ? "" : undefined))}
      onChange={isLabel && path.length ? () => acts.nameForLabel(path) : undefined}
    />
  );
}

function Long({ id, attribute, value, set, described }) {
  return (
    <textarea
      id={id}
      rows={3}
      value={value ?? ""}
      maxLength={attribute.longest}
      aria-describedby={described}
      onInput={(event) => set(event.target.value || (attribute.is_needed ? "" : undefined))}
    />
  );
}

function NumberBox({ id, attribute, value, set, described }) {
  return (
    <input
      type="number"
      id={id}
      value={value ?? ""}
      min={attribute.least}
      max={attribute.most}
      step={attribute.is_whole ? 1 : "any"}
      aria-describedby={described}
      onInput={(event) => set(event.target.value === "" ? undefined : Number(event.target.value))}
    />
  );
}

function DayBox({ id, value, set, described }) {
  // no date box of the browser: it shows days as its own language has them
  return <input id={id} inputmode="numeric" placeholder="2026-11-29" value={value ?? ""} aria-describedby={described} onChange={(event) => set(event.target.value.trim() || undefined)} />;
}

function TimeBox({ id, value, set, described }) {
  return <input id={id} inputmode="numeric" placeholder="09:30" value={value ?? ""} aria-describedby={described} onChange={(event) => set(event.target.value.trim() || undefined)} />;
}

function Choice({ id, attribute, value, set, described }) {
  return (
    <select id={id} value={value} aria-describedby={described} onChange={(event) => set(event.target.value)}>
      {attribute.choices.map((one) => <option key={one.code} value={one.code}>{one.label}</option>)}
    </select>
  );
}

function Several({ attribute, value, set }) {
  return <Ticks choices={attribute.choices} value={value ?? []} set={set} />;
}

// some of the rows of another attribute of the same field
function Picked({ attribute, node, value, set }) {
  const choices = (node[attribute.picks] ?? []).map((one) => ({ code: one.code ?? one.name, label: one.label }));
  return <Ticks choices={choices} value={value ?? []} set={set} />;
}

function NameBox({ id, value, described, acts, path, attribute }) {
  return <input type="text" id={id} value={value ?? ""} maxLength={attribute.longest} spellcheck={false} aria-describedby={described} onChange={(event) => acts.rename(path, event.target.value.trim())} />;
}

// one of several attributes, or none
function OneOf({ id, attribute, value, set }) {
  const chosen = attribute.attributes.find((one) => value?.[one.name] !== undefined && value[one.name] !== null);
  const start = (one) => (one.control === "number" ? 0 : new Date().toLocaleDateString("sv"));
  const choose = (name) => {
    const one = attribute.attributes.find((other) => other.name === name);
    set(one ? { [name]: start(one) } : undefined);
  };
  const Shown = chosen && CONTROLS[chosen.control];
  return (
    <div class="fd-pair">
      <select aria-label={attribute.label} value={chosen?.name ?? ""} onChange={(event) => choose(event.target.value)}>
        <option value="">不限</option>
        {attribute.attributes.map((one) => <option key={one.name} value={one.name}>{one.label}</option>)}
      </select>
      {chosen && (
        <label>
          <span class="visually-hidden">{chosen.label}</span>
          <Shown id={`${id}-one`} attribute={chosen} value={value[chosen.name]} set={(next) => set({ [chosen.name]: next ?? start(chosen) })} path={[]} />
        </label>
      )}
      {chosen?.hint && <p class="help">{chosen.hint}</p>}
    </div>
  );
}

// a list of small things: options, places
function Rows({ id, attribute, value, set, store }) {
  const rows = value ?? [];
  const fewest = attribute.fewest ?? (attribute.is_needed ? 1 : 0);
  const usual = attribute.attributes.filter((one) => one.section !== "advanced");
  const [isFull, setFull] = useState(rows.some((row) => usual.some((one) => !one.is_needed && row[one.name])));
  const shown = usual.filter((one) => isFull || one.is_needed);
  const change = (place, name, next) => set(rows.map((row, at) => (at === place ? withValue(row, name, next) : row)));
  const add = () => {
    const stem = "option";
    const code = unique(stem, new Set(rows.map((row) => row.code)));
    const rest = Object.fromEntries(shown.filter((one) => one.is_needed && one.name !== "label").map((one) => [one.name, rows.at(-1)?.[one.name] ?? one.least ?? ""]));
    set([...rows, { code, label: `${attribute.label} ${rows.length + 1}`, ...rest }]);
    setTimeout(() => document.getElementById(`${id}-${rows.length}-label`)?.select());
  };
  const move = (place, by) => {
    const next = [...rows];
    next.splice(place + by, 0, ...next.splice(place, 1));
    set(next);
    store.announce(`“${rows[place].label}”移到第 ${place + by + 1} 个，共 ${rows.length} 个`);
  };
  return (
    <div class="fd-rows">
      <ol>
        {rows.map((row, place) => (
          <li key={row.code}>
            <div class="fd-row">
              {shown.map((one) => {
                const Shown = CONTROLS[one.control];
                return (
                  <label key={one.name} class={one.name === "label" ? "grow" : ""}>
                    <span class={one.name === "label" ? "visually-hidden" : "quiet small"}>{one.name === "label" ? `第 ${place + 1} 个${attribute.label}` : one.label}</span>
                    <Shown id={`${id}-${place}-${one.name}`} attribute={{ ...one, name: `row-${one.name}` }} value={row[one.name] ?? one.default} set={(next) => change(place, one.name, next ?? (one.is_needed ? "" : undefined))} path={[]} />
                  </label>
                );
              })}
            </div>
            <div class="fd-row-acts">
              <button type="button" aria-label={`上移“${row.label}”`} aria-disabled={!place} onClick={() => place && move(place, -1)}><Icon name="arrow-up" /></button>
              <button type="button" aria-label={`下移“${row.label}”`} aria-disabled={place === rows.length - 1} onClick={() => place < rows.length - 1 && move(place, 1)}><Icon name="arrow-down" /></button>
              <button type="button" aria-label={`删除“${row.label}”`} aria-disabled={rows.length <= fewest} onClick={() => rows.length > fewest && set(rows.length > 1 ? rows.toSpliced(place, 1) : undefined)}><Icon name="trash-2" /></button>
            </div>
          </li>
        ))}
      </ol>
      <button type="button" class="button small" onClick={add}><Icon name="plus" />加一个</button>
      {shown.length < usual.length && (
        <button type="button" class="button small plain" onClick={() => setFull(true)}>
          写{usual.filter((one) => !one.is_needed).map((one) => one.label).join("、")}
        </button>
      )}
    </div>
  );
}

function withValue(row, name, value) {
  const next = { ...row, [name]: value };
  if (value === undefined) delete next[name];
  return next;
}

function Expression({ attribute, node, path, set, store }) {
  const known = store.study.expressions[`${node.name}.${attribute.name}`];
  const text = node[attribute.name] ?? "";
  const kind = attribute.control === "condition" ? "condition" : "formula";
  const word = text ? "修改" : "设置";
  return (
    <div>
      {text && <p class="fd-words">{known?.text === text ? known.words : "（正在读……）"}</p>}
      <button type="button" class="button small" data-expression={attribute.name} aria-label={`${word}${attribute.label}`} onClick={() => store.open({ kind, attribute, path })}>
        {word}
      </button>
      {text && kind === "condition" && (
        <button type="button" class="button small plain" aria-label={`去掉${attribute.label}`} onClick={() => set(undefined)}>去掉</button>
      )}
    </div>
  );
}

// the cells of a line stand in the form; here is how one is added
function Cells({ node, path, palette, acts, store }) {
  const add = (event) => {
    const type = event.currentTarget.previousElementSibling.value;
    const cells = [...node.cells, ...freshNames([acts.newField(type)], namesOf(store.form))];
    store.change(replaced(store.form, path, { ...node, cells }), { path: [...path, cells.length - 1], said: `在明细里添加“${palette.types[type].title}”` });
  };
  return (
    <div>
      <p class="fd-words">{node.cells.map((cell) => cell.label).join("、")}</p>
      <div class="fd-pair">
        <select aria-label="字段的类型">
          {Object.entries(palette.types).filter(([, type]) => type.is_cell).map(([name, type]) => <option key={name} value={name}>{type.title}</option>)}
        </select>
        <button type="button" class="button small" onClick={add}><Icon name="plus" />加进一行</button>
      </div>
    </div>
  );
}
