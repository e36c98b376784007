// What the server is asked: it alone judges a form, names fields and understands conditions.
import { isSignedOut, refusalOf, sendJson } from "../designer/server.js";

export class Server {
  constructor(urls) {
    this.urls = urls;
  }

  async nameFor(label) {
    const answer = await fetch(`${this.urls.names}?${new URLSearchParams({ label })}`, { headers: { Accept: "application/json" } });
    return answer.ok ? (await answer.json()).name : "";
  }

  async materials(search) {
    const answer = await fetch(`${this.urls.materials}?${new URLSearchParams({ search })}`, { headers: { Accept: "application/json" }, redirect: "manual" });
    if (answer.ok) return answer.json();
    throw new Error(isSignedOut(answer) ? "登录已失效，请在新窗口登录后再试。" : await refusalOf(answer));
  }

  save(definition, revision, key) {
    return sendJson(this.urls.save, { revision, definition }, "PATCH", key);
  }

  // keeps others out for another while; whether it did is told by the next save
  lock() {
    return sendJson(this.urls.lock, {}).catch(() => null);
  }

  async ask(url, data) {
    const answer = await sendJson(url, data);
    if (answer.ok) return answer.json();
    if (isSignedOut(answer)) throw new Error("登录已失效，请在新窗口登录后再试。");
    throw new Error(await refusalOf(answer));
  }

  study(definition) {
    return this.ask(this.urls.study, { definition });
  }

  expression(asked) {
    return this.ask(this.urls.expression, asked);
  }
}
