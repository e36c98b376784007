// Cells of a row are one drawing: this finds the cell under the pointer or the keys, says what it is, and opens it.
const table = document.querySelector("[data-matrix]");

if (table) {
  const size = Number(table.dataset.cell);
  const said = document.querySelector("[data-matrix-said]");
  const halls = [...table.querySelectorAll("thead a")];
  const words = Object.fromEntries(
    [...document.querySelectorAll("#matrix-state option")].map((option) => [option.value, option.textContent]),
  );
  let column = -1;

  const show = (row, place) => {
    table.querySelectorAll(".is-here").forEach((one) => one.classList.remove("is-here"));
    column = place;
    const hall = halls[place];
    if (!hall) return;
    const item = row.querySelector("a");
    hall.classList.add("is-here");
    said.textContent = `${item.textContent} · ${hall.textContent}:${words[row.lastElementChild.dataset.cells[place]]}`;
  };

  const open = (row, place) => {
    const address = new URL(row.querySelector("a").href);
    address.searchParams.set("hall", halls[place].dataset.code);
    address.searchParams.delete("state");
    location.assign(address);
  };

  const cellAt = (event) => {
    const drawing = event.target.closest("tbody svg");
    if (!drawing) return null;
    const place = Math.floor((event.clientX - drawing.getBoundingClientRect().left) / size);
    return place >= 0 && place < halls.length ? [drawing.closest("tr"), place] : null;
  };

  table.addEventListener("mousemove", (event) => {
    const cell = cellAt(event);
    if (cell) show(...cell);
  });
  table.addEventListener("click", (event) => {
    const cell = cellAt(event);
    if (cell) open(...cell);
  });
  table.addEventListener("keydown", (event) => {
    const row = event.target.closest("tbody tr");
    if (!row) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const beside = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling }[event.key];
    if (step) {
      event.preventDefault();
      show(row, Math.min(Math.max(column + step, 0), halls.length - 1));
      halls[column].scrollIntoView({ block: "nearest", inline: "nearest" });
    } else if (beside) {
      event.preventDefault();
      beside.querySelector("a").focus({ preventScroll: true });
      beside.scrollIntoView({ block: "center" });
      show(beside, column);
    } else if (event.key === "Enter" && column >= 0) {
      event.preventDefault();
      open(row, column);
    }
  });
}
