// What people do to a form. Each act is one step that can be taken back, and says in words what it did.
import {
  callers, fieldsOf, freshNames, inserted, namesOf, nodeAt, removed, renamed, replaced, rightsWithout, rulesAtStart, siblings, unique, withRights,
} from "./definition.js";

export class Acts {
  constructor(store, palette, server) {
    Object.assign(this, { store, palette, server });
  }

  newField(type) {
    const { title, stem, start } = this.palette.types[type];
    return { type, name: stem, label: title, ...structuredClone(start) };
  }

  // where something new goes: behind what is selected
  placeAfter(path, isCell) {
    if (path.length === 3) return isCell ? [...path.slice(0, 2), path[2] + 1] : [path[0], path[1] + 1];
    if (path.length === 2) return [path[0], path[1] + 1];
    const part = path.length ? path[0] : Math.max(0, this.store.form.parts.length - 1);
    return [part, this.store.form.parts[part]?.fields.length ?? 0];
  }

  add(type, place) {
    const { title, is_cell: isCell } = this.palette.types[type];
    const path = place ?? this.placeAfter(this.store.path, isCell);
    if (path.length === 3 && !isCell) {
      this.store.announce(`“${title}”不能放进明细的一行里`);
      return;
    }
    this.put([this.newField(type)], path, `添加“${title}”`);
  }

  addBlock(block, place) {
    const path = place?.length === 2 ? place : this.placeAfter(this.store.path, false);
    this.put(structuredClone(block.fields), path, `添加常用组件“${block.label}”`);
  }

  put(nodes, path, said) {
    const { form } = this.store;
    if (fieldsOf(form).length + nodes.length > this.palette.most_fields) {
      this.store.announce(`一张表单最多 ${this.palette.most_fields} 个字段`);
      return;
    }
    const fresh = freshNames(nodes, namesOf(form));
    // an empty form gets its first page together with its first field
    const next = form.parts.length
      ? inserted(form, path, ...fresh)
      : { ...form, parts: [{ name: "part", label: form.title || "第 1 部分", fields: fresh }] };
    // behind the last of them goes what is added next
    const [list, at] = form.parts.length ? [path.slice(0, -1), path.at(-1)] : [[0], 0];
    this.store.change(next, { path: [...list, at + fresh.length - 1], said });
  }

  addPart() {
    const { form, path } = this.store;
    const place = path.length ? path[0] + 1 : form.parts.length;
    const name = unique("part", new Set(form.parts.map((part) => part.name)));
    const part = { name, label: `第 ${form.parts.length + 1} 部分`, fields: freshNames([this.newField("short_text")], namesOf(form)) };
    this.store.change(inserted(form, [place], part), { path: [place], said: `添加“${part.label}”` });
  }

  set(attribute, value, path = this.store.path) {
    const node = { ...nodeAt(this.store.form, path) };
    if (value === undefined) delete node[attribute.name];
    else node[attribute.name] = value;
    this.forgetPicks(node, attribute.name);
    if (!value) for (const one of this.palette.types[node.type]?.attributes ?? []) if (one.needs === attribute.name) delete node[one.name];
    const said = `修改“${node.label ?? node.title}”的${attribute.label}`;
    this.store.change(replaced(this.store.form, path, node), { path: this.store.path, said, together: `${path}.${attribute.name}`, announce: false });
  }

  // what picks some of a list that has changed keeps those that are still there; `node` is a copy of ours
  forgetPicks(node, list) {
    for (const { name, picks } of this.palette.types[node.type]?.attributes ?? []) {
      if (picks !== list || !node[name]) continue;
      const known = new Set(node[list].map((one) => one.code ?? one.name));
      node[name] = node[name].filter((one) => known.has(one));
    }
  }

  // a list without what stands there; a group's sums without those of a cell that has gone
  without(form, path) {
    const left = removed(form, path);
    if (path.length < 3) return left;
    const group = { ...nodeAt(left, path.slice(0, 2)) };
    this.forgetPicks(group, "cells");
    return replaced(left, path.slice(0, 2), group);
  }

