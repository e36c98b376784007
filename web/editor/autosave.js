// Saves the form in the background: two seconds after the last change, and when the page is left.
// The server counts revisions; where somebody else saved since, it refuses, and nothing is overwritten.
import { csrfToken, messageOf } from "./answers.js";

const PAUSE = 2_000;
const RETRY = 15_000;

export class Autosave {
  constructor(root, form, { drafts, say }) {
    Object.assign(this, { url: root.dataset.saveUrl, signIn: root.dataset.signInUrl, form, drafts, say });
    this.timer = null;
    this.isDirty = false;
    this.isSaving = false;
    this.isRefused = false;
    this.isSent = false;
    form.addEventListener("input", () => this.change());
    form.addEventListener("change", () => this.change());
    form.addEventListener("submit", () => this.send());
    window.addEventListener("beforeunload", (event) => {
      if (this.isDirty) event.preventDefault();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && this.isDirty) this.save();
    });
    window.addEventListener("pagehide", () => {
      // a form that was sent may come back to this same page, which takes the lock anew
      if (!root.dataset.releaseUrl || this.isDirty || this.isSent || this.isSaving) return;
      const body = new FormData();
      body.append("csrfmiddlewaretoken", csrfToken(form));
      navigator.sendBeacon(root.dataset.releaseUrl, body);
    });
    window.addEventListener("online", () => this.isDirty && this.save());
  }

  change() {
    this.isDirty = true;
    this.drafts.keep();
    if (!this.url) {
      this.say("尚未提交，文字已存在本机。");
      return;
    }
    if (this.isRefused) return;
    this.say("正在编辑……");
    this.later(PAUSE);
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  // the form itself is sent now: what it carries must be accepted by the session of this moment
  send() {
    clearTimeout(this.timer);
    const token = this.form.elements.csrfmiddlewaretoken;
    if (token) token.value = csrfToken(this.form);
    this.isDirty = false;
    this.isSent = true;
    this.drafts.markSent();
  }

  async save() {
    clearTimeout(this.timer);
    this.timer = null;
    if (!this.url || this.isSaving || this.isRefused || !this.isDirty) return;
    this.isSaving = true;
    this.isDirty = false;
    this.say("正在保存……");
    try {
      const answer = await fetch(this.url, {
        method: "POST",
        body: textsOf(this.form),
        headers: { "X-CSRFToken": csrfToken(this.form), Accept: "application/json" },
        redirect: "manual",
        keepalive: document.visibilityState === "hidden",
      });
      await this.take(answer);
    } catch {
      this.isDirty = true;
      this.say("网络不通，文字已存在本机，恢复后自动保存。", "warning");
      this.later(RETRY);
    } finally {
      this.isSaving = false;
      if (this.isDirty && !this.isRefused && !this.timer) this.later(PAUSE);
    }
  }

  async take(answer) {
    if (answer.ok) {
      const { revision, saved_at: savedAt } = await answer.json();
      this.form.elements.revision.value = revision;
      // what was typed while this was on its way is saved next
      if (!this.isDirty) {
        this.drafts.forget();
        this.say(`已自动保存 ${savedAt}`, "success");
      }
      return;
    }
    this.isDirty = true;
    if (answer.type === "opaqueredirect" || answer.status === 401) {
      this.say("登录已失效，文字已存在本机。请在新窗口登录，再回到这里，会自动保存。", "error");
      this.offerSignIn();
      this.later(RETRY);
    } else if (answer.status >= 500 || answer.status === 429) {
      this.say("服务器暂时没有响应，文字已存在本机，稍后自动保存。", "warning");
      this.later(RETRY);
    } else {
      // trying again changes nothing before the text is changed or the page is opened anew
      this.isRefused = answer.status !== 422;
      this.say(messageOf(answer.status, await answer.json().catch(() => null)), "error");
    }
  }

  offerSignIn() {
    const link = document.createElement("a");
    link.href = this.signIn;
    link.target = "_blank";
    link.textContent = "打开登录窗口";
    const status = document.querySelector("[data-editor-status]");
    status.append(" ", link);
  }
}

// a chosen file goes with the form itself, once, and not with every save; nor does the token the page was opened with,
// which Django would believe before the header's, although signing in again has replaced it
function textsOf(form) {
  const data = new FormData(form);
  data.delete("csrfmiddlewaretoken");
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  return data;
}
