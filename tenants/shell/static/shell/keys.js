// Keys of the desk's pages, and a scanner's input. What a key leads to says so itself: data-key="a" (or "1 a") with
// data-key-said in Chinese; a table with [data-rows] is gone through row by row. Keys move the real focus, so that a screen
// reader follows; they carry nothing out but what the focus shows, save what a list does with what is ticked. While
// somebody types, or has turned them off, they are nobody's. Without this script everything is done with the keys that
// every page has.
const KEPT = "yizhan.work.keys";
const ROWS = "yizhan.rows";
// ms: a scanner's next letter comes sooner, a person's later
const BURST = 80;
// so many letters at once are what a scanner reads; people's fingers fall on three keys at most
const SHORTEST_CODE = 8;
const MOST_KEYS = 3;
const FILTERS = ["all", "box", "due", "flow", "page", "state", "unit"];
const FIELD = "input:not([type=hidden]), select, textarea";

const button = document.querySelector("[data-keys-button]");
const search = document.querySelector("[data-search]");
const list = document.querySelector("[data-rows]");

const isOn = () => localStorage.getItem(KEPT) !== "off";
const isWritten = (one) => one.matches("input:not([type=checkbox], [type=radio]), textarea, select") || one.isContentEditable;
const keysOf = (one) => one.dataset.key.split(" ").filter(Boolean);
const shown = (one) => Boolean(one.getClientRects().length);
const keyed = (key) => [...document.querySelectorAll("[data-key]")].find((one) => keysOf(one).includes(key) && shown(one));

const rows = () => [...(list?.querySelectorAll("tbody tr") ?? [])];
// what one may not open has no link, and is itself gone to
const linkOf = (row) => row?.querySelector("th a") ?? row;
const present = () => document.activeElement.closest?.("[data-rows] tbody tr") ?? null;
const boxesOf = (part) => [...(part?.querySelectorAll("tbody input[type=checkbox]") ?? [])];

function move(by) {
  const all = rows();
  const at = all.indexOf(present());
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))];
  linkOf(next)?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

// what is ticked, or else the row that one is at
function actOnTicked(one) {
  const [own] = boxesOf(present());
  const isTicked = () => boxesOf(list).some((box) => box.checked);
  if (!isTicked() && own) own.checked = true;
  if (isTicked()) one.form.requestSubmit(one);
}

function lead(one) {
  if (one.hasAttribute("data-key-ticked")) actOnTicked(one);
  else if (one.matches("a, button[type=button]")) one.click();
  else {
    if (one.matches("details")) one.open = true;
    const inside = one.matches("details, form, section");
    const fields = inside ? [...one.querySelectorAll(FIELD)].filter((field) => shown(field) && !field.disabled) : [];
    const faulty = fields.find((field) => field.getAttribute("aria-invalid") === "true");
    const to = inside ? (faulty ?? fields[0] ?? one.querySelector("button")) : one;
    to?.focus();
    to?.scrollIntoView({ block: "nearest" });
  }
}

function choose(radio, place) {
  const group = [...document.querySelectorAll("input[type=radio]")].filter((one) => one.name === radio.name && one.form === radio.form);
  group[place - 1]?.focus();
  group[place - 1]?.click();
}

const OF_ROWS = {
  j: () => move(1),
  "+": () => move(1),
  k: () => move(-1),
  "-": () => move(-1),
  x: () => boxesOf(present())[0]?.click(),
};

// What the key does here; null: nothing.
function actOf(key, target) {
  if (key === "?") return button && (() => showAll());
  if (!isOn()) return null;
  if (target.matches("input[type=radio]") && /^[1-9]$/.test(key)) return () => choose(target, Number(key));
  const one = button && keyed(key);
  return one ? () => lead(one) : (button && list && OF_ROWS[key]) || null;
}

// a code that was scanned is looked for in all that the person may see, and what alone has it is opened
function openScanned(code) {
  const go = document.createElement("input");
  Object.assign(go, { type: "hidden", name: "go", value: "" });
  search.value = code;
  search.form.append(go);
  search.form.requestSubmit();
}

let typed = "";
let acts = [];
let timer = 0;

function settle() {
  clearTimeout(timer);
  const due = typed.length <= MOST_KEYS ? acts : [];
  [typed, acts] = ["", []];
  for (const act of due) act();
}

