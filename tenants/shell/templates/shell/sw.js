// The hall's site without a network: the page that says so, and the articles and guides read last. With a network every
// page comes from the site, so that nothing withdrawn is shown. And the notices that readers asked for.
const STYLES = "frame";
const ARTICLES = "articles";
const MOST_ARTICLES = 20;
const FRAME = [{% for address in frame %}"{{ address }}", {% endfor %}"/offline/"];

addEventListener("install", (event) => {
  event.waitUntil(caches.open(STYLES).then((cache) => cache.addAll(FRAME)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => event.waitUntil(dropOldFrame().then(() => clients.claim())));

async function dropOldFrame() {
  const cache = await caches.open(STYLES);
  const old = (await cache.keys()).filter((request) => !FRAME.includes(new URL(request.url).pathname));
  await Promise.all(old.map((request) => cache.delete(request)));
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, url));
  else if (FRAME.includes(url.pathname)) event.respondWith(fetch(request).catch(() => caches.match(url.pathname)));
});

async function page(request, url) {
  const isArticle = /^\/(?:{{ readable|join:"|" }})\/[0-9a-f-]{36}\/$/.test(url.pathname);
  try {
    const response = await fetch(request);
    if (isArticle) await keep(url.pathname, response);
    return response;
  } catch {
    const articles = await caches.open(ARTICLES);
    return (isArticle && (await articles.match(url.pathname))) || caches.match("/offline/");
  }
}

async function keep(path, response) {
  const articles = await caches.open(ARTICLES);
  // what is withdrawn, moved or gone leaves the phone as well
  await articles.delete(path);
  if (response.status !== 200) return;
  await articles.put(path, response.clone());
  const kept = await articles.keys();
  await Promise.all(kept.slice(0, Math.max(0, kept.length - MOST_ARTICLES)).map((old) => articles.delete(old)));
}

addEventListener("push", (event) => event.waitUntil(notify(event.data.json())));

async function notify(news) {
  // a withdrawal takes its notice back; one that nobody has seen was overtaken on its way
  if (news.act === "withdraw") {
    const shown = await registration.getNotifications({ tag: news.push_id });
    return shown.forEach((notice) => notice.close());
  }
  const { pathname } = new URL(news.url);
  return registration.showNotification(news.title, {
    body: news.summary,
    tag: news.push_id,
    icon: "{{ icon }}",
    lang: "zh-CN",
    data: { pathname },
  });
}

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(clients.openWindow(event.notification.data.pathname));
});
