// Lists of rows in forms: rows are added, removed and moved in place. Without this script the same buttons post the form.
const ATTRIBUTES = ["id", "name", "for", "value", "aria-labelledby", "aria-describedby"];

const rowsOf = (list) => [...list.children].filter((row) => row.matches("[data-row]"));
const listOf = (rows) => rows.querySelector(":scope > [data-rows-list]");

// Every name below a row begins with its place: materials.2.name. A row that moves takes another place.
function setPlace(root, before, after) {
  const place = new RegExp(`(^|[ _])${before.replaceAll(".", "\\.")}(?=$|[._])`);
  for (const element of [root, ...root.querySelectorAll("*")]) {
    for (const name of ATTRIBUTES) {
      const value = element.getAttribute(name);
      // what people typed is a property, not this attribute; only buttons carry a place in their value
      if (value === null || (name === "value" && element.tagName !== "BUTTON")) continue;
      element.setAttribute(name, value.split(" ").map((one) => one.replace(place, `$1${after}`)).join(" "));
    }
    if (element.dataset.rows) element.dataset.rows = element.dataset.rows.replace(place, `$1${after}`);
    if (element.tagName === "TEMPLATE") for (const child of element.content.children) setPlace(child, before, after);
  }
}

function number(rows) {
  const path = rows.dataset.rows;
  const all = rowsOf(listOf(rows));
  const moved = all.map((row, index) => [row, String(index + 1)]).filter(([row, nth]) => row.dataset.row !== nth);
  // radio buttons of one name would switch each other off while two rows share a number
  for (const [row, nth] of moved) move(row, path, row.dataset.row, `moving-${nth}`);
  for (const [row, nth] of moved) move(row, path, `moving-${nth}`, nth);
  rows.querySelector(":scope > .rows-foot [data-rows-add]").disabled = all.length >= Number(rows.dataset.most);
}

function move(row, path, before, after) {
  setPlace(row, `${path}.${before}`, `${path}.${after}`);
  row.dataset.row = after;
  for (const place of row.querySelectorAll("[data-row-number]")) {
    if (place.closest("[data-row]") === row) place.textContent = after;
  }
  for (const button of row.querySelectorAll(":scope > .rows-acts button")) {
    button.setAttribute("aria-label", button.getAttribute("aria-label").replace(/第 .*? 项/, `第 ${after} 项`));
  }
}

function say(rows, text, undo) {
  const place = rows.querySelector(":scope > .rows-foot [data-rows-said]");
  place.replaceChildren(text);
  if (!undo) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button small";
  button.textContent = "撤销";
  button.addEventListener("click", () => {
    undo();
    place.replaceChildren("已恢复。");
  });
  place.append(" ", button);
}

const firstInput = (row) => row.querySelector("input:not([type=hidden]), select, textarea");

function add(rows) {
  const row = rows.querySelector(":scope > [data-rows-prototype]").content.firstElementChild.cloneNode(true);
  row.querySelector(":scope > details")?.setAttribute("open", "");
  listOf(rows).append(row);
  number(rows);
  firstInput(row)?.focus();
  say(rows, `已添加第 ${row.dataset.row} 项。`);
}

function remove(rows, row) {
  const next = row.nextElementSibling;
  const nth = row.dataset.row;
  row.remove();
  move(row, rows.dataset.rows, nth, "0");
  number(rows);
  const undo = () => {
    listOf(rows).insertBefore(row, next?.isConnected ? next : null);
    number(rows);
    firstInput(row)?.focus();
  };
  say(rows, `已删除第 ${nth} 项。`, undo);
  const follower = next ?? listOf(rows).lastElementChild;
  (follower?.querySelector(":scope > .rows-acts button:last-child") ?? rows.querySelector(":scope > .rows-foot [data-rows-add]")).focus();
}

function shift(rows, row, act, button) {
  const other = act === "up" ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return say(rows, act === "up" ? "已经是第一项。" : "已经是最后一项。");
  if (act === "up") other.before(row);
  else other.after(row);
  number(rows);
  button.focus();
  say(rows, `已移到第 ${row.dataset.row} 项。`);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest('button[name="rows"]');
  const rows = button?.closest("[data-rows]");
  if (!rows) return;
  event.preventDefault();
  const act = button.value.split(" ")[0];
  if (act === "add") add(rows);
  else if (act === "remove") remove(rows, button.closest("[data-row]"));
  else shift(rows, button.closest("[data-row]"), act, button);
  rows.dispatchEvent(new Event("change", { bubbles: true }));
});

// A folded row is known by its first input.
document.addEventListener("input", (event) => {
  const row = event.target.closest("[data-row]");
  const title = row?.querySelector(":scope > details > summary [data-row-title]");
  if (title && event.target === firstInput(row)) {
    title.textContent = event.target.tagName === "SELECT" ? event.target.selectedOptions[0].textContent : event.target.value;
  }
});

// What was typed and not saved is not lost by a wrong click.
let isChanged = false;
document.addEventListener("input", (event) => (isChanged ||= Boolean(event.target.closest("form[data-guard]"))));
document.addEventListener("change", (event) => (isChanged ||= Boolean(event.target.closest("form[data-guard]"))));
document.addEventListener("submit", () => (isChanged = false));
window.addEventListener("beforeunload", (event) => isChanged && event.preventDefault());
