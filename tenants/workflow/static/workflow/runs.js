// The page of a run: phrases go into the opinion with one click, and on a phone its parts are shown one at a time.
// Without this script people type, and the tabs are links to parts that stand below one another.
for (const list of document.querySelectorAll("[data-phrases]")) {
  list.hidden = false;
  list.addEventListener("click", (event) => {
    const phrase = event.target.closest("button")?.textContent;
    const box = document.getElementById(list.dataset.phrases);
    if (!phrase || !box) return;
    box.value += phrase;
    box.focus();
  });
}

const tabs = document.querySelector("[data-run-tabs]");
const panes = document.querySelector("[data-panes]");

// a pane is known by what its tab leads to: itself, something in it, or what it names
const isPaneOf = (pane, id) => pane.id === id || pane.dataset.pane === id || Boolean(pane.querySelector(`#${id}`)) || pane.getAttribute("aria-labelledby") === id;

function show(id) {
  const links = [...tabs.querySelectorAll("a")];
  const link = links.find((one) => one.hash === `#${id}`) ?? links[0];
  const shown = link.hash.slice(1);
  for (const one of links) {
    if (one === link) one.setAttribute("aria-current", "true");
    else one.removeAttribute("aria-current");
  }
  for (const pane of panes.querySelectorAll("[data-pane]")) pane.classList.toggle("is-shown", isPaneOf(pane, shown));
}

if (tabs && panes) {
  panes.classList.add("has-tabs");
  const isRefused = document.querySelector(".error-summary");
  show(isRefused ? "run-form" : location.hash.slice(1));
  tabs.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    event.preventDefault();
    history.replaceState(history.state, "", link.hash);
    show(link.hash.slice(1));
    document.dispatchEvent(new CustomEvent("run:shown"));
  });
}
