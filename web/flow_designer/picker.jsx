// Selects a part of the drawing by its name, as a click on its sign does: for the keyboard, and for who hears the page.
import { NODES } from "./words.js";

const ORDER = Object.keys(NODES);

function wordsOf(bo) {
  const kind = NODES[bo.$type];
  if (bo.$type !== "bpmn:SequenceFlow") return `${kind}：${bo.name || bo.id}`;
  const ends = [bo.sourceRef, bo.targetRef].map((one) => one?.name || NODES[one?.$type] || "").join(" → ");
  return `${kind}：${bo.name ? `${bo.name}（${ends}）` : ends}`;
}

export function Picker({ modeler, element }) {
  const canvas = modeler.get("canvas");
  const root = canvas.getRootElement();
  const parts = modeler
    .get("elementRegistry")
    .filter((one) => one !== root && one.type !== "label" && NODES[one.type])
    .sort((one, other) => ORDER.indexOf(one.type) - ORDER.indexOf(other.type));
  const pick = (id) => {
    const picked = modeler.get("elementRegistry").get(id);
    modeler.get("selection").select(picked ?? []);
    if (picked) canvas.scrollToElement(picked);
  };
  return (
    <label class="fp-field">
      看哪一处
      <select aria-label="看哪一处" value={element?.id ?? ""} onChange={(event) => pick(event.currentTarget.value)}>
        <option value="">整个流程</option>
        {parts.map((one) => (
          <option key={one.id} value={one.id}>
            {wordsOf(one.businessObject)}
          </option>
        ))}
      </select>
    </label>
  );
}
