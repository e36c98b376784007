// Saves the form two seconds after the last change, and asks what is wrong with it. The server counts revisions: where
// somebody else saved since, it refuses, and nothing is overwritten.
import { messageOf } from "../editor/answers.js";

const PAUSE = 2_000;
const RETRY = 15_000;

export class Saving {
  constructor(store, server, revision) {
    Object.assign(this, { store, server, revision });
    this.saved = store.form;
    this.timer = null;
    this.running = null;
    this.isRefused = false;
    store.listen((what) => what === "form" && this.change());
    window.addEventListener("beforeunload", (event) => this.isDirty && event.preventDefault());
    window.addEventListener("online", () => this.isDirty && this.save());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.isDirty && this.save());
  }

  get isDirty() {
    return this.saved !== this.store.form;
  }

  say(text, kind = "") {
    this.store.saving = { text, kind };
    this.store.tell("saving");
  }

  change() {
    if (this.isRefused) return;
    this.say("正在编辑……");
    this.later(PAUSE);
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  // resolves to whether the server has what is on the page
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
    const { form } = this.store;
    this.say("正在保存……");
    try {
      const answer = await this.server.post(this.server.urls.save, { revision: this.revision, definition: form }, { method: "PATCH" });
      await this.take(answer, form);
    } catch {
      this.say("网络不通，改动还在这个页面里，恢复后自动保存。请不要关闭页面。", "warning");
      this.later(RETRY);
    }
  }

  async take(answer, form) {
    if (answer.ok) {
      this.revision = (await answer.json()).revision;
      this.saved = form;
      if (this.isDirty) this.later(PAUSE);
      else this.say(`已自动保存 ${new Date().toLocaleTimeString("zh-CN", { hour12: false })}`, "success");
    } else if (answer.type === "opaqueredirect" || answer.status === 401) {
      this.say("登录已失效，改动还在这个页面里。请在新窗口登录，会自动保存。", "error");
      this.later(RETRY);
    } else if (answer.status >= 500 || answer.status === 429) {
      this.say("服务器暂时没有响应，改动还在这个页面里，稍后自动保存。", "warning");
      this.later(RETRY);
    } else {
      const said = messageOf(answer.status, await answer.json().catch(() => null));
      // trying again changes nothing before the page is opened anew
      this.isRefused = answer.status === 409;
      const advice = this.isRefused ? "您的改动还在这个页面里：请先点“更多”里的“导出”留一份，再重新打开页面。" : "";
      this.say(`没有保存：${said}${advice}`, "error");
    }
  }
}

// What is wrong with the form, what its fields are called and how its conditions read: asked while nothing is typed.
export class Studying {
  constructor(store, server) {
    Object.assign(this, { store, server });
    this.studied = null;
    store.listen((what) => what === "form" && this.later());
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now().catch(() => {}), 800);
  }

  async now() {
    clearTimeout(this.timer);
    const { form } = this.store;
    if (this.studied === form) return this.store.study;
    const study = await this.server.study(form);
    if (this.store.form !== form) return this.now();
    this.studied = form;
    this.store.study = study;
    this.store.tell("study");
    return study;
  }
}
