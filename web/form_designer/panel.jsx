// The properties of what is selected, as its class describes them, and what can be done with it.
import { Control } from "./controls.jsx";
import { placeOf } from "./definition.js";
import { Icon } from "./icon.jsx";
import { Audiences, FieldRights } from "./rights.jsx";

export function Panel({ store, acts, palette, given }) {
  const { node, path } = store;
  const type = palette.types[node.type];
  const attributes = attributesOf(path, node, palette);
  const section = (name) => attributes.filter((one) => (one.section ?? "own") === name);
  const faults = faultsOf(store);
  const drawn = (one) => (
    <Control
      key={`${path}.${one.name}`}
      attribute={one}
      node={node}
      path={path}
      fault={faults.get(one.name)}
      {...{ store, acts, palette, given }}
    />
  );
  return (
    <section class="fd-panel" aria-label="属性" data-side>
      <h2>{path.length ? (type?.title ?? "部分") : "整张表单"}</h2>
      {path.length > 0 && <ItemActs {...{ store, acts, path }} />}
      {faults.has("") && <p class="fd-fault">{faults.get("")}</p>}
      {section("own").map(drawn)}
      {section("conditions").length > 0 && (
        <fieldset>
          <legend>条件</legend>
          {section("conditions").map(drawn)}
        </fieldset>
      )}
      {section("rights").map((one) => <Audiences key={one.name} attribute={one} {...{ store, acts, palette, given }} />)}
      {path.length === 2 && <FieldRights {...{ node, store, acts, palette, given }} />}
      {section("advanced").length > 0 && (
        <details>
          <summary>高级</summary>
          {section("advanced").map(drawn)}
        </details>
      )}
    </section>
  );
}

function ItemActs({ acts, path }) {
  return (
    <div class="fd-acts">
      <button type="button" onClick={() => acts.shift(-1)}><Icon name="arrow-up" />上移</button>
      <button type="button" onClick={() => acts.shift(1)}><Icon name="arrow-down" />下移</button>
      {path.length > 1 && <button type="button" onClick={() => acts.duplicate()}><Icon name="copy" />复制</button>}
      <button type="button" onClick={() => acts.remove()}><Icon name="trash-2" />删除</button>
    </div>
  );
}

// an item's code goes with its material, and is picked together with it
// what says nothing without another attribute stands there with it
const attributesOf = (path, node, palette) =>
  allAttributesOf(path, node, palette).filter((one) => one.control !== "item_code" && (!one.needs || node[one.needs] || node[one.name]));

function allAttributesOf(path, node, palette) {
  if (!path.length) return palette.form;
  if (path.length === 1) return palette.part.filter((one) => one.control !== "cells");
  const found = palette.types[node.type]?.attributes ?? [];
  return path.length === 3 ? found.filter((one) => !palette.not_in_lines.includes(one.name)) : found;
}

// attribute → what is wrong with it; "" where it is none of them
function faultsOf({ form, path, study, node }) {
  const found = new Map();
  for (const { where, message } of study.faults) {
    const place = placeOf(form, where);
    if (place.path.join() === path.join()) found.set(place.attribute in node || place.attribute === "expression" ? place.attribute : "", message);
  }
  return found;
}
