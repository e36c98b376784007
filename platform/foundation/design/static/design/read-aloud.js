// Reads a text or a page aloud, where the browser has a voice; without one its buttons stay hidden.

// a page without one text: what stands in it is read in its order, each piece once; the home page names its pieces
function pageReader(place) {
  const pieces = "h1, h2, h3, legend, label, p, li, dt, dd, th, td";
  const all = document.querySelectorAll(place.dataset.pageReader || "main :is(" + pieces + ")");
  const read = place.dataset.pageReader ? [...all] : [...all].filter((one) => {
    return !one.parentElement.closest(pieces) && !one.closest("nav, .elder-help") && one.checkVisibility();
  });
  // an article and a guide have their own
  place.hidden = !window.speechSynthesis || !read.length || Boolean(document.querySelector("[data-article-tools]"));
  readAloud(place.querySelector("[data-read]"), read);
}

function readAloud(button, parts) {
  const speech = window.speechSynthesis;
  if (!speech) return;
  button.hidden = false;
  const label = button.querySelector("span");
  const begin = label.textContent;
  const stop = () => {
    speech.cancel();
    parts.forEach((part) => part.classList.remove("is-read"));
    button.setAttribute("aria-pressed", "false");
    label.textContent = begin;
  };
  const read = (index) => {
    const part = parts[index];
    if (!part || button.getAttribute("aria-pressed") !== "true") return stop();
    parts.forEach((other) => other.classList.toggle("is-read", other === part));
    const words = new SpeechSynthesisUtterance(part.textContent);
    words.lang = "zh-CN";
    words.onend = () => read(index + 1);
    words.onerror = stop;
    speech.speak(words);
  };
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-pressed") === "true") return stop();
    button.setAttribute("aria-pressed", "true");
    label.textContent = "停止朗读";
    read(0);
  });
  addEventListener("pagehide", () => speech.cancel());
}

for (const article of document.querySelectorAll("[data-article]")) {
  const body = article.querySelector("[data-body]");
  readAloud(article.querySelector("[data-article-tools] [data-read]"), [article.querySelector("h1"), ...body.children]);
}
document.querySelectorAll("[data-page-reader]").forEach(pageReader);
