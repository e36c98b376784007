// The table of steps is swapped in place: menus that were open stay open, and the keyboard stays where it was. What was
// pressed may be gone then (a step that was deleted): the menu of the line before, or the heading, takes its place.
const open = new Set();
let pressed = "";
let row = 0;

const menus = () => [...document.querySelectorAll("details.row-acts")];

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id !== "main") return;
  open.clear();
  for (const menu of menus()) if (menu.open) open.add(menu.id);
  const focused = document.activeElement;
  pressed = focused?.id ?? "";
  row = Math.max(0, menus().indexOf(focused?.closest("details.row-acts")));
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "main" || !pressed) return;
  for (const menu of menus()) menu.open = open.has(menu.id);
  const near = menus()[Math.min(row, menus().length - 1)]?.querySelector("summary");
  const again = document.getElementById(pressed);
  (again && !again.disabled ? again : near ?? document.getElementById("steps"))?.focus();
});
