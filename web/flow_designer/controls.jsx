// The controls of the panel: a choice, a line or lines of text, yes or no, a time.
import { UNITS } from "./words.js";

export function Choice({ label, value, options, change }) {
  const known = options.some(([code]) => code === (value ?? ""));
  return (
    <label class="fp-field">
      {label}
      <select aria-label={label} value={value ?? ""} onChange={(event) => change(event.currentTarget.value)}>
        {!known && <option value={value}>（请选择）</option>}
        {options.map(([code, word]) => (
          <option key={code} value={code}>
            {word}
          </option>
        ))}
      </select>
    </label>
  );
}

export function Text({ label, value, change, rows = 0, help = "", type = "text" }) {
  const given = { "aria-label": label, value: value ?? "", onChange: (event) => change(event.currentTarget.value) };
  return (
    <label class="fp-field">
      {label}
      {help && <span class="fp-help">{help}</span>}
      {rows ? <textarea rows={rows} maxLength={2000} {...given} /> : <input type={type} min="1" maxLength={500} {...given} />}
    </label>
  );
}

export function Yes({ label, value, change }) {
  return (
    <label class="fp-choice">
      <input type="checkbox" checked={Boolean(value)} onChange={(event) => change(event.currentTarget.checked)} />
      {label}
    </label>
  );
}

export function Limit({ label, value, change }) {
  const set = (amount, unit) => change(Number(amount) > 0 ? { amount: Math.min(Number(amount), 1000), unit } : undefined);
  const unit = value?.unit ?? "working_days";
  return (
    <div class="fp-pair">
      <Text label={label} type="number" value={value?.amount} change={(amount) => set(amount, unit)} />
      <Choice label="单位" value={unit} options={UNITS} change={(next) => set(value?.amount, next)} />
    </div>
  );
}
