// The drawing of a flow: bpmn-js with a palette and a panel of our own. The page carries the drawing as BPMN with its
// revision; what is drawn goes back as BPMN, and the server makes the one definition of it.
import Modeler from "bpmn-js/lib/Modeler";
import { render } from "preact";
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";

import { Kept } from "../designer/kept.js";
import { Left } from "../designer/left.jsx";
import { Saving } from "../designer/saving.js";
import { sendJson } from "../designer/server.js";
import { MODDLE } from "./adds.js";
import { oursWithout } from "./palette.js";
import { Panel } from "./panel.jsx";
import { Picker } from "./picker.jsx";
import { Together, TOGETHER } from "./together.js";
import "./flow_designer.css";

function part(root, name, className) {
  const found = document.createElement(name);
  found.className = className;
  root.append(found);
  return found;
}

function button(bar, word, act) {
  const found = part(bar, "button", "button small");
  found.type = "button";
  found.textContent = word;
  found.addEventListener("click", act);
  return found;
}

// the palette lies on the canvas, at its left edge
const PALETTE_WIDTH = 160;
const MARGIN = 24;

function showWhole(canvas) {
  canvas.zoom("fit-viewport", "auto");
  const { x, y, width, height, scale } = canvas.viewbox();
  const left = PALETTE_WIDTH / scale;
  const beside = left + MARGIN / scale;
  const above = (beside * height) / width;
  canvas.viewbox({ x: x - left, y: y - above / 2, width: width + beside, height: height + above });
}

async function mount(root) {
  const given = JSON.parse(document.getElementById("flow-given").textContent);
  root.replaceChildren();
  root.classList.add("is-ready");
  const offer = part(root, "div", "fl-left");
  const bar = part(root, "div", "fl-bar");
  const canvas = part(root, "div", "fl-canvas");
  const side = part(root, "aside", "fl-panel");
  side.setAttribute("aria-label", "属性");
  const [picker, panel] = [part(side, "div", "fl-picker"), part(side, "div", "")];
  const modeler = new Modeler({ container: canvas, additionalModules: [oursWithout(given.without)], moddleExtensions: { yizhan: MODDLE } });
  const stack = modeler.get("commandStack");
  stack.registerHandler(TOGETHER, Together);
  const undo = button(bar, "撤销", () => stack.undo());
  const redo = button(bar, "恢复改动", () => stack.redo());
  button(bar, "放大", () => modeler.get("zoomScroll").stepZoom(1));
  button(bar, "缩小", () => modeler.get("zoomScroll").stepZoom(-1));
  button(bar, "看全图", () => showWhole(modeler.get("canvas")));
  const said = part(bar, "output", "fl-saving");
  const say = (text, kind = "") => {
    said.textContent = text;
    said.dataset.kind = kind;
  };
  await modeler.importXML(given.drawing);
  showWhole(modeler.get("canvas"));
  let changes = 0;
  const kept = new Kept(given.save);
  const send = (drawing, revision, key) => sendJson(given.save, { drawing, revision }, "PUT", key);
  const saving = new Saving({
    revision: given.revision,
    current: () => changes,
    written: async () => (await modeler.saveXML({ format: false })).xml,
    send,
    taken: ({ flow, left_out: left }) => ({ revision: flow.revision, left }),
    say,
    keep: "请先记下来，再重新打开页面。",
    kept,
    hold: () => sendJson(given.lock, {}).catch(() => null),
  });
  const change = () => {
    changes += 1;
    saving.change();
  };
  modeler.on("commandStack.changed", change);
  // the page of a node, once it knows what was drawn
  const open = async (name) => {
    if (await saving.save()) location.assign(given.node.replace(`/${given.any_node}/`, `/${name}/`));
  };
  const draw = () => {
    const [selected] = modeler.get("selection").get();
    const element = selected?.type === "label" ? selected.labelTarget : selected;
    render(<Panel key={element?.id ?? ""} modeler={modeler} element={element ?? modeler.get("canvas").getRootElement()} given={given} open={open} />, panel);
    render(<Picker modeler={modeler} element={element} />, picker);
    undo.disabled = !stack.canUndo();
    redo.disabled = !stack.canRedo();
  };
  modeler.on("selection.changed", draw);
  modeler.on("commandStack.changed", draw);
  draw();
  saving.goBefore(document.querySelectorAll("form[data-after-saving]"));
  const tellLeft = (left) => {
    const drop = () => {
      kept.forget(left.key);
      tellLeft(null);
    };
    const put = async () => {
      // what was drawn since is one of the states to which the table of steps goes back
      if (!(await saving.save())) return;
      await modeler.importXML(left.what);
      showWhole(modeler.get("canvas"));
      kept.keep(saving.revision, left.what);
      drop();
      change();
      draw();
    };
    const said = left && left.revision !== given.revision ? "那以后流程又保存过，放回来会换掉后来的改动；不满意可以在环节表里撤销。" : "";
    render(<Left left={left} said={said} put={put} drop={drop} />, offer);
  };
  tellLeft(await kept.left(given.drawing, given.revision, send));
}

document.querySelectorAll("[data-flow-designer]").forEach(mount);
