// The map of places: enlarged by buttons and keys, moved by scrolling. Dots move apart, numbers keep their size and step
// aside as the server has worked out for each size. Without this script the map is seen as a whole, and the list beside it.
const ZOOMS = [1, 2, 4, 8];
const RADIUS = 13;
const EDGE = 10;
// size and place at which each map was left, by the name of its field: a page that is drawn anew goes on from there
const left = new Map();

function begin(map) {
  const [ground, tools, scale] = ["[data-ground]", "[data-tools]", "[data-bars]"].map((one) => map.querySelector(one));
  if (!ground || ground.tabIndex === 0) return;
  const drawing = ground.querySelector("svg");
  const [, , width, height] = drawing.getAttribute("viewBox").split(" ").map(Number);
  const marks = [...drawing.querySelectorAll("foreignObject")];
  const lines = [...drawing.querySelectorAll("line")];
  const dots = [...drawing.querySelectorAll("circle")].map((dot) => ({
    dot,
    x: Number(dot.getAttribute("cx")),
    y: Number(dot.getAttribute("cy")),
    steps: dot.dataset.steps.split(" ").map((one) => (one === "-" ? null : one.split(",").map(Number))),
  }));
  const bars = scale.dataset.bars.split(";").map((one) => one.split("|"));
  const field = map.querySelector("input[type=radio]").name;
  let level = 0;

  ground.tabIndex = 0;
  ground.setAttribute("role", "group");
  ground.setAttribute("aria-label", "地图。加减号缩放，0 看全图，方向键移动；选地点请用旁边的列表");
  ground.style.aspectRatio = `${width} / ${height}`;
  tools.hidden = false;

  const put = (element, values) => { for (const [name, value] of Object.entries(values)) element.setAttribute(name, String(value)); };

  function lay() {
    const zoom = ZOOMS[level];
    put(drawing, { viewBox: `0 0 ${width * zoom} ${height * zoom}` });
    drawing.style.width = `${100 * zoom}%`;
    dots.forEach(({ dot, x, y, steps }, at) => {
      const [across, down] = steps[level] ?? [0, 0];
      const [cx, cy] = [x * zoom, y * zoom];
      put(dot, { cx, cy });
      put(lines[at], { x1: cx, y1: cy, x2: cx + across, y2: cy + down });
      put(marks[at], { x: cx + across - RADIUS, y: cy + down - RADIUS });
      marks[at].classList.toggle("no-room", !steps[level]);
    });
    const [length, words] = bars[level];
    put(scale.querySelector(".bar"), { d: `M${width - length - EDGE} ${height - 12}v5h${length}v-5` });
    const label = scale.querySelector(".bar-label");
    put(label, { x: width - length - EDGE });
    label.textContent = words;
    tools.querySelector('[data-do="bigger"]').disabled = level === ZOOMS.length - 1;
    for (const act of ["smaller", "whole"]) tools.querySelector(`[data-do="${act}"]`).disabled = level === 0;
  }

  // the middle of what is seen, as parts of the whole drawing
  const middle = () => [(ground.scrollLeft + ground.clientWidth / 2) / ground.scrollWidth, (ground.scrollTop + ground.clientHeight / 2) / ground.scrollHeight];
  const lookAt = ([x, y]) => ground.scrollTo(x * ground.scrollWidth - ground.clientWidth / 2, y * ground.scrollHeight - ground.clientHeight / 2);
  const chosen = () => dots[marks.findIndex((mark) => mark.querySelector(".chosen"))];

  function zoomTo(wanted) {
    const next = Math.min(ZOOMS.length - 1, Math.max(0, wanted));
    // one who enlarges the whole wants to see what is chosen
    const at = level === 0 && chosen() ? [chosen().x / width, chosen().y / height] : middle();
    level = next;
    lay();
    lookAt(at);
    left.set(field, { level, at });
    tools.querySelector("[data-said]").textContent = level ? `已放大到 ${ZOOMS[level]} 倍` : "全图";
  }

  const ACTS = { bigger: () => zoomTo(level + 1), smaller: () => zoomTo(level - 1), whole: () => zoomTo(0) };
  const KEYS = { "+": "bigger", "=": "bigger", "-": "smaller", 0: "whole" };
  tools.addEventListener("click", (event) => ACTS[event.target.closest("[data-do]")?.dataset.do]?.());
  map.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
    event.preventDefault();
    ACTS[KEYS[event.key]]();
  });
  ground.addEventListener("scroll", () => { if (level) left.set(field, { level, at: middle() }); });
  // the number of the place that is chosen in the list, brought into sight
  map.addEventListener("change", (event) => {
    for (const mark of map.querySelectorAll(".place-mark")) mark.classList.toggle("chosen", mark.htmlFor === event.target.id);
    if (level && chosen()) lookAt([chosen().x / width, chosen().y / height]);
  });
  const before = left.get(field);
  level = before?.level ?? 0;
  lay();
  if (level) lookAt(before.at);
}

const beginAll = () => document.querySelectorAll("[data-place-map]").forEach(begin);
beginAll();
document.addEventListener("htmx:afterSettle", beginAll);
