// Keys of the inbox. They move the real focus from row to row, so that a screen reader follows; while somebody types, or
// has turned them off, they are nobody's. Without this script everything is done with the keys that every page has.
const KEPT = "yizhan.work.keys";
const list = document.querySelector("[data-work]");
const dialog = document.getElementById("work-keys");
const toggle = document.getElementById("work-keys-on");
const rows = () => [...(list?.querySelectorAll("tbody tr") ?? [])];
// what one may not open has no link, and is itself gone to
const linkOf = (row) => row?.querySelector("th a") ?? row;
const present = () => document.activeElement.closest?.("[data-work] tbody tr") ?? null;

document.querySelector("[data-keys-button]").hidden = false;
toggle.checked = localStorage.getItem(KEPT) !== "off";
toggle.addEventListener("change", () => localStorage.setItem(KEPT, toggle.checked ? "on" : "off"));

function move(by) {
  const all = rows();
  const at = all.indexOf(present());
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))];
  linkOf(next)?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function claim() {
  const button = list?.querySelector('button[name="act"][value="claim"]');
  if (!button) return;
  const boxes = [...list.querySelectorAll('input[name="item"]')];
  const own = present()?.querySelector('input[name="item"]');
  if (!boxes.some((one) => one.checked) && own) own.checked = true;
  if (boxes.some((one) => one.checked)) list.requestSubmit(button);
}

const ACTS = {
  j: () => move(1),
  k: () => move(-1),
  x: () => present()?.querySelector('input[name="item"]')?.click(),
  c: claim,
  b: () => document.getElementById("many-opinion")?.focus(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || dialog.open) return;
  const isTyping = event.target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (isTyping) return;
  // that there are keys, and how they are turned off, can be asked in any case
  if (event.key === "?") {
    event.preventDefault();
    dialog.showModal();
    return;
  }
  if (!toggle.checked) return;
  const isInList = Boolean(event.target.closest("[data-work] tbody"));
  const arrow = isInList && { ArrowDown: "j", ArrowUp: "k" }[event.key];
  const act = ACTS[arrow || event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});
