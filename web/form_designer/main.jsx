// The designer of forms. The page carries what it works with as JSON: the palette (what types of fields there are, and
// what each asks), the form with its revision, and the addresses that it may ask.
import { render } from "preact";

import { Acts } from "./acts.js";
import { placeOf } from "./definition.js";
import { Designer } from "./designer.jsx";
import { listenToKeys } from "./keys.js";
import { Kept } from "../designer/kept.js";
import { Saving } from "../designer/saving.js";
import { Server } from "./server.js";
import { Store } from "./store.js";
import { Studying } from "./studying.js";
import "./form_designer.css";

function mount(root) {
  const data = (name) => JSON.parse(document.getElementById(`designer-${name}`).textContent);
  const [palette, given] = [data("palette"), data("form")];
  const store = new Store(given.definition);
  // a page that tells of a fault leads to its place
  const { path } = placeOf(given.definition, decodeURIComponent(location.hash.slice(1)));
  if (path.length) store.select(path, { quiet: true });
  const server = new Server(given.urls);
  const acts = new Acts(store, palette, server);
  const kept = new Kept(given.urls.save);
  const send = (form, revision, key) => server.save(form, revision, key);
  const saving = new Saving({
    revision: given.revision,
    current: () => store.form,
    send,
    taken: (answer) => answer,
    say: (text, kind = "") => store.tellSaving(text, kind),
    keep: "请先点“导出”留一份，再重新打开页面。",
    kept,
    refused: (faults) => store.tellRefused(faults),
    hold: () => server.lock(),
  });
  store.listen((what) => what === "form" && saving.change());
  const studying = new Studying(store, server);
  root.replaceChildren();
  root.classList.add("is-ready");
  const designer = { store, acts, palette, server, saving, studying, given, kept };
  const draw = () => render(<Designer {...designer} />, root);
  store.listen(draw);
  draw();
  listenToKeys(root, designer);
  studying.later();
  kept.left(given.definition, given.revision, send).then((left) => store.tellLeft(left));
  saving.goBefore(document.querySelectorAll("form[data-after-saving]"));
}

document.querySelectorAll("[data-form-designer]").forEach(mount);
