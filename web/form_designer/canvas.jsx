// The form as a tree: the form, its pages, their fields, the cells of lines. The tree has the focus, whatever is
// selected in it, and only the cards that changed are drawn again.
import { Component } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { itemsOf, placeOf } from "./definition.js";
import { DRAGGED } from "./palette.jsx";

export const idOf = (item) => (item.level === 1 ? "item-form" : `item-${item.level === 2 ? "page-" : ""}${item.node.name}`);

export function Canvas({ store, acts, palette }) {
  const tree = useRef(null);
  if (store.itemsOf !== store.form) {
    store.items = itemsOf(store.form);
    store.itemsOf = store.form;
  }
  const faulty = faultyNodes(store);
  const selected = store.node;
  const { expressions } = store.study;
  useEffect(() => {
    const shown = tree.current.querySelector("[aria-selected=true]");
    // behind what drawing has changed, and only where it is out of sight
    shown?.scrollIntoView({ block: "nearest" });
  }, [store.path, store.form]);
  const current = store.items.find((item) => item.node === selected);
  return (
    <section class="fd-canvas" aria-label="表单">
      <div
        ref={tree}
        class="fd-tree"
        role="tree"
        aria-label="表单里的字段"
        tabIndex={0}
        aria-activedescendant={current && idOf(current)}
        onClick={(event) => selectAt(event, store)}
        onDblClick={() => document.querySelector("[data-side] :is(input, textarea)")?.focus()}
        onDragStart={(event) => begin(event, store)}
        onDragOver={over}
        onDragLeave={clear}
        onDragEnd={clear}
        onDrop={(event) => drop(event, store, acts, palette)}
      >
        {store.items.map((item) => (
          <Card
            key={idOf(item)}
            id={idOf(item)}
            node={item.node}
            level={item.level}
            title={palette.types[item.node.type]?.title ?? item.node.type ?? ""}
            isSelected={item.node === selected}
            isFaulty={faulty.has(item.node)}
            shownWhen={expressions[`${item.node.name}.visible_when`]?.words ?? ""}
            formula={expressions[`${item.node.name}.expression`]?.words ?? ""}
          />
        ))}
      </div>
      {!store.form.parts.length && <p class="fd-empty quiet">还没有字段。从“可以添加的字段”里点一个，或者拖到这里。</p>}
    </section>
  );
}

class Card extends Component {
  shouldComponentUpdate(next) {
    return Object.keys(next).some((name) => next[name] !== this.props[name]);
  }

  render({ id, node, level, title, isSelected, isFaulty, shownWhen, formula }) {
    const label = level === 1 ? node.title : node.label;
    const kind = { 1: "整张表单", 2: "部分" }[level] ?? title;
    return (
      <div
        id={id}
        role="treeitem"
        class={`fd-card level-${level}`}
        aria-level={level}
        aria-selected={isSelected}
        {...(node.parts || node.fields || node.cells ? { "aria-expanded": true } : {})}
        draggable={level > 1}
      >
        <span class="fd-label">{label || "（还没有名称）"}</span>
        {node.required && <span class="fd-mark">必填</span>}
        {node.together && level === 3 && <span class="fd-mark">与上同页</span>}
        {isFaulty && <span class="fd-mark is-faulty">要改</span>}
        <span class="fd-kind">{kind}</span>
        {node.visible_when && <span class="fd-when">{shownWhen ? `显示条件：${shownWhen}` : "有显示条件"}</span>}
        {node.expression && formula && <span class="fd-when">{formula}</span>}
        {node.options && <span class="fd-when">{node.options.slice(0, 6).map((one) => one.label).join(" · ")}</span>}
      </div>
    );
  }
}

function faultyNodes(store) {
  const { form, study } = store;
  const at = (path) => path.reduce((node, place, depth) => node?.[["parts", "fields", "cells"][depth]]?.[place], form);
  return new Set(study.faults.map((fault) => at(placeOf(form, fault.where).path)));
}

// the item of a card: cards stand in the order of the items
function itemAt(event, store) {
  const card = event.target.closest?.("[role=treeitem]");
  return card && store.items[[...card.parentElement.children].indexOf(card)];
}

function selectAt(event, store) {
  const item = itemAt(event, store);
  if (item) store.select(item.path);
}

function begin(event, store) {
  const item = itemAt(event, store);
  if (!item) return;
  event.dataTransfer.setData(DRAGGED, JSON.stringify({ path: item.path }));
  event.dataTransfer.effectAllowed = "move";
}

// where it would go is shown by the card itself: drawing nothing, however many there are
let marked = null;

function clear() {
  marked?.classList.remove("is-before", "is-after");
  marked = null;
}

function over(event) {
  if (!event.dataTransfer.types.includes(DRAGGED)) return;
  event.preventDefault();
  const card = event.target.closest?.("[role=treeitem]");
  if (!card) return;
  clear();
  marked = card;
  card.classList.add(isBefore(event, card) ? "is-before" : "is-after");
}

function isBefore(event, card) {
  const box = card.getBoundingClientRect();
  return event.clientY < box.top + box.height / 2;
}

function drop(event, store, acts, palette) {
  const text = event.dataTransfer.getData(DRAGGED);
  if (!text) return;
  event.preventDefault();
  clear();
  const item = itemAt(event, store) ?? store.items.at(-1);
  const card = event.target.closest?.("[role=treeitem]");
  const after = card && isBefore(event, card) ? 0 : 1;
  const dragged = JSON.parse(text);
  if (dragged.path?.length === 1) {
    if (item.path.length) movePage(dragged.path[0], item.path[0], after, acts);
    return;
  }
  const place = placeFor(item, after, dragged, palette, store);
  if (dragged.type) acts.add(dragged.type, place);
  else if (dragged.block !== undefined) acts.addBlock(palette.blocks[dragged.block], place);
  else if (dragged.path.join() !== item.path.join()) acts.moveTo(dragged.path, withoutItself(dragged.path, place));
}

function movePage(from, to, after, acts) {
  const place = to + after - (from < to + after ? 1 : 0);
  if (place !== from) acts.moveTo([from], [place]);
}

// What is dropped among the cells of lines becomes one of them; below a page's heading it comes first.
function placeFor(item, after, dragged, palette, store) {
  const { path } = item;
  if (path.length < 2) return path.length ? [path[0], 0] : [0, 0];
  if (path.length === 3) {
    const moved = dragged.path && store.form.parts[dragged.path[0]].fields[dragged.path[1]];
    const type = dragged.type ?? (dragged.path?.length === 2 ? moved.type : "");
    const fits = dragged.block === undefined && (dragged.path?.length === 3 || palette.types[type]?.is_cell);
    return fits ? [path[0], path[1], path[2] + after] : [path[0], path[1] + 1];
  }
  return [path[0], path[1] + after];
}

function withoutItself(from, to) {
  const isSameList = from.slice(0, -1).join() === to.slice(0, -1).join();
  return isSameList && from.at(-1) < to.at(-1) ? [...to.slice(0, -1), to.at(-1) - 1] : to;
}
