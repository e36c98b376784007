// The viewer of materials: pictures and pages of PDFs, zoomed and turned, one after the other. What is looked at comes by
// a link that soon ends, asked for at each look; a PDF comes page by page as pictures, so that a phone shows it, too.
// Without this script the materials are a list of links.
const STEP = 1.25;
const LEAST = 0.25;
const MOST = 6;

for (const section of document.querySelectorAll("[data-materials]")) begin(section);

function begin(section) {
  const links = [...section.querySelectorAll("a[data-look]")];
  const viewer = section.querySelector("[data-viewer]");
  const stage = viewer.querySelector("[data-stage]");
  const sheet = viewer.querySelector("[data-sheet]");
  const picture = viewer.querySelector("[data-picture]");
  const instead = viewer.querySelector("[data-instead]");
  const said = viewer.querySelector("[data-said]");
  const whole = viewer.querySelector("[data-open]");
  const panes = section.closest("[data-panes]");
  // how each was turned, so that it is the same when one comes back to it
  const turned = links.map(() => 0);
  const pages = links.map(() => 1);
  let at = 0;
  let page = 1;
  let zoom = 1;
  let asked = 0;

  viewer.hidden = false;
  section.classList.add("is-viewer");

  function lay() {
    const { naturalWidth: width, naturalHeight: height } = picture;
    if (!width || picture.hidden) return;
    const room = (stage.clientWidth || 300) * zoom;
    const lies = turned[at] % 180 !== 0;
    const shownWidth = lies ? (room * width) / height : room;
    const shownHeight = (shownWidth * height) / width;
    picture.style.width = `${shownWidth}px`;
    picture.style.transform = `translate(-50%, -50%) rotate(${turned[at]}deg)`;
    sheet.style.width = `${room}px`;
    sheet.style.height = `${lies ? shownWidth : shownHeight}px`;
  }

  function tell(words) {
    const place = links.length > 1 ? `第 ${at + 1} 份，共 ${links.length} 份：` : "";
    const where = pages[at] > 1 ? `，第 ${page} 页，共 ${pages[at]} 页` : "";
    said.textContent = `${place}${links[at].textContent}${where}${words ? `。${words}` : ""}`;
  }

  function refuse(words) {
    picture.hidden = true;
    sheet.style.height = "0";
    instead.hidden = false;
    instead.textContent = words;
    tell(words);
  }

  async function look() {
    const mine = ++asked;
    const link = links[at];
    for (const one of links) one.toggleAttribute("aria-current", one === link);
    whole.href = link.href;
    for (const [act, is] of [["before", at === 0 && page === 1], ["next", at === links.length - 1 && page >= pages[at]]]) {
      viewer.querySelector(`[data-do="${act}"]`).disabled = is;
    }
    instead.hidden = true;
    if (link.dataset.look === "other") return refuse("这种文件网页上看不了，请点“打开原文件”下载。");
    tell("正在打开……");
    let found;
    try {
      const answer = await fetch(`${link.dataset.at}?page=${page}`, { headers: { Accept: "application/json" } });
      if (answer.redirected) throw new Error("登录已失效，请刷新页面重新登录。");
      found = await answer.json();
      if (!answer.ok) throw new Error(found.message);
    } catch (fault) {
      if (mine === asked) refuse(fault instanceof TypeError || fault instanceof SyntaxError ? "现在打不开，可能是网络断开了。请再按一次。" : fault.message);
      return;
    }
    // somebody has gone on meanwhile
    if (mine !== asked) return;
    pages[at] = found.pages;
    const next = new Image();
    next.src = found.url;
    try {
      await next.decode();
    } catch {
      if (mine === asked) refuse("现在打不开，可能是网络断开了。请再按一次。");
      return;
    }
    if (mine !== asked) return;
    picture.src = found.url;
    picture.alt = `${link.textContent}${found.pages > 1 ? `，第 ${page} 页` : ""}`;
    await picture.decode().catch(() => {});
    picture.hidden = false;
    viewer.querySelector('[data-do="next"]').disabled = at === links.length - 1 && page >= pages[at];
    lay();
    stage.scrollTo(0, 0);
    tell("");
  }

  const ACTS = {
    before() {
      if (page > 1) page -= 1;
      else if (at > 0) [at, page] = [at - 1, pages[at - 1]];
      else return;
      look();
    },
    next() {
      if (page < pages[at]) page += 1;
      else if (at < links.length - 1) [at, page] = [at + 1, 1];
      else return;
      look();
    },
    bigger: () => zoomTo(zoom * STEP),
    smaller: () => zoomTo(zoom / STEP),
    fit: () => zoomTo(1),
    left: () => turn(-90),
    right: () => turn(90),
    wide() {
      const is = panes.classList.toggle("is-wide");
      viewer.querySelector('[data-do="wide"]').setAttribute("aria-pressed", String(is));
      lay();
    },
  };

  function zoomTo(wanted) {
    // what was in the middle stays there
    const [x, y] = [(stage.scrollLeft + stage.clientWidth / 2) / stage.scrollWidth, (stage.scrollTop + stage.clientHeight / 2) / stage.scrollHeight];
    zoom = Math.min(MOST, Math.max(LEAST, wanted));
    lay();
    stage.scrollTo(x * stage.scrollWidth - stage.clientWidth / 2, y * stage.scrollHeight - stage.clientHeight / 2);
    tell(`${Math.round(zoom * 100)}%`);
  }

  function turn(degrees) {
    turned[at] = (turned[at] + degrees + 360) % 360;
    lay();
    tell(turned[at] ? `已旋转 ${turned[at]} 度` : "已转正");
  }

  viewer.addEventListener("click", (event) => ACTS[event.target.closest("[data-do]")?.dataset.do]?.());
  section.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-look]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    [at, page] = [links.indexOf(link), 1];
    look();
    stage.focus({ preventScroll: true });
  });

  // only while the focus is in the viewer, and for turning pages on the picture: elsewhere these keys are the browser's
  const KEYS = { "+": "bigger", "=": "bigger", "-": "smaller", 0: "fit", r: "right", l: "left", f: "wide", PageDown: "next", PageUp: "before" };
  viewer.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // what is larger than its frame is moved by the arrows
    const turnsPage = event.target === stage && zoom <= 1 && { ArrowRight: "next", ArrowLeft: "before" }[event.key];
    const act = turnsPage || KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    ACTS[act]();
  });
  new ResizeObserver(lay).observe(stage);
  look();
}
