// a phrase goes into the opinion with one click; without this script people type it
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
