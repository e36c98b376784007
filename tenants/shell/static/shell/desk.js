// The desk's own behaviour; every page works without it.

// Of a row of tabs that is longer than the screen, the one that is open is seen.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  const row = tab.closest(".tabs");
  row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
}

// A ready-made reason goes into the field, where it can be changed.
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-common]") || !event.target.value) return;
  const reason = event.target.form.elements.reason;
  reason.value = event.target.value;
  reason.focus();
});

// Only the fields that the chosen kind of column has.
const kinds = document.querySelectorAll('input[name="kind"]');
function showKind() {
  const chosen = document.querySelector('input[name="kind"]:checked')?.value;
  for (const part of document.querySelectorAll("[data-for-kind]")) part.hidden = part.dataset.forKind !== chosen;
}
for (const kind of kinds) kind.addEventListener("change", showKind);
if (kinds.length) showKind();

// After a move, the focus is where it was, so that the next key press moves on.
const moved = document.querySelector("[data-moved]")?.dataset.moved;
if (moved) {
  const [code, way] = moved.split(/-(?=up$|down$)/);
  const button = document.getElementById(moved);
  (button?.disabled ? document.getElementById(`${code}-${way === "up" ? "down" : "up"}`) : button)?.focus();
}

// No review at all is a choice to be sure of.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirmNone;
  const isNone = question && !event.target.querySelector("input[type=checkbox]:checked");
  if (isNone && !window.confirm(question)) event.preventDefault();
});
