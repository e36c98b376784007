// The drawing of a flow: bpmn-js with a palette and a panel of our own. The page carries the drawing as BPMN with its
// revision; what is drawn goes back as BPMN, and the server makes the one definition of it.
import Modeler from "bpmn-js/lib/Modeler";
import { render } from "preact";
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";

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
  const saving = new Saving({
    revision: given.revision,
    current: () => changes,
    send: async (_, revision) => {
      const { xml } = await modeler.saveXML({ format: false });
      return sendJson(given.save, { drawing: xml, revision }, "PUT");
    },
    taken: ({ flow, left_out: left }) => ({ revision: flow.revision, left }),
    say,
    keep: "请先记下来，再重新打开页面。",
  });
  modeler.on("commandStack.changed", () => {
    changes += 1;
    saving.change();
  });
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
}

document.querySelectorAll("[data-flow-designer]").forEach(mount);
