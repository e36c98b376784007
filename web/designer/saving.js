// Saves what is on a designer's page two seconds after the last change. The server counts revisions: where somebody
// else saved since, it refuses, and nothing is overwritten. Each save has a key, under which the server does it once.
import { isSignedOut, refusedWith } from "./server.js";

const PAUSE = 2_000;
const RETRY = 15_000;

export class Saving {
  // `current()`: what is on the page, another value after each change; `written(it)`: what of that is sent and kept;
  // `send(what, revision, key)`: resolves to the answer; `taken(answer)`: of what it says, its `revision` and what was
  // `left` out; `say(text, kind)`; `keep`: what to do before the page is opened anew, where somebody else was quicker
  // and the browser keeps nothing; `kept`: where what is not saved is kept meanwhile; `refused(faults)`: what the server
  // will not keep, with its places, nothing once it has kept all; `hold()`: keeps others out where a save that would do
  // so was refused
  constructor({ revision, current, written = (what) => what, send, taken, say, keep, kept, refused = () => {}, hold }) {
    Object.assign(this, { revision, current, written, send, taken, say, keep, kept, refused, hold });
    this.saved = current();
    this.timer = null;
    this.running = null;
    this.isRefused = false;
    // { mark, what, key }: a save of which nobody knows whether it came to the server
    this.unanswered = null;
    window.addEventListener("beforeunload", (event) => this.isDirty && event.preventDefault());
    window.addEventListener("online", () => this.isDirty && this.save());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.isDirty && this.save());
  }

  get isDirty() {
    return this.saved !== this.current();
  }

  change() {
    if (!this.isRefused) this.say("正在编辑……");
    this.later(PAUSE);
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  // resolves to whether the server has what is on the page
  async save() {
    clearTimeout(this.timer);
    if (!this.isDirty) return true;
    if (this.running || this.isRefused) this.kept.keep(this.revision, await this.written(this.current()));
    if (this.running) await this.running;
    if (!this.isDirty) return true;
    if (this.isRefused) return false;
    this.running = this.write().finally(() => {
      this.running = null;
    });
    await this.running;
    return !this.isDirty;
  }

  async write() {
    this.say("正在保存……");
    const mark = this.current();
    const now = { mark, what: await this.written(mark), key: crypto.randomUUID() };
    // one whose answer was lost may have come: under its key it is answered as it was then, and what was done since is
    // not refused as older than itself
    const sent = this.unanswered ?? now;
    const isKept = this.kept.keep(this.revision, now.what, sent.mark === mark ? sent.key : "");
    try {
      const answer = await this.send(sent.what, this.revision, sent.key);
      this.unanswered = answer.status >= 500 ? sent : null;
      if (sent.mark === mark || answer.status >= 500) return await this.take(answer, mark, isKept);
      if (answer.ok) this.stand(await answer.json(), sent.mark);
    } catch {
      this.unanswered = sent;
      this.say("网络不通，改动还在这个页面里，恢复后自动保存。请不要关闭页面。", "warning");
      return this.later(RETRY);
    }
    return this.write();
  }

  stand(answer, mark) {
    const { revision, left = [] } = this.taken(answer);
    this.revision = revision;
    this.saved = mark;
    return left;
  }

  async take(answer, mark, isKept) {
    if (answer.ok) {
      this.refused([]);
      const left = this.stand(await answer.json(), mark);
      if (this.isDirty) return this.later(PAUSE);
      this.kept.forget();
      if (left.length) this.say(`已自动保存。${left.map((one) => one.message).join("")}`, "warning");
      else this.say(`已自动保存 ${new Date().toLocaleTimeString("zh-CN", { hour12: false })}`, "success");
    } else if (isSignedOut(answer)) {
      this.say("登录已失效，改动还在这个页面里。请在新窗口登录，会自动保存。", "error");
      this.later(RETRY);
    } else if (answer.status >= 500 || answer.status === 429) {
      this.say("服务器暂时没有响应，改动还在这个页面里，稍后自动保存。", "warning");
      this.later(RETRY);
    } else {
      // trying again changes nothing before the page is opened anew
      this.isRefused = answer.status === 409;
      const { said, faults } = await refusedWith(answer);
      const apart = isKept ? "您的改动存在这台电脑上：重新打开页面，可以放回来。" : `您的改动还在这个页面里：${this.keep}`;
      const rest = this.isRefused ? apart : "您的改动还在这个页面里，改好以后自动保存。";
      this.say(`没有保存：${said}${rest}`, "error");
      this.refused(faults);
      if (!this.isRefused) this.hold();
    }
  }

  // publishing and leaving by a button take what is on the page with them
  goBefore(forms) {
    for (const form of forms) {
      form.addEventListener("submit", async (event) => {
        if (!this.isDirty) return;
        event.preventDefault();
        if (await this.save()) form.requestSubmit(event.submitter);
      });
    }
  }
}
