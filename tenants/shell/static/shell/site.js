// What a page can do better with JavaScript. Without it every page is complete.

function tabs(frame) {
  const panels = [...frame.querySelectorAll(":scope > section")];
  if (panels.length < 2) return;
  const list = document.createElement("div");
  list.className = "tab-list";
  list.setAttribute("role", "tablist");
  const buttons = panels.map((panel, index) => {
    const heading = panel.querySelector("h2");
    const button = document.createElement("button");
    button.type = "button";
    button.id = `${heading.id}-button`;
    button.textContent = heading.textContent;
    button.setAttribute("role", "tab");
    panel.id ||= `${heading.id}-panel`;
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", button.id);
    button.setAttribute("aria-controls", panel.id);
    button.addEventListener("click", () => choose(index));
    list.append(button);
    return button;
  });
  const choose = (chosen) => {
    panels.forEach((panel, index) => {
      panel.hidden = index !== chosen;
      buttons[index].setAttribute("aria-selected", String(index === chosen));
      buttons[index].tabIndex = index === chosen ? 0 : -1;
    });
  };
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = (buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length;
    choose(next);
    buttons[next].focus();
  });
  frame.prepend(list);
  frame.classList.add("is-tabbed");
  choose(0);
}

// hidden until there is a script that prints
for (const button of document.querySelectorAll("[data-print-page]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

function articleTools(article) {
  const tools = article.querySelector("[data-article-tools]");
  const body = article.querySelector("[data-body]");
  const said = tools.querySelector("[data-said]");
  tools.hidden = false;
  tools.querySelector("[data-print]").addEventListener("click", () => window.print());
  const larger = tools.querySelector("[data-larger]");
  larger?.addEventListener("click", () => {
    larger.setAttribute("aria-pressed", String(body.classList.toggle("is-larger")));
  });
  const share = tools.querySelector("[data-share]");
  share.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(share.dataset.share);
      said.textContent = "已复制标题和网址";
    } catch {
      said.textContent = share.dataset.share;
    }
  });
}

async function listKeptArticles(list) {
  const cache = await caches.open("articles");
  for (const request of (await cache.keys()).reverse()) {
    const page = await (await cache.match(request)).text();
    const title = new DOMParser().parseFromString(page, "text/html").querySelector("h1")?.textContent;
    if (!title) continue;
    const link = document.createElement("a");
    link.href = request.url;
    link.textContent = title;
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
}

async function notices(place) {
  if (!("PushManager" in window) || !("Notification" in window)) return;
  const { pushManager } = await navigator.serviceWorker.ready;
  const button = place.querySelector("button");
  const said = place.querySelector("[role=status]");
  let subscription = await pushManager.getSubscription();
  const show = () => button.setAttribute("aria-pressed", String(subscription !== null));
  const subscribe = async () => {
    const key = place.dataset.notices;
    const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    await tell("/subscription/", made).catch(async (error) => {
      await made.unsubscribe();
      throw error;
    });
    return made;
  };
  const end = async () => {
    await tell("/subscription/end/", subscription);
    await subscription.unsubscribe();
    return null;
  };
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      subscription = await (subscription ? end() : subscribe());
      said.textContent = subscription ? "已订阅，有新消息时会通知您" : "已取消订阅";
    } catch {
      const isForbidden = Notification.permission === "denied";
      said.textContent = isForbidden ? "浏览器不允许通知，请在浏览器设置中允许" : "没有成功，请稍后再试";
    }
    button.disabled = false;
    show();
  });
  show();
  place.hidden = false;
}

async function tell(address, subscription) {
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  const response = await fetch(address, { method: "POST", headers, body: JSON.stringify(subscription) });
  if (!response.ok) throw new Error(response.statusText);
}

// what is sent from the installed app says so
if (window.matchMedia("(display-mode: standalone)").matches) {
  for (const field of document.querySelectorAll("[data-in-app]")) field.value = field.dataset.inApp;
}

document.querySelectorAll("[data-tabs]").forEach(tabs);
document.querySelectorAll("[data-article]").forEach(articleTools);
document.querySelectorAll("[data-kept-articles]").forEach(listKeptArticles);
// a hall that is suspended gives out neither
if ("serviceWorker" in navigator && window.isSecureContext && document.querySelector("link[rel=manifest]")) {
  navigator.serviceWorker.register("/sw.js");
  document.querySelectorAll("[data-notices]").forEach(notices);
}
