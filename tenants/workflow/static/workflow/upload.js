// Files of a form are sent as soon as they are chosen, in pieces: a lost connection costs one piece, and the rest goes on
// when it is back. What was typed stays on the page. Without this script files are sent with the form.
const PIECE = 512 * 1024;
const WAITS = [1, 2, 4, 8, 15, 30];

for (const form of document.querySelectorAll("form[data-chunks]")) begin(form);

function begin(form) {
  const section = form.querySelector("[data-uploads]");
  const list = section.querySelector("[data-uploads-list]");
  const said = section.querySelector("[data-uploads-said]");
  const token = form.querySelector('input[name="csrfmiddlewaretoken"]').value;
  const running = new Set();
  let pressed = null;

  const say = (words) => { said.textContent = words; };

  async function ask(address, body, headers = {}) {
    const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": token, ...headers } });
    if (answer.redirected || answer.status === 401 || answer.status === 403) throw new Refused("登录可能已失效。请在新窗口登录，再按“接着传”，这一页上填的不会丢。", true);
    let told = {};
    try {
      told = await answer.json();
    } catch {
      // of a proxy, or cut on its way: it is asked again
    }
    if (answer.ok && "offset" in told) return told;
    if (answer.status === 429 || answer.status >= 500 || !told.message) throw new Later();
    throw new Refused(told.message);
  }

  async function send(file, field) {
    const row = list.appendChild(section.querySelector("[data-upload]").content.cloneNode(true).firstElementChild);
    const bar = row.querySelector("progress");
    const state = row.querySelector("[data-state]");
    const again = row.querySelector("[data-again]");
    const job = { isDropped: false, wake: null };
    row.querySelector("[data-name]").textContent = file.name;
    bar.setAttribute("aria-label", `${file.name}的上传进度`);
    row.querySelector("[data-drop]").setAttribute("aria-label", `取消上传${file.name}`);
    row.querySelector("[data-drop]").addEventListener("click", () => {
      job.isDropped = true;
      job.wake?.();
      running.delete(job);
      row.remove();
      section.hidden = !list.children.length;
      resume();
    });
    again.addEventListener("click", () => job.wake?.());
    section.hidden = false;
    running.add(job);
    let place = null;
    let tries = 0;
    while (!job.isDropped) {
      try {
        if (!place) {
          const facts = new FormData();
          for (const [name, value] of [["name", file.name], ["size", file.size], ["mark", String(file.lastModified)]]) facts.append(name, value);
          place = await ask(form.dataset.chunks, facts);
          if (place.offset) say(`“${file.name}”接着上次的传，已有 ${percent(place.offset, file.size)}%。`);
        }
        state.textContent = `${percent(place.offset, file.size)}%`;
        bar.value = percent(place.offset, file.size);
        const piece = file.slice(place.offset, place.offset + PIECE);
        const told = await ask(`${place.at}?offset=${place.offset}`, piece, { "Content-Type": "application/octet-stream" });
        place.offset = told.offset;
        tries = 0;
        again.hidden = true;
        if (told.upload) {
          running.delete(job);
          row.remove();
          section.hidden = !list.children.length;
          return add(field, told.upload, file);
        }
      } catch (fault) {
        if (job.isDropped) return;
        if (fault instanceof Refused && !fault.canGoOn) return fail(job, row, file, fault.message);
        if (fault.name === "NotReadableError" || fault.name === "NotFoundError") return fail(job, row, file, "电脑上的这个文件打不开了，请再选一次这个文件，其他内容没有丢。");
        const wait = WAITS[Math.min(tries, WAITS.length - 1)];
        tries += 1;
        again.hidden = false;
        const there = `已传 ${percent(place?.offset ?? 0, file.size)}%`;
        if (fault instanceof Refused) state.textContent = fault.message;
        else state.textContent = fault instanceof Later ? `现在收不下，${there}，过一会儿自动接着传。` : `网络断开了，${there}，恢复后接着传。`;
        say(`“${file.name}”：${state.textContent}`);
        await rest(job, fault instanceof Refused ? 3600 : wait);
      }
    }
  }

  function rest(job, seconds) {
    return new Promise((done) => {
      const wake = () => {
        clearTimeout(timer);
        window.removeEventListener("online", wake);
        job.wake = null;
        done();
      };
      const timer = setTimeout(wake, seconds * 1000);
      window.addEventListener("online", wake);
      job.wake = wake;
    });
  }

  function fail(job, row, file, words) {
    running.delete(job);
    row.querySelector("progress").remove();
    row.querySelector("[data-again]").remove();
    row.querySelector("[data-state]").textContent = words;
    row.classList.add("error");
    say(`“${file.name}”没有传上来：${words}`);
    pressed = null;
  }

  function add(field, upload, file) {
    const input = form.querySelector(`input[type="file"][name="_file.${CSS.escape(field)}"]`);
    const choice = document.createElement("div");
    choice.className = "choice";
    const box = document.createElement("input");
    Object.assign(box, { type: "checkbox", name: field, value: upload.id, checked: true, id: `new-${upload.id}` });
    const label = document.createElement("label");
    label.htmlFor = box.id;
    label.textContent = `保留 ${upload.name}`;
    choice.append(box, label);
    const isThere = [...form.querySelectorAll(`input[name="${CSS.escape(field)}"]`)].some((one) => one.value === upload.id);
    if (input && !isThere) (form.querySelector(`label[for="${CSS.escape(input.id)}"]`) ?? input).before(choice);
    say(`“${file.name}”已上传。`);
    // the page is drawn with it; what else follows from it shows
    box.dispatchEvent(new Event("change", { bubbles: true }));
    resume();
  }

  // a button that was pressed while files were on their way is pressed when they are there
  function resume() {
    if (!pressed || running.size) return;
    const button = pressed;
    pressed = null;
    form.requestSubmit(button);
  }

  form.addEventListener("change", (event) => {
    const input = event.target;
    if (input.type !== "file" || !input.name.startsWith("_file.") || input.closest("[data-sign]")) return;
    event.stopPropagation();
    const field = input.name.slice("_file.".length);
    const files = [...input.files];
    input.value = "";
    for (const file of files) send(file, field);
  }, true);

  form.addEventListener("submit", (event) => {
    if (!running.size) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    pressed = event.submitter;
    say("还有文件正在上传，传完会自动提交。");
    section.scrollIntoView({ block: "center" });
  }, true);

  window.addEventListener("beforeunload", (event) => running.size && event.preventDefault());
}

const percent = (part, all) => Math.floor((100 * part) / Math.max(all, 1));

// the server has no time for it now
class Later extends Error {}

class Refused extends Error {
  constructor(message, canGoOn = false) {
    super(message);
    this.canGoOn = canGoOn;
  }
}
