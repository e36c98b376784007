// Choosing by name (foundation/design/picking.py): a combobox with list autocomplete, as ARIA's Authoring Practices have
// it. The text shows the name; a hidden field of the same name posts the code, or the words where nothing was chosen.

const WAIT = 150;
let count = 0;

function enhance(box) {
  const input = box.querySelector("input");
  const choice = box.querySelector("select");
  const label = document.querySelector(`label[for="${input.id}"]`);
  const hidden = Object.assign(document.createElement("input"), { type: "hidden", name: input.name, value: box.dataset.value });
  const list = Object.assign(document.createElement("ul"), { id: `pick-${++count}`, className: "pick-list", hidden: true });
  const said = Object.assign(document.createElement("span"), { className: "visually-hidden" });
  let asked = null;
  let timer = 0;

  said.setAttribute("role", "status");
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", label ? label.textContent.trim() : "可以选择的");
  input.removeAttribute("name");
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]) {
    input.setAttribute(name, value);
  }
  box.append(hidden, list, said);

  const options = () => [...list.children];
  const current = () => list.querySelector('[aria-selected="true"]');

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function open() {
    list.hidden = options().length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  function mark(option) {
    current()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  function take(option) {
    input.value = option.dataset.shown;
    hidden.value = option.dataset.value;
    if (choice) choice.value = "";
    close();
    said.textContent = `已选 ${option.dataset.shown}`;
    box.dispatchEvent(new CustomEvent("picked", { bubbles: true, detail: { value: option.dataset.value, input, hidden } }));
  }

  async function ask() {
    asked?.abort();
    asked = new AbortController();
    const address = new URL(box.dataset.picks, location.href);
    address.searchParams.set("q", input.value.trim());
    try {
      const answer = await fetch(address, { signal: asked.signal, headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      list.innerHTML = await answer.text();
    } catch {
      return; // a later key press asked again, or the network is away: the words are sent as they are
    }
    options().forEach((option, place) => (option.id = `${list.id}-${place}`));
    if (document.activeElement === input) open();
    said.textContent = options().length ? `${options().length} 个可选，用上下键选择` : "没有找到";
  }

  function typed() {
    hidden.value = input.value.trim();
    if (choice) choice.value = "";
    clearTimeout(timer);
    if (!input.value.trim()) {
      asked?.abort();
      list.replaceChildren();
      said.textContent = "";
      return close();
    }
    timer = setTimeout(ask, WAIT);
  }

  input.addEventListener("input", (event) => !event.isComposing && typed());
  input.addEventListener("compositionend", typed);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const all = options();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) return all.length ? open() : input.value.trim() && ask();
      const next = all.indexOf(current()) + (event.key === "ArrowDown" ? 1 : -1);
      mark(all.at(next < 0 ? -1 : next % all.length));
    } else if (event.key === "Enter" && !list.hidden && current()) {
      event.preventDefault();
      take(current());
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });
  // before the field loses the focus
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest('[role="option"]');
    if (option) take(option);
  });
}

function enhanceAll(root) {
  for (const box of root.querySelectorAll("[data-picks]:not([data-picks-ready])")) {
    box.dataset.picksReady = "";
    enhance(box);
  }
}

enhanceAll(document);
document.addEventListener("htmx:load", (event) => enhanceAll(event.target));
