// Saves the drawing two seconds after the last change. The server counts revisions: where somebody else saved since, it
// refuses, and nothing is overwritten.
import { csrfToken, messageOf } from "../editor/answers.js";

const PAUSE = 2_000;

export class Saving {
  constructor(modeler, given, say) {
    Object.assign(this, { modeler, url: given.save, revision: given.revision, say });
    this.isDirty = false;
    this.isRefused = false;
    this.running = null;
    modeler.on("commandStack.changed", () => this.change());
    window.addEventListener("beforeunload", (event) => this.isDirty && event.preventDefault());
  }

  change() {
    this.isDirty = true;
    if (this.isRefused) return;
    this.say("正在编辑……");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  // resolves to whether the server has what is drawn
  async save() {
    clearTimeout(this.timer);
    if (this.running) await this.running;
    if (!this.isDirty) return true;
    if (this.isRefused) return false;
    this.running = this.send().finally(() => {
      this.running = null;
    });
    await this.running;
    return !this.isDirty;
  }

  async send() {
    this.say("正在保存……");
    this.isDirty = false;
    try {
      const { xml } = await this.modeler.saveXML({ format: false });
      const answer = await fetch(this.url, {
        method: "PUT",
        body: JSON.stringify({ drawing: xml, revision: this.revision }),
        headers: { "X-CSRFToken": csrfToken({ elements: {} }), "Content-Type": "application/json", Accept: "application/json" },
        redirect: "manual",
      });
      await this.take(answer);
    } catch {
      this.isDirty = true;
      this.say("网络不通，改动还没有保存，请稍后再试。", "error");
    }
  }

  async take(answer) {
    if (answer.ok) {
      const { flow, left_out: left } = await answer.json();
      this.revision = flow.revision;
      this.say(left.length ? `已保存。${left.map((one) => one.message).join("")}` : "已保存。", left.length ? "warning" : "success");
      return;
    }
    this.isDirty = true;
    if (answer.type === "opaqueredirect" || answer.status === 401) {
      this.say("登录已失效，请在新窗口登录后再试。", "error");
      return;
    }
    // who was overtaken has to look at the newer draft first
    this.isRefused = answer.status === 409;
    this.say(messageOf(answer.status, await answer.json().catch(() => null)), "error");
  }
}
