// The frame's own behaviour: the menu on a phone, Ctrl+K and "/" to search, Ctrl+S to save.
const side = document.querySelector(".office-side");
const menu = document.querySelector(".office-menu");

function setMenu(open) {
  side.classList.toggle("is-open", open);
  menu.setAttribute("aria-expanded", String(open));
}

menu?.addEventListener("click", (event) => {
  event.stopPropagation();
  setMenu(!side.classList.contains("is-open"));
});
document.addEventListener("click", (event) => {
  if (side?.classList.contains("is-open") && !side.contains(event.target)) setMenu(false);
});

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.matches("input, textarea, select, [contenteditable]");
  if (event.key === "Escape" && side?.classList.contains("is-open")) setMenu(false);
  if ((event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) || (event.key === "/" && !isTyping)) {
    const search = document.querySelector("[data-search]");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  }
  if (event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey)) {
    const form = document.querySelector("form[data-save]");
    if (form) {
      event.preventDefault();
      form.requestSubmit();
    }
  }
});

// What does something grave asks once more, in its own words: those of the button, or else of the form.
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

// Of tabs that a phone shows in part, the one that is open can be seen.
for (const open of document.querySelectorAll(".tabs [aria-current]")) {
  const tabs = open.closest(".tabs");
  const [inner, outer] = [open.getBoundingClientRect(), tabs.getBoundingClientRect()];
  tabs.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
}

// Dialogs open from buttons that name them and close from buttons inside.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
});