  // a field that was never named is named for its label; what calls it follows
  async nameForLabel(path) {
    const node = nodeAt(this.store.form, path);
    const stem = this.palette.types[node.type]?.stem ?? "part";
    if (!node.name || !new RegExp(`^${stem}(_\\d+)?$`).test(node.name)) return;
    const label = node.label;
    const name = await this.server.nameFor(label).catch(() => "");
    const now = nodeAt(this.store.form, path);
    if (!name || now?.name !== node.name || now.label !== label) return;
    const taken = path.length === 1 ? new Set(this.store.form.parts.map((part) => part.name)) : namesOf(this.store.form);
    this.store.amend(renamed(this.store.form, path, unique(name, taken)));
  }

  rename(path, name) {
    const { form } = this.store;
    const taken = path.length === 1 ? new Set(form.parts.map((part) => part.name)) : namesOf(form);
    if (taken.has(name)) {
      this.store.announce(`代码“${name}”已经用过了`);
      return;
    }
    this.store.change(renamed(form, path, name), { said: "修改代码" });
  }

  remove(path = this.store.path) {
    const { form } = this.store;
    if (!path.length) return;
    const node = nodeAt(form, path);
    const list = siblings(form, path);
    if (list.length === 1) {
      const what = { 1: "表单至少要有一部分", 2: "一部分里至少要有一个字段", 3: "明细的一行里至少要有一个字段" }[path.length];
      this.store.announce(`${what}，不能删除“${node.label}”`);
      return;
    }
    const names = new Set([node, ...(node.fields ?? []), ...(node.cells ?? [])].map((one) => one.name));
    const left = rightsWithout(this.without(form, path), names);
    const called = callers(left, names);
    const next = [...path.slice(0, -1), Math.min(path.at(-1), list.length - 2)];
    const said = `删除“${node.label}”`;
    this.store.change(left, { path: next, said });
    if (called.length) this.store.announce(`${said}。“${called[0]}”的条件、算式或者办公时间还用着它，请改一改`);
  }

  duplicate(path = this.store.path) {
    const { form } = this.store;
    if (path.length < 2) return;
    const node = nodeAt(form, path);
    const place = [...path.slice(0, -1), path.at(-1) + 1];
    this.put([{ ...structuredClone(node), label: `${node.label}（副本）`.slice(0, 100) }], place, `复制“${node.label}”`);
  }

  // among its neighbours; at the end of a page, onto the next one
  shift(by, path = this.store.path) {
    const { form } = this.store;
    if (!path.length) return;
    const place = path.at(-1) + by;
    if (place >= 0 && place < siblings(form, path).length) {
      this.moveTo(path, [...path.slice(0, -1), place]);
      return;
    }
    const part = form.parts[path[0] + by];
    if (path.length !== 2 || !part || siblings(form, path).length === 1) {
      this.store.announce(by < 0 ? "已经在最前面" : "已经在最后面");
      return;
    }
    this.moveTo(path, [path[0] + by, by < 0 ? part.fields.length : 0]);
  }

  // `to`: where it stands afterwards
  moveTo(from, to) {
    const { form } = this.store;
    const node = nodeAt(form, from);
    if (to.length === 3 && (node.cells || !this.palette.types[node.type]?.is_cell)) {
      this.store.announce(`“${node.label}”不能放进明细的一行里`);
      return;
    }
    const isAway = from.slice(0, -1).join() !== to.slice(0, -1).join();
    if (isAway && siblings(form, from).length === 1) {
      this.store.announce(`“${node.label}”是这里唯一的字段，不能移走`);
      return;
    }
    // a group moves up when something before it leaves its page
    const target = [...to];
    if (isAway && from.length === 2 && to.length === 3 && from[0] === to[0] && from[1] < to[1]) target[1] -= 1;
    const moved = to.length === 3 ? this.asCell(node) : node;
    const left = isAway ? this.without(form, from) : removed(form, from);
    const next = inserted(left, target, moved);
    const list = siblings(next, target);
    const page = to.length === 2 && isAway ? `“${next.parts[to[0]].label}”的` : "";
    this.store.change(next, { path: target, said: `“${node.label}”移到${page}第 ${target.at(-1) + 1} 个，共 ${list.length} 个` });
  }

