// Nothing is chosen until somebody chooses it: the way on opens with one item and one kind of hall.
const form = document.querySelector("[data-hand-down]");
const items = [...form.querySelectorAll("[name=item]")];
const kinds = [...form.querySelectorAll("[name=kind]")];
const halls = [...form.querySelectorAll("[name=hall]")];
const all = form.querySelector("[data-all]");
const next = form.querySelector("[data-next]");
const said = form.querySelector("[data-chosen]");

function show() {
  const chosen = items.filter((box) => box.checked).length;
  const isMeant = [...kinds, ...halls].some((box) => box.checked);
  next.disabled = !chosen || !isMeant;
  all.checked = chosen === items.length;
  all.indeterminate = chosen > 0 && chosen < items.length;
  said.textContent = `已选 ${chosen.toLocaleString("zh-CN")} 项${isMeant ? "" : "，还没有选择下发到哪些服务厅"}`;
}

form.querySelector("[data-all-choice]").hidden = false;
form.addEventListener("change", (event) => {
  if (event.target === all) for (const box of items) box.checked = all.checked;
  show();
});
show();
