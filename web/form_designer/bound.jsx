// What a field takes from elsewhere in the hall: a material of an item, another form, kinds of its places;
// and from the form itself: the day that decides.
import { useEffect, useState } from "preact/hooks";

import { nodeAt, siblings } from "./definition.js";
import { Modal } from "./modal.jsx";
import { Ticks } from "./ticks.jsx";

// of the hall's list of places; a kind that has gone from it can still be taken out
export function PlaceKindsBox({ value, set, given }) {
  const known = given.choices.place_kinds.map(([code, label]) => ({ code, label }));
  const chosen = value ?? [];
  const gone = chosen.filter((one) => !known.some(({ code }) => code === one)).map((code) => ({ code, label: `${code}（清单里没有在用的）` }));
  return <Ticks choices={[...known, ...gone]} value={chosen} set={(next) => set(next.length ? next : undefined)} />;
}

// a date field whose day decides: one that stands alone, or in the same line
export function DayFieldBox({ id, path, value, set, described, palette, store }) {
  const isDay = (field) => palette.types[field.type]?.kind === "date";
  const cells = path.length === 3 ? siblings(store.form, path) : [];
  const days = [...store.form.parts.flatMap((part) => part.fields), ...cells].filter(isDay);
  return (
    <select id={id} value={value ?? ""} aria-describedby={described} onChange={(event) => set(event.target.value || undefined)}>
      <option value="">不看日期，按一周的办公时间</option>
      {value && !days.some((one) => one.name === value) && <option value={value}>没有这个日期字段（{value}）</option>}
      {days.map((one) => <option key={one.name} value={one.name}>“{one.label}”那天</option>)}
    </select>
  );
}

export function MaterialBox({ node, path, acts, store }) {
  const isBound = Boolean(node.item || node.material);
  return (
    <div>
      {isBound && <p class="fd-words" data-bound>{node.item ? `“${node.material}”（事项 ${node.item}）` : node.material}</p>}
      <button type="button" class="button small" data-material onClick={() => store.open({ kind: "material", path })}>{isBound ? "换一份" : "从事项材料里选"}</button>
      {isBound && <button type="button" class="button small plain" onClick={() => acts.bindMaterial(path, null)}>去掉</button>}
    </div>
  );
}

export function MaterialDialog({ dialog, store, acts, server, given }) {
  const [words, setWords] = useState("");
  const [found, setFound] = useState(null);
  const [failure, setFailure] = useState("");
  // asked while nothing is typed; an answer to an older question is dropped
  useEffect(() => {
    if (!words.trim()) {
      setFound(null);
      return undefined;
    }
    let isOld = false;
    const timer = setTimeout(async () => {
      try {
        const answer = await server.materials(words.trim());
        if (!isOld) {
          setFound(answer);
          setFailure("");
        }
      } catch (error) {
        if (!isOld) setFailure(error.message);
      }
    }, 250);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [words]);
  const choose = (one) => {
    acts.bindMaterial(dialog.path, one);
    store.open(null);
  };
  return (
    <Modal title={`“${nodeAt(store.form, dialog.path).label}”对应哪份材料`} close={() => store.open(null)}>
      <div class="field">
        <label for="fd-material-search">事项或者材料的名称</label>
        <p class="help">{given.words.materials}</p>
        <input type="search" id="fd-material-search" maxLength={60} value={words} onInput={(event) => setWords(event.target.value)} />
      </div>
      {failure && <p class="fd-fault" role="alert">{failure}</p>}
      <p class="quiet small" aria-live="polite">{found && (found.length ? `找到 ${found.length} 份` : "没有找到，请换一个词。")}</p>
      <ul class="fd-found">
        {(found ?? []).map((one) => (
          <li key={`${one.item} ${one.material}`}>
            <button type="button" onClick={() => choose(one)}>
              <strong>{one.material}</strong>
              <span class="quiet">{one.item_name}（{one.item}）</span>
            </button>
          </li>
        ))}
      </ul>
    </Modal>
  );
}

export function FormBox({ id, value, set, described, given }) {
  const { forms } = given.choices;
  return (
    <select id={id} value={value ?? ""} aria-describedby={described} onChange={(event) => set(event.target.value || undefined)}>
      <option value="">本厅的任何一张</option>
      {value && !forms.some(([code]) => code === value) && <option value={value}>没有这张表单（{value}）</option>}
      {forms.map(([code, title]) => <option key={code} value={code}>{title}</option>)}
    </select>
  );
}
