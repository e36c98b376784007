// What the server is asked: it alone judges a form, names fields and understands conditions.
import { csrfToken, messageOf } from "../editor/answers.js";

export class Server {
  constructor(urls) {
    this.urls = urls;
  }

  async nameFor(label) {
    const answer = await fetch(`${this.urls.names}?${new URLSearchParams({ label })}`, { headers: { Accept: "application/json" } });
    return answer.ok ? (await answer.json()).name : "";
  }

  post(url, data, options = {}) {
    return fetch(url, {
      method: "POST",
      body: JSON.stringify(data),
      headers: { "X-CSRFToken": csrfToken({ elements: {} }), "Content-Type": "application/json", Accept: "application/json" },
      redirect: "manual",
      ...options,
    });
  }

  async ask(url, data, options) {
    const answer = await this.post(url, data, options);
    if (answer.ok) return answer.json();
    if (answer.type === "opaqueredirect" || answer.status === 401) throw new Error("登录已失效，请在新窗口登录后再试。");
    throw new Error(messageOf(answer.status, await answer.json().catch(() => null)));
  }

  study(definition) {
    return this.ask(this.urls.study, { definition });
  }

  expression(asked) {
    return this.ask(this.urls.expression, asked);
  }
}
