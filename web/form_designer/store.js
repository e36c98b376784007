// What the designer has in hand: the form, what is selected, what was done and can be taken back.
import { nodeAt } from "./definition.js";

const MOST_KEPT = 200;

export class Store {
  constructor(form) {
    this.form = form;
    this.path = form.parts.length && form.parts[0].fields.length ? [0, 0] : [];
    // {form, path, said}: what was before, and what was done to it
    this.past = [];
    this.future = [];
    this.study = { faults: [], names: [], expressions: {} };
    this.listeners = new Set();
    this.said = "";
    this.dialog = null;
    this.focus = null;
    this.saving = { text: "", kind: "" };
    // what the server will not keep: [{ where, message }]
    this.refused = [];
    // what this browser has kept of changes that were never saved
    this.left = null;
  }

  get node() {
    return nodeAt(this.form, this.path);
  }

  listen(listener) {
    this.listeners.add(listener);
  }

  tell(what) {
    for (const listener of this.listeners) listener(what);
  }

  // `together`: acts of one name in a row, as typing a word, are taken back at once
  change(form, { path = this.path, said, together = "", announce = true }) {
    const last = this.past.at(-1);
    if (!together || last?.together !== together || this.future.length) {
      this.past.push({ form: this.form, path: this.path, said, together });
      if (this.past.length > MOST_KEPT) this.past.shift();
    }
    this.future = [];
    this.form = form;
    this.path = path;
    if (announce) this.said = said;
    this.tell("form");
  }

  // what follows from the act before, and is taken back with it
  amend(form) {
    this.form = form;
    this.tell("form");
  }

  select(path, { focus = null, quiet = false } = {}) {
    this.path = path;
    this.focus = focus;
    const last = this.past.at(-1);
    // the next word that is typed is another act
    if (last) last.together = "";
    if (!quiet) this.said = "";
    this.tell("selection");
  }

  step(from, to, word) {
    const act = from.pop();
    if (!act) {
      this.announce(`没有可以${word}的了`);
      return;
    }
    to.push({ form: this.form, path: this.path, said: act.said, together: "" });
    this.form = act.form;
    this.path = act.path;
    this.said = `已${word}：${act.said}`;
    this.tell("form");
  }

  undo() {
    this.step(this.past, this.future, "撤销");
  }

  redo() {
    this.step(this.future, this.past, "重做");
  }

  announce(text) {
    // the same words twice are said twice
    this.said = this.said === text ? `${text}\u00a0` : text;
    this.tell("said");
  }

  tellSaving(text, kind) {
    this.saving = { text, kind };
    this.tell("saving");
  }

  tellRefused(faults) {
    this.refused = faults;
    this.tell("saving");
  }

  tellLeft(left) {
    this.left = left;
    this.tell("left");
  }

  open(dialog) {
    this.dialog = dialog;
    this.tell("dialog");
  }
}
