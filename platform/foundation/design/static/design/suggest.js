// Suggestions while somebody types: an editable combobox with list autocomplete, as ARIA's Authoring Practices have it
// (WAI-ARIA 1.2). The page works without it: the box is a search field like any other. One that is chosen is searched for.

const WAIT = 250;
const LEAST = 2;
const KEPT = 50;

function enhance(box) {
  const form = box.form;
  const holder = form.appendChild(Object.assign(document.createElement("div"), { className: "suggest" }));
  const list = holder.appendChild(Object.assign(document.createElement("ul"), { id: `${box.id}-list`, className: "suggest-list", hidden: true }));
  const said = holder.appendChild(Object.assign(document.createElement("span"), { className: "visually-hidden" }));
  // what was asked before is not asked again while the page is open
  const kept = new Map();
  let asked = null;
  let timer = 0;
  let typed = box.value;

  said.setAttribute("role", "status");
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "您是不是要找");
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]) {
    box.setAttribute(name, value);
  }
  form.classList.add("has-suggest");

  const options = () => [...list.children];
  const current = () => list.querySelector('[aria-selected="true"]');

  function close() {
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
    current()?.setAttribute("aria-selected", "false");
  }

  function show(names) {
    list.replaceChildren(
      ...names.map((name, place) => {
        const option = Object.assign(document.createElement("li"), { id: `${list.id}-${place}`, textContent: name });
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        return option;
      }),
    );
    box.removeAttribute("aria-activedescendant");
    list.hidden = !names.length;
    box.setAttribute("aria-expanded", String(!list.hidden));
    said.textContent = names.length ? `${names.length} 个建议，用上下键选择` : "没有建议";
  }

  function mark(option) {
    current()?.setAttribute("aria-selected", "false");
    if (!option) {
      box.removeAttribute("aria-activedescendant");
      box.value = typed;
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", option.id);
    box.value = option.textContent;
  }

  async function ask() {
    const words = box.value.trim();
    asked?.abort();
    if (kept.has(words)) return show(kept.get(words));
    asked = new AbortController();
    try {
      const answer = await fetch(`${box.dataset.suggestions}?q=${encodeURIComponent(words)}`, { signal: asked.signal });
      // too often, or away: the search works as well
      if (!answer.ok) return close();
      const names = await answer.json();
      if (kept.size >= KEPT) kept.clear();
      kept.set(words, names);
      if (document.activeElement === box) show(names);
    } catch {
      return; // a later key press asked again
    }
  }

  function changed() {
    typed = box.value;
    clearTimeout(timer);
    if (typed.trim().length < LEAST) {
      asked?.abort();
      list.replaceChildren();
      said.textContent = "";
      return close();
    }
    timer = setTimeout(ask, WAIT);
  }

  // of pinyin that is still being typed nothing is meant yet
  box.addEventListener("input", (event) => !event.isComposing && changed());
  box.addEventListener("compositionend", changed);
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const all = options();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!all.length) return;
      event.preventDefault();
      if (list.hidden) {
        list.hidden = false;
        box.setAttribute("aria-expanded", "true");
      }
      // past either end is what was typed
      const places = [null, ...all];
      const at = places.indexOf(current()) + (event.key === "ArrowDown" ? 1 : -1);
      mark(places.at(at === places.length ? 0 : at));
    } else if (event.key === "Escape") {
      if (list.hidden) return;
      event.preventDefault();
      box.value = typed;
      close();
    }
  });
  // before the box loses the focus
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest('[role="option"]');
    if (!option) return;
    box.value = option.textContent;
    close();
    form.requestSubmit();
  });
}

for (const box of document.querySelectorAll("[data-suggestions]")) enhance(box);
