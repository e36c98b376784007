// The console's tables: ticking rows brings the bar for acts on many; filters apply as soon as they are chosen.
const bulk = document.querySelector("[data-bulk]");

function ticked() {
  return [...document.querySelectorAll("[data-tick]:checked")];
}

function showBulk() {
  if (!bulk) return;
  const count = ticked().length;
  bulk.hidden = count === 0;
  bulk.querySelector("[data-count]").textContent = count.toLocaleString("zh-CN");
  const all = document.querySelector("[data-tick-all]");
  if (all) {
    const boxes = document.querySelectorAll("[data-tick]").length;
    all.checked = count > 0 && count === boxes;
    all.indeterminate = count > 0 && count < boxes;
  }
}

document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.matches("[data-tick-all]")) {
    for (const tick of document.querySelectorAll("[data-tick]")) tick.checked = box.checked;
  }
  if (box.matches("[data-tick], [data-tick-all]")) showBulk();
  if (box.matches(".filters select")) box.form.requestSubmit();
});
if (bulk) showBulk();

// What a reader without JavaScript sees at once hides behind its own heading here.
for (const part of document.querySelectorAll("[data-without-script]")) part.hidden = true;

// Arrow keys walk a tree: right opens, left closes, up and down go to the rows that are shown.
document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.(".tree summary, .tree a, .tree input");
  if (!row || !["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight"].includes(event.key)) return;
  const details = row.closest("details");
  if (event.key === "ArrowRight" && details) details.open = true;
  else if (event.key === "ArrowLeft" && details) details.open = false;
  else {
    const rows = [...row.closest(".tree").querySelectorAll("summary, .leaf a, .leaf input")].filter((one) => one.offsetParent);
    const next = rows[rows.indexOf(row) + (event.key === "ArrowDown" ? 1 : -1)];
    next?.focus();
  }
  event.preventDefault();
});

// A tree that begins with one place begins one level further down. (htmx must hear of it, and is ready only then.)
document.addEventListener("DOMContentLoaded", () => {
  const roots = document.querySelectorAll(".tree > li > details");
  if (roots.length === 1) roots[0].open = true;
});

// A branch that was opened before htmx had seen it asks for its rows now; one that has asked does not ask again.
document.addEventListener("htmx:load", () => {
  for (const branch of document.querySelectorAll(".tree details[open]")) branch.dispatchEvent(new Event("toggle"));
});
