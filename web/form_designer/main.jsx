// The designer of forms. The page carries what it works with as JSON: the palette (what types of fields there are, and
// what each asks), the form with its revision, and the addresses that it may ask.
import { render } from "preact";

import { Acts } from "./acts.js";
import { Designer } from "./designer.jsx";
import { listenToKeys } from "./keys.js";
import { Saving, Studying } from "./saving.js";
import { Server } from "./server.js";
import { Store } from "./store.js";
import "./form_designer.css";

function mount(root) {
  const data = (name) => JSON.parse(document.getElementById(`designer-${name}`).textContent);
  const [palette, given] = [data("palette"), data("form")];
  const store = new Store(given.definition);
  const server = new Server(given.urls);
  const acts = new Acts(store, palette, server);
  const saving = new Saving(store, server, given.revision);
  const studying = new Studying(store, server);
  root.replaceChildren();
  root.classList.add("is-ready");
  const designer = { store, acts, palette, server, saving, studying, given };
  const draw = () => render(<Designer {...designer} />, root);
  store.listen(draw);
  draw();
  listenToKeys(root, designer);
  studying.later();
  // publishing and leaving by a button take what is on the page with them
  for (const form of document.querySelectorAll("form[data-after-saving]")) {
    form.addEventListener("submit", async (event) => {
      if (!saving.isDirty) return;
      event.preventDefault();
      if (await saving.save()) form.requestSubmit(event.submitter);
    });
  }
}

document.querySelectorAll("[data-form-designer]").forEach(mount);
