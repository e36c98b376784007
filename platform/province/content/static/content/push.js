// The push dialog: the tree writes codes into two fields, the fields are the truth, and the live line follows them.
const form = document.querySelector("[data-push]");
const to = form.elements.to;
const excluded = form.elements.excluded;
const LENGTHS = [2, 4, 6, 9, 12];

// with the tree at hand the codes are the second way
form.querySelector("[data-codes]").open = Boolean(form.querySelector("[data-codes] .faulty"));

const codesOf = (field) => field.value.split(/[\s,，;；、]+/).filter(Boolean);
const prefixOf = (code) => code.slice(0, LENGTHS.find((length) => /^0*$/.test(code.slice(length))));
const isBelow = (code, above) => prefixOf(code).startsWith(prefixOf(above));
const isStrictlyBelow = (code, above) => isBelow(code, above) && prefixOf(code) !== prefixOf(above);

function write(toCodes, excludedCodes) {
  to.value = toCodes.join(" ");
  excluded.value = excludedCodes.join(" ");
  changed();
}

function changed() {
  showTree();
  form.dispatchEvent(new CustomEvent("audiencechange"));
}

// three states: the whole of it, part of it, nothing of it
function showTree() {
  // nothing goes out to nobody, and nobody is meant until somebody was chosen
  form.querySelector("[data-go]").disabled = codesOf(to).length === 0;
  const sent = codesOf(to);
  const left = codesOf(excluded);
  for (const box of form.querySelectorAll("[data-pick]")) {
    const code = box.dataset.pick;
    const isSent = sent.some((one) => isBelow(code, one));
    const isLeft = left.some((one) => isBelow(code, one));
    const isPart = isSent && !isLeft ? left.some((one) => isStrictlyBelow(one, code)) : sent.some((one) => isStrictlyBelow(one, code));
    box.checked = isSent && !isLeft;
    box.indeterminate = isPart;
    box.disabled = left.some((one) => isStrictlyBelow(code, one));
  }
}

function pick(code, isWanted) {
  const sent = codesOf(to);
  const left = codesOf(excluded);
  const sentElsewhere = sent.filter((one) => !isBelow(one, code));
  const leftElsewhere = left.filter((one) => !isBelow(one, code));
  const isCovered = sentElsewhere.some((one) => isBelow(code, one));
  if (isWanted) write(isCovered ? sentElsewhere : [...sentElsewhere, code], leftElsewhere);
  else write(sentElsewhere, isCovered ? [...leftElsewhere, code] : leftElsewhere);
}

form.addEventListener("change", (event) => {
  const field = event.target;
  if (field.dataset.pick) pick(field.dataset.pick, field.checked);
  else if (field === to || field === excluded || field.name === "kinds" || field.name === "mode" || field.name === "column") changed();
  if (field.matches("[data-preview-hall], [name=column]")) showPreview();
});

form.addEventListener("click", (event) => {
  const whole = event.target.closest("[data-pick-all]");
  if (whole) {
    event.preventDefault();
    write([whole.dataset.pickAll], []);
    return;
  }
  const drop = event.target.closest("[data-drop]");
  if (!drop) return;
  const code = drop.dataset.drop;
  write(codesOf(to).filter((one) => one !== code), codesOf(excluded).filter((one) => one !== code));
});

// a place that was chosen by its name joins the audience
form.querySelector("[data-add]").addEventListener("picked", (event) => {
  pick(event.detail.value, true);
  event.detail.input.value = "";
  event.detail.hidden.value = "";
});

function showPreview() {
  const hall = form.querySelector("[data-preview-hall]").value;
  const query = new URLSearchParams({ hall, column: form.elements.column.value });
  for (const frame of form.querySelectorAll("[data-preview]")) {
    const address = `${frame.src.split(/[?#]/)[0]}?${query}`;
    if (frame.src !== address) frame.src = address;
  }
}

document.body.addEventListener("htmx:afterSwap", (event) => {
  showTree();
  if (event.target.id !== "audience") return;
  form.querySelector("[data-echo]").textContent = form.querySelector(".audience-line").textContent.trim();
  const choice = form.querySelector("[data-preview-hall]");
  const halls = form.querySelector("#preview-halls");
  const before = choice.value;
  choice.replaceChildren(...(halls ? [...halls.children].map((one) => one.cloneNode(true)) : []));
  if ([...choice.options].some((one) => one.value === before)) choice.value = before;
  showPreview();
});

showTree();
showPreview();
