// The trial: values are typed for the fields that an expression asks, and the result is seen.
import { fieldsOf } from "./definition.js";

const LINES = 2;

export function TrialBox({ answer, typed, setTyped, store, palette, group, kind }) {
  const all = fieldsOf(store.form);
  const fields = answer.asked.map((name) => all.find((field) => field.name === name)).filter(Boolean);
  const set = (name, value) => setTyped({ ...typed, [name]: value });
  return (
    <fieldset class="fd-trial">
      <legend>试一试</legend>
      <p class="help">填几个值，看看结果对不对。这里填的不会保存。</p>
      <div class="fd-trial-fields">
        {fields.map((field) =>
          field.cells && field.name !== group
            ? <Lines key={field.name} {...{ field, palette }} value={typed[field.name]} set={(value) => set(field.name, value)} />
            : <Typed key={field.name} {...{ field, palette }} value={typed[field.name]} set={(value) => set(field.name, value)} />,
        )}
      </div>
      <p data-result>结果：<strong>{answer.result}</strong>{kind === "formula" && answer.kind && <span class="quiet">（{answer.kind}）</span>}</p>
    </fieldset>
  );
}

function Typed({ field, palette, value, set, label = field.label }) {
  const type = palette.types[field.type];
  if (type.parts.length) {
    return (
      <fieldset class="fd-trial-parts">
        <legend>{label}</legend>
        {type.parts.map((part) => (
          <label key={part.name}>
            <span>{part.label}</span>
            <Box kind={part.kind} value={value?.[part.name]} set={(next) => set({ ...value, [part.name]: next })} />
          </label>
        ))}
      </fieldset>
    );
  }
  return (
    <label>
      <span>{label}</span>
      <Box kind={type.kind} options={field.options ?? field.places} value={value} set={set} />
    </label>
  );
}

function Box({ kind, options, value = "", set }) {
  const choices = options ?? (kind === "yes_no" ? [{ code: "true", label: "是" }, { code: "false", label: "否" }] : null);
  if (choices) {
    return (
      <select value={value} onChange={(event) => set(event.target.value)}>
        <option value="">（不填）</option>
        {choices.map((one) => <option key={one.code} value={one.code}>{one.label}</option>)}
      </select>
    );
  }
  const example = { date: "2026-11-29" }[kind] ?? "";
  return <input placeholder={example} inputMode={kind === "number" ? "decimal" : undefined} value={value} onInput={(event) => set(event.target.value)} />;
}

function Lines({ field, palette, value = [], set }) {
  const change = (place, name, next) => set(Array.from({ length: LINES }, (_, at) => (at === place ? { ...value[at], [name]: next } : (value[at] ?? {}))));
  return (
    <fieldset class="fd-trial-parts">
      <legend>{field.label}</legend>
      {Array.from({ length: LINES }, (_, place) => (
        <div key={place} class="fd-trial-line">
          {field.cells.filter((cell) => cell.type !== "computed").map((cell) => (
            <Typed key={cell.name} field={cell} palette={palette} label={`第 ${place + 1} 行：${cell.label}`} value={value[place]?.[cell.name]} set={(next) => change(place, cell.name, next)} />
          ))}
        </div>
      ))}
    </fieldset>
  );
}
