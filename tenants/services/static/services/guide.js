// Which materials somebody has ready, kept in this browser alone: by their names, so that a new version of the item
// ticks nothing else. Without JavaScript the boxes can be ticked all the same, for as long as the page is open.

const guide = document.querySelector("[data-guide]");
const boxes = [...guide.querySelectorAll(".guide-checklist input[type=checkbox]")];
const place = `ready:${guide.dataset.guide}`;

const nameOf = (box) => guide.querySelector(`label[for="${box.id}"]`).textContent;

function kept() {
  try {
    const names = JSON.parse(localStorage.getItem(place));
    return Array.isArray(names) ? names : [];
  } catch {
    return [];
  }
}

function keep(names) {
  try {
    if (names.length) localStorage.setItem(place, JSON.stringify(names));
    else localStorage.removeItem(place);
  } catch {
    // a browser that keeps nothing: the ticks last as long as the page
  }
}

if (boxes.length) {
  const said = document.createElement("p");
  said.className = "guide-ticked small no-print";
  said.setAttribute("role", "status");
  boxes[0].closest(".guide-checklist").before(said);
  const count = () => {
    const ready = boxes.filter((box) => box.checked).length;
    said.textContent = ready === boxes.length ? "材料都准备好了" : `已准备 ${ready} 样，共 ${boxes.length} 样`;
  };
  const names = kept();
  for (const box of boxes) {
    box.checked = names.includes(nameOf(box));
    box.addEventListener("change", () => {
      keep(boxes.filter((one) => one.checked).map(nameOf));
      count();
    });
  }
  count();
}

// what a link leads into unfolds by itself in most browsers, and what is printed does; here for the others
function unfold() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const folded = target && target.closest("details:not([open])");
  if (!folded) return;
  folded.open = true;
  target.scrollIntoView();
}
addEventListener("hashchange", unfold);
unfold();

let unfolded = [];
addEventListener("beforeprint", () => {
  unfolded = [...document.querySelectorAll(".guide-page details:not([open]), .guide-flow:not([open])")];
  for (const one of unfolded) one.open = true;
});
addEventListener("afterprint", () => {
  for (const one of unfolded) one.open = false;
});
