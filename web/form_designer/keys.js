// The keyboard. Where words are typed, only what no text field knows is taken.
export const SHORTCUTS = [
  ["↑ ↓", "选上一个、下一个"],
  ["Home End", "选第一个、最后一个"],
  ["Alt + ↑ ↓", "把选中的上移、下移"],
  ["Enter", "到右边修改选中的字段"],
  ["Esc", "从属性回到表单"],
  ["/", "到左边找字段，Enter 添加"],
  ["T", "与上一个字段同页，或者分开"],
  ["Ctrl + D", "复制选中的字段"],
  ["Delete", "删除选中的字段"],
  ["Ctrl + Z", "撤销"],
  ["Ctrl + Shift + Z", "重做"],
  ["Ctrl + S", "立即保存"],
  ["?", "看这张表"],
];

const isTyping = (target) => target.matches("input:not([type=checkbox], [type=radio]), textarea, select");

export function listenToKeys(root, { store, acts, saving }) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || document.querySelector("dialog[open]")) return;
    const { target } = event;
    if (target !== document.body && !root.contains(target)) return;
    const done = () => event.preventDefault();
    const control = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (control && key === "s") return done(saving.save());
    if (event.key === "Escape" && target !== document.body) return done(toCanvas(root));
    // a text field takes back its own typing first
    if (control && key === "z" && !isTyping(target)) return done(event.shiftKey ? store.redo() : store.undo());
    if (control && key === "y" && !isTyping(target)) return done(store.redo());
    if (isTyping(target) || control) return undefined;
    if (event.key === "?") return done(store.open({ kind: "shortcuts" }));
    if (event.key === "/") return done(root.querySelector("[data-palette-search]").focus());
    return undefined;
  });
  root.querySelector("[role=tree]").addEventListener("keydown", (event) => onTree(event, root, store, acts));
}

export const toCanvas = (root) => root.querySelector("[role=tree]").focus();

export const toProperties = (root) => root.querySelector("[data-side] :is(input, textarea, select)")?.focus();

function onTree(event, root, store, acts) {
  const items = store.items;
  const at = items.findIndex((item) => item.path.join() === store.path.join());
  const select = (place) => store.select(items[Math.max(0, Math.min(items.length - 1, place))].path, { focus: "scroll" });
  const control = event.ctrlKey || event.metaKey;
  const letter = event.key.length === 1 ? event.key.toLowerCase() : "";
  const act = {
    ArrowUp: () => (event.altKey ? acts.shift(-1) : select(at - 1)),
    ArrowDown: () => (event.altKey ? acts.shift(1) : select(at + 1)),
    PageUp: () => select(at - 10),
    PageDown: () => select(at + 10),
    Home: () => select(0),
    End: () => select(items.length - 1),
    Enter: () => toProperties(root),
    Delete: () => acts.remove(),
    Backspace: () => acts.remove(),
    d: () => control && acts.duplicate(),
    t: () => acts.toggleTogether(),
  }[letter || event.key];
  if (!act || (letter && control !== (letter === "d"))) return;
  event.preventDefault();
  act();
}