document.addEventListener(
  "keydown",
  (event) => {
    const isOurs = !(event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]"));
    if (!isOurs || isWritten(event.target)) {
      [typed, acts] = ["", []];
      return;
    }
    if (event.key === "Enter") {
      const code = typed;
      if (code.length >= SHORTEST_CODE && search && isOn()) {
        [typed, acts] = ["", []];
        event.preventDefault();
        event.stopPropagation();
        openScanned(code);
      } else if (acts.length) {
        // it was meant for what these lead to, which is not where the key was pressed
        event.preventDefault();
        settle();
      } else typed = "";
      return;
    }
    const arrow = isOn() && button && event.target.closest("[data-rows] tbody") && { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (arrow && !event.target.matches("input[type=radio]")) {
      event.preventDefault();
      move(arrow);
    }
    // the other keys' names are long; a space is a button's own
    if (event.key.length !== 1 || event.key === " ") return;
    // within a code no other key of the page is meant, such as the slash that leads to the search
    if (typed.length > MOST_KEYS) event.stopPropagation();
    const act = actOf(event.key.toLowerCase(), event.target);
    typed += event.key;
    if (act) {
      event.preventDefault();
      acts.push(act);
    }
    clearTimeout(timer);
    // a key that is held down goes on by itself
    if (event.repeat) settle();
    else timer = setTimeout(settle, BURST);
  },
  true,
);

// What all keys of this page do, from what is on it.
let dialog = null;

function showAll() {
  const lines = [];
  if (list) {
    lines.push([["J", "K"], "到下一项、上一项（小键盘用 + 和 -；焦点在列表里时，也可以用 ↓、↑）"], [["Enter"], "打开这一项"]);
    if (boxesOf(list).length) lines.push([["X"], "勾选或取消这一项"]);
  }
  for (const one of [...document.querySelectorAll("[data-key]")].filter(shown)) {
    lines.push([keysOf(one).map((key) => key.toUpperCase()), one.dataset.keySaid]);
  }
  if (document.querySelector("input[type=radio]")) lines.push([["1", "9"], "焦点在单选项上时，选第几项", "至"]);
  if (search) lines.push([["/"], "到搜索框"], [["Enter"], "扫码枪扫出编号并回车，打开有这个编号的那一件（焦点不在输入框里时）"]);
  lines.push([["?"], "打开这张说明"]);
  dialog?.remove();
  dialog = document.createElement("dialog");
  dialog.className = "keys";
  dialog.setAttribute("aria-labelledby", "keys-title");
  dialog.innerHTML =
    '<h2 id="keys-title">快捷键</h2><dl class="facts"></dl><p class="quiet small">正在打字、按着 Ctrl 或 Alt 时，这些键不起作用。</p>' +
    '<div class="choice"><input type="checkbox" id="keys-on"><label for="keys-on">使用快捷键和扫码枪（用读屏软件或语音输入时可以关掉）</label></div>' +
    '<div class="actions"><button class="button" type="button" data-closes>关闭</button></div>';
  for (const [keys, what, between = "、"] of lines) {
    const [term, told] = [document.createElement("dt"), document.createElement("dd")];
    keys.forEach((key, place) => {
      const shape = document.createElement("kbd");
      shape.textContent = key;
      term.append(place ? between : "", shape);
    });
    told.textContent = what;
    dialog.querySelector("dl").append(term, told);
  }
  const toggle = dialog.querySelector("input");
  toggle.checked = isOn();
  toggle.addEventListener("change", () => {
    localStorage.setItem(KEPT, toggle.checked ? "on" : "off");
    mark();
  });
  document.body.append(dialog);
  dialog.showModal();
}

// the keys stand where they lead to: for eyes beside the words (keys.css), and for screen readers
function mark() {
  for (const one of button ? document.querySelectorAll("[data-key]") : []) {
    const place = one.matches("details") ? one.querySelector("summary") : one;
    if (isOn()) {
      place.setAttribute("aria-keyshortcuts", keysOf(one).join(" "));
      place.dataset.hint = keysOf(one)[0].toUpperCase();
    } else {
      place.removeAttribute("aria-keyshortcuts");
      delete place.dataset.hint;
    }
  }
}

// From a list one goes on to the next, and back to the list as it was filtered.
const pathOf = (link) => (link?.href ? new URL(link.href).pathname : "");
if (list) {
  // what was searched for may be somebody's name, which no browser keeps
  const filters = new URLSearchParams([...new URLSearchParams(location.search)].filter(([name]) => FILTERS.includes(name)));
  const kept = { list: `${location.pathname}?${filters}`, rows: rows().map((row) => pathOf(linkOf(row))).filter(Boolean) };
  sessionStorage.setItem(ROWS, JSON.stringify(kept));
}

function lay() {
  const kept = JSON.parse(sessionStorage.getItem(ROWS) ?? "null");
  const at = kept?.rows.indexOf(location.pathname) ?? -1;
  for (const link of document.querySelectorAll("[data-row-step]")) {
    const step = Number(link.dataset.rowStep);
    const to = at < 0 ? undefined : step ? kept.rows[at + step] : kept.list;
    if (to) link.href = to;
    link.hidden = !to && step !== 0;
  }
}

lay();
if (button) {
  button.hidden = false;
  button.addEventListener("click", showAll);
}
mark();
