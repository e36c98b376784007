// Unsaved text survives a lost session, a closed window and a power cut: the form's fields are kept in this browser
// until the server has them, and are offered back when the page is opened again.
const PREFIX = "yizhan-draft:";
const OLDEST = 30 * 24 * 3600 * 1000;

export class Drafts {
  constructor(root, form, area, { restore }) {
    Object.assign(this, { form, area, restore, key: PREFIX + root.dataset.draftKey });
    this.box = root.querySelector("[data-editor-offer]");
    this.sweep();
    this.offer();
  }

  fields() {
    const kept = {};
    for (const control of this.form.elements) {
      const isText = control.matches("textarea, select, input[type=text], input:not([type])");
      if (control.name && isText) kept[control.name] = control.value;
    }
    return kept;
  }

  keep() {
    write(this.key, { fields: this.fields(), at: Date.now(), isSent: false });
  }

  markSent() {
    if (read(this.key)) write(this.key, { fields: this.fields(), at: Date.now(), isSent: true });
  }

  forget() {
    localStorage.removeItem(this.key);
  }

  // what was sent and has arrived (this page shows it) is no longer needed; nor is what is a month old
  sweep() {
    const here = this.fields();
    for (const key of Object.keys(localStorage).filter((one) => one.startsWith(PREFIX))) {
      const kept = read(key);
      const hasArrived = (key === this.key || kept?.isSent) && kept && isSame(kept.fields, here);
      if (!kept || hasArrived || Date.now() - kept.at > OLDEST) localStorage.removeItem(key);
    }
  }

  offer() {
    const kept = read(this.key);
    if (!kept) return;
    const at = new Date(kept.at).toLocaleString("zh-CN", { month: "long", day: "numeric", hour: "2-digit", minute: "2-digit" });
    this.box.querySelector("[data-offer-text]").textContent = `这台电脑上有一份 ${at} 没有保存成功的文字。`;
    this.box.hidden = false;
    this.box.querySelector("[data-restore]").addEventListener("click", () => {
      for (const [name, value] of Object.entries(kept.fields)) {
        const control = this.form.elements[name];
        if (control && name !== this.area.name) control.value = value;
      }
      this.area.value = kept.fields[this.area.name] ?? this.area.value;
      this.box.hidden = true;
      this.restore();
    });
    this.box.querySelector("[data-discard]").addEventListener("click", () => {
      this.forget();
      this.box.hidden = true;
    });
  }
}

function isSame(kept, here) {
  return Object.entries(kept).every(([name, value]) => here[name] === undefined || here[name] === value);
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // the browser keeps nothing (private window, full): the server's autosave is all there is
  }
}
