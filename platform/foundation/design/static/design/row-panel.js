// A row of a table opens beside it: [data-panel] links show the marked parts of the page that they lead to
// ([data-panel-part]) in a dialog, so that there is one page, one set of rights and one set of acts. Without this script,
// with a modifier key or from another window the same links are links. The address says what is open (#row=…).

const PARTS = "[data-panel-part]";
const MARK = "#row=";
let dialog = null;
let opener = null;

function make() {
  const made = document.createElement("dialog");
  made.className = "row-panel";
  made.setAttribute("aria-labelledby", "row-panel-title");
  made.innerHTML =
    '<div class="row-panel-head"><h2 id="row-panel-title" tabindex="-1"></h2><a class="button small" data-panel-whole>整页打开</a>' +
    '<button class="button small" type="button" data-panel-close>关闭</button></div><div class="row-panel-body"></div>';
  made.querySelector("[data-panel-close]").addEventListener("click", () => made.close());
  made.addEventListener("click", (event) => event.target === made && made.close());
  made.addEventListener("close", closed);
  document.body.append(made);
  return made;
}

function closed() {
  if (location.hash.startsWith(MARK)) history.replaceState(history.state, "", location.pathname + location.search);
  dialog.querySelector(".row-panel-body").replaceChildren();
  opener?.focus();
  opener = null;
}

const renamed = (names, one) => (one.startsWith("#") ? `#${renamed(names, one.slice(1))}` : (names.get(one) ?? one));

// no id may be there twice, and what was meant for its own page must go there from this one
function setApart(part, address) {
  for (const form of [...part.querySelectorAll("form"), part].filter((one) => one.matches("form"))) {
    if (!form.getAttribute("action")) form.setAttribute("action", address);
  }
  for (const link of part.querySelectorAll('a[href^="?"], a[href^="#"]')) link.setAttribute("href", address + link.getAttribute("href"));
  const names = new Map();
  for (const element of part.querySelectorAll("[id]")) {
    names.set(element.id, `panel-${element.id}`);
    element.id = `panel-${element.id}`;
  }
  for (const name of ["for", "aria-labelledby", "aria-describedby", "aria-controls", "hx-target"]) {
    for (const element of part.querySelectorAll(`[${name}]`)) {
      const said = element.getAttribute(name).split(" ");
      element.setAttribute(name, said.map((one) => renamed(names, one)).join(" "));
    }
  }
}

async function open(link) {
  dialog ??= make();
  opener = link;
  let page = null;
  try {
    const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
    if (answer.ok && !answer.redirected) page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    // the network is away: the link itself says so
  }
  const parts = page ? [...page.querySelectorAll(PARTS)] : [];
  if (!parts.length) {
    location.assign(link.href);
    return;
  }
  for (const part of parts) setApart(part, new URL(link.href).pathname);
  const body = dialog.querySelector(".row-panel-body");
  dialog.querySelector("#row-panel-title").replaceChildren(page.querySelector("main h1").textContent.trim());
  dialog.querySelector("[data-panel-whole]").href = link.href;
  body.replaceChildren(...parts);
  window.htmx?.process(body);
  history.replaceState(history.state, "", `${location.pathname}${location.search}${MARK}${link.dataset.panel}`);
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("#row-panel-title").focus();
}

// the whole row is as good as its link, but for what has a meaning of its own
document.addEventListener("click", (event) => {
  const own = event.target.closest("a, button, input, label, summary, select, textarea");
  const isChosen = String(window.getSelection() ?? "");
  const link = own ? own.closest("a[data-panel]") : isChosen ? null : event.target.closest("tr")?.querySelector("a[data-panel]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  open(link);
});

// an address that somebody shared
if (location.hash.startsWith(MARK)) {
  const link = document.querySelector(`a[data-panel="${CSS.escape(location.hash.slice(MARK.length))}"]`);
  if (link) open(link);
}
