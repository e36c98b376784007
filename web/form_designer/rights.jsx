// Who may see and fill in what where the form is begun. The rules stand in the form: one for each audience, with the
// right to each field that differs from the others. Without any, everybody may fill in everything.
import { useState } from "preact/hooks";

import { rulesAtStart } from "./definition.js";
import { Icon } from "./icon.jsx";

const EVERYBODY = "";

const labelOf = (role, given) => (role === EVERYBODY ? "其他人" : (given.choices.roles.find(([code]) => code === role)?.[1] ?? `没有这个角色（${role}）`));

function Right({ id, value, usual, palette, set }) {
  return (
    <select id={id} value={value} data-right onChange={(event) => set(event.target.value)}>
      {usual && <option value="">和其他字段一样（{palette.rights.find((one) => one.code === usual)?.label}）</option>}
      {palette.rights.map((one) => <option key={one.code} value={one.code}>{one.label}</option>)}
    </select>
  );
}

// of the whole form: for whom rights differ, and what holds for the fields that have no right of their own
export function Audiences({ attribute, store, acts, palette, given }) {
  const rules = rulesAtStart(store.form);
  const left = given.choices.roles.filter(([code]) => !rules.some((rule) => (rule.role ?? EVERYBODY) === code));
  const [chosen, setChosen] = useState("");
  const role = left.some(([code]) => code === chosen) ? chosen : (left[0]?.[0] ?? "");
  return (
    <fieldset data-audiences>
      <legend>{attribute.label}</legend>
      <p class="help">{attribute.hint}</p>
      {!rules.length && <p class="fd-words">现在谁都能填所有的字段。</p>}
      <ul class="fd-audiences">
        {rules.map((rule) => {
          const label = labelOf(rule.role ?? EVERYBODY, given);
          const id = `fd-audience-${rule.role || "all"}`;
          return (
            <li key={rule.role ?? EVERYBODY}>
              <label for={id}>{label}：各字段</label>
              <div class="fd-pair">
                <Right id={id} value={rule.otherwise ?? "read"} palette={palette} set={(right) => acts.setUsualRight(rule.role ?? EVERYBODY, right, label)} />
                {(rule.role || rules.length === 1) && (
                  <button type="button" class="button small plain" aria-label={`去掉“${label}”`} onClick={() => acts.dropAudience(rule.role ?? EVERYBODY, label)}><Icon name="trash-2" /></button>
                )}
              </div>
            </li>
          );
        })}
      </ul>
      {rules.length > 0 && <p class="quiet small">某个字段要不一样，请点那个字段，在它的属性里改。</p>}
      {left.length > 0 && (
        <div class="fd-pair">
          <select aria-label="给谁另写" value={role} onChange={(event) => setChosen(event.target.value)}>
            {left.map(([code, label]) => <option key={code} value={code}>{label}</option>)}
          </select>
          <button type="button" class="button small" onClick={() => acts.addAudience(role, labelOf(role, given))}><Icon name="plus" />给这些人另写</button>
        </div>
      )}
    </fieldset>
  );
}

// of one field
export function FieldRights({ node, store, acts, palette, given }) {
  const rules = rulesAtStart(store.form);
  if (!rules.length) return null;
  return (
    <fieldset data-field-rights>
      <legend>谁能看、谁能填</legend>
      {rules.map((rule) => {
        const role = rule.role ?? EVERYBODY;
        const id = `fd-right-${node.name}-${role || "all"}`;
        return (
          <div class="field" key={role}>
            <label for={id}>{labelOf(role, given)}</label>
            <Right id={id} value={rule.rights?.[node.name] ?? ""} usual={rule.otherwise ?? "read"} palette={palette} set={(right) => acts.setRight(role, node, right, labelOf(role, given))} />
          </div>
        );
      })}
    </fieldset>
  );
}
