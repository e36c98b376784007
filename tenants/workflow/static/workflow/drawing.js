// The diagram of a run: enlarged and made smaller by buttons and keys, moved by scrolling. Without this script it is seen
// at its own size.
const STEP = 1.25;
const MOST = 4;

for (const tools of document.querySelectorAll("[data-drawing-tools]")) begin(tools, tools.parentElement.querySelector("[data-drawing]"));

function begin(tools, frame) {
  const drawing = frame.querySelector("svg");
  const own = Number(drawing.getAttribute("width"));
  let width = 0;
  tools.hidden = false;

  function widen(wanted) {
    const room = frame.clientWidth;
    // it need not become smaller than its frame, and a short one not smaller than it is
    const least = Math.min(own, room);
    const [x, y] = [(frame.scrollLeft + room / 2) / frame.scrollWidth, (frame.scrollTop + frame.clientHeight / 2) / frame.scrollHeight];
    width = Math.min(own * MOST, Math.max(least, wanted));
    drawing.classList.remove("fits");
    drawing.style.width = `${width}px`;
    drawing.style.height = "auto";
    frame.scrollTo(x * frame.scrollWidth - room / 2, y * frame.scrollHeight - frame.clientHeight / 2);
    tools.querySelector('[data-do="smaller"]').disabled = width <= least;
    tools.querySelector('[data-do="bigger"]').disabled = width >= own * MOST;
    tools.querySelector("[data-said]").textContent = `${Math.round((width / own) * 100)}%`;
  }

  const now = () => width || drawing.getBoundingClientRect().width;
  const ACTS = { bigger: () => widen(now() * STEP), smaller: () => widen(now() / STEP), whole: () => widen(0), usual: () => widen(own) };
  const KEYS = { "+": "bigger", "=": "bigger", "-": "smaller", 0: "whole", 1: "usual" };
  tools.addEventListener("click", (event) => ACTS[event.target.closest("[data-do]")?.dataset.do]?.());
  for (const one of [tools, frame]) {
    one.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
      event.preventDefault();
      ACTS[KEYS[event.key]]();
    });
  }
}
