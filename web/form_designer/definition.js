// A form's definition as plain JSON, and the ways to change it. Nothing is changed in place: what stays is the same
// object, so that only what changed is drawn again. A path says where something stands: [] the form, [0] its first page,
// [0, 2] a field, [0, 2, 1] a cell of a group's lines.

export const nodeAt = (form, [part, field, cell]) => {
  if (part === undefined) return form;
  if (field === undefined) return form.parts[part];
  const found = form.parts[part]?.fields[field];
  return cell === undefined ? found : found?.cells?.[cell];
};

// the list in which something stands
export const siblings = (form, path) => {
  if (path.length === 1) return form.parts;
  return path.length === 2 ? form.parts[path[0]].fields : nodeAt(form, path.slice(0, 2)).cells;
};

const LISTS = ["parts", "fields", "cells"];

// the same form with another list at this depth; `change` gets the old one
function withList(form, path, change) {
  const at = (node, depth) => {
    const name = LISTS[depth];
    if (depth === path.length - 1) return { ...node, [name]: change(node[name]) };
    return { ...node, [name]: node[name].map((one, place) => (place === path[depth] ? at(one, depth + 1) : one)) };
  };
  return at(form, 0);
}

export function replaced(form, path, node) {
  if (!path.length) return node;
  return withList(form, path, (list) => list.map((one, place) => (place === path.at(-1) ? node : one)));
}

export const inserted = (form, path, ...nodes) => withList(form, path, (list) => list.toSpliced(path.at(-1), 0, ...nodes));

export const removed = (form, path) => withList(form, path, (list) => list.toSpliced(path.at(-1), 1));

// everything in the order of the page, with where it stands
export function itemsOf(form) {
  const items = [{ path: [], node: form, level: 1 }];
  form.parts.forEach((part, p) => {
    items.push({ path: [p], node: part, level: 2 });
    part.fields.forEach((field, f) => {
      items.push({ path: [p, f], node: field, level: 3 });
      field.cells?.forEach((cell, c) => items.push({ path: [p, f, c], node: cell, level: 4 }));
    });
  });
  return items;
}

export const fieldsOf = (form) => itemsOf(form).filter((item) => item.level > 2).map((item) => item.node);

export function unique(stem, taken) {
  if (!taken.has(stem)) return stem;
  for (let count = 2; ; count += 1) if (!taken.has(`${stem}_${count}`)) return `${stem}_${count}`;
}

export const namesOf = (form) => new Set(fieldsOf(form).map((field) => field.name));

// Nodes under names that nobody has yet; what they say of one another follows.
export function freshNames(nodes, taken) {
  const names = new Set(taken);
  const renamed = new Map();
  const named = (node) => {
    const name = unique(node.name.replace(/_\d+$/, ""), names);
    names.add(name);
    renamed.set(node.name, name);
    return { ...node, name, ...(node.cells && { cells: node.cells.map(named) }) };
  };
  const fresh = nodes.map(named);
  return fresh.map((node) => withNames(node, renamed));
}

// A name in an expression: no text in quotes, and no member of another name (`number.age`), but a line's cell (`#.price`).
const NAMES = /"[^"]*"|'[^']*'|(?<![\w.])#\.[A-Za-z_]\w*|(?<![\w.])[A-Za-z_]\w*/g;
const EXPRESSIONS = ["visible_when", "required_when", "expression"];

function inExpression(text, renamed) {
  return text.replace(NAMES, (word) => {
    const bare = word.startsWith("#.") ? word.slice(2) : word;
    return renamed.has(bare) ? word.slice(0, word.length - bare.length) + renamed.get(bare) : word;
  });
}

function withNames(node, renamed) {
  const changed = {};
  for (const name of EXPRESSIONS) {
    if (!node[name]) continue;
    const text = inExpression(node[name], renamed);
    if (text !== node[name]) changed[name] = text;
  }
  if (renamed.has(node.day_field)) changed.day_field = renamed.get(node.day_field);
  if (node.sums?.some((name) => renamed.has(name))) changed.sums = node.sums.map((name) => renamed.get(name) ?? name);
  if (node.cells) {
    const cells = node.cells.map((cell) => withNames(cell, renamed));
    if (cells.some((cell, place) => cell !== node.cells[place])) changed.cells = cells;
  }
  return Object.keys(changed).length ? { ...node, ...changed } : node;
}

// The field under another name, and everything that calls it.
export function renamed(form, path, name) {
  const old = nodeAt(form, path).name;
  if (path.length === 1) return replaced(form, path, { ...nodeAt(form, path), name });
  const names = new Map([[old, name]]);
  const found = replaced(form, path, { ...nodeAt(form, path), name });
  const parts = found.parts.map((part) => {
    const fields = part.fields.map((field) => withNames(field, names));
    return fields.some((field, place) => field !== part.fields[place]) ? { ...part, fields } : part;
  });
  const rights = found.rights?.map((rule) =>
    rule.rights && old in rule.rights
      ? { ...rule, rights: Object.fromEntries(Object.entries(rule.rights).map(([key, value]) => [names.get(key) ?? key, value])) }
      : rule,
  );
  return { ...found, parts, ...(rights && { rights }) };
}

// the rules of who may fill in what where the form is begun; a flow's steps have rights of their own
export const rulesAtStart = (form) => (form.rights ?? []).filter((rule) => !rule.step);

// the same form with other rules; one without any has none
export function withRights(form, rights) {
  const next = { ...form, rights };
  if (!rights.length) delete next.rights;
  return next;
}

// what is said of fields that have gone goes with them
export function rightsWithout(form, names) {
  if (!form.rights?.some((rule) => Object.keys(rule.rights ?? {}).some((name) => names.has(name)))) return form;
  const kept = (rights) => Object.fromEntries(Object.entries(rights).filter(([name]) => !names.has(name)));
  return withRights(form, form.rights.map((rule) => (rule.rights ? { ...rule, rights: kept(rule.rights) } : rule)));
}

// Labels of the fields whose conditions or formulas call one of these names, or which go by the day of one.
export function callers(form, names) {
  const calls = (node) => names.has(node.day_field) || EXPRESSIONS.some((one) => node[one]?.match(NAMES)?.some((word) => names.has(word.replace("#.", ""))));
  return fieldsOf(form).filter((field) => !names.has(field.name) && calls(field)).map((field) => field.label);
}

// `parts.0.fields.2.cells.1.label` → where it is and which attribute is meant
export function placeOf(form, where) {
  const found = /^parts\.(\d+)(?:\.fields\.(\d+)(?:\.cells\.(\d+))?)?(?:\.(.+))?$/.exec(where);
  if (!found) return { path: [], attribute: where };
  const path = [];
  for (const part of found.slice(1, 4)) {
    if (part === undefined || !nodeAt(form, [...path, Number(part)])) break;
    path.push(Number(part));
  }
  return { path, attribute: found[4]?.split(".")[0] ?? "" };
}