  asCell(node) {
    const cell = { ...node };
    for (const name of this.palette.not_in_lines) delete cell[name];
    return cell;
  }

  // a material of an item, or none; a field that has no label of its own is called as the material
  bindMaterial(path, found) {
    const { item, material, ...rest } = nodeAt(this.store.form, path);
    const isUnnamed = rest.label === this.palette.types[rest.type].title;
    const node = found ? { ...rest, item: found.item, material: found.material, label: isUnnamed ? found.material.slice(0, 100) : rest.label } : rest;
    const said = found ? `“${node.label}”对应材料“${found.material}”` : `“${node.label}”不再对应事项的材料`;
    this.store.change(replaced(this.store.form, path, node), { path: this.store.path, said });
    if (found && isUnnamed) this.nameForLabel(path);
  }

  // asked on the page of the field above it, or on one of its own
  toggleTogether(path = this.store.path) {
    const { form } = this.store;
    const node = nodeAt(form, path);
    const attribute = this.palette.types[node.type]?.attributes.find((one) => one.name === "together");
    if (path.length !== 2 || !attribute) return;
    if (!path[1]) {
      this.store.announce(`“${node.label}”是这一部分的第一个字段，总在新的一页`);
      return;
    }
    const { together, ...rest } = node;
    const next = together ? rest : { ...rest, together: true };
    const said = together ? `“${node.label}”单独一页` : `“${node.label}”与上一个字段同页`;
    this.store.change(replaced(form, path, next), { path, said });
  }

  setRules(rules, said) {
    this.store.change(withRights(this.store.form, rules), { path: this.store.path, said });
  }

  // rights of an audience of its own; everybody else goes on filling in everything
  addAudience(role, label) {
    const rules = this.store.form.rights ?? [];
    const others = rulesAtStart(this.store.form).some((rule) => !rule.role) ? [] : [{ role: "", otherwise: "write" }];
    this.setRules([...rules, ...others, { role, otherwise: "write" }], `给“${label}”另写权限`);
  }

  dropAudience(role, label) {
    const left = (this.store.form.rights ?? []).filter((rule) => rule.step || (rule.role ?? "") !== role);
    const [last, ...more] = left.filter((rule) => !rule.step);
    const isUsual = last && !more.length && !last.role && last.otherwise === "write" && !Object.keys(last.rights ?? {}).length;
    this.setRules(isUsual ? left.filter((rule) => rule !== last) : left, `去掉“${label}”的权限`);
  }

  changeRule(role, change, said) {
    const rules = this.store.form.rights.map((rule) => (!rule.step && (rule.role ?? "") === role ? { ...rule, ...change(rule) } : rule));
    this.setRules(rules, said);
  }

  setUsualRight(role, otherwise, label) {
    this.changeRule(role, () => ({ otherwise }), `修改“${label}”的权限`);
  }

  // "": as all others
  setRight(role, node, right, label) {
    const changed = (rule) => {
      const { [node.name]: _, ...rest } = rule.rights ?? {};
      return { rights: right ? { ...rest, [node.name]: right } : rest };
    };
    this.changeRule(role, changed, `修改“${label}”对“${node.label}”的权限`);
  }

  // what was changed before, and never saved
  takeLeft(form) {
    this.store.change(form, { path: [], said: "放回没有保存的改动" });
  }

  // the whole form at once, as somebody brought it along
  take(form) {
    this.store.change(form, { path: [], said: "导入表单" });
  }
}
