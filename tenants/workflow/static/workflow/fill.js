// A form that somebody fills in: what to do when the network is gone, and a signature by hand.
// Without it everything works: saving is a plain form, a signature is a picture that is uploaded.
document.documentElement.classList.add("scripted");

const notice = () => document.querySelector("[data-lost]");
const lost = (is) => { if (notice()) notice().hidden = !is; };

document.addEventListener("htmx:sendError", () => lost(true));
document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) lost(false); });
window.addEventListener("online", () => lost(false));

// a page that is left while the network is gone would lose what was typed: the form is not sent at all
document.addEventListener("submit", (event) => {
  if (!navigator.onLine && event.target.closest(".filling")) {
    event.preventDefault();
    lost(true);
    notice()?.scrollIntoView({ block: "center" });
  }
});

function drawable(box) {
  const input = box.querySelector("input[type=file]");
  if (!input || box.querySelector("canvas") || !window.DataTransfer) return;
  const canvas = document.createElement("canvas");
  canvas.width = 960;
  canvas.height = 320;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", "在这里手写签名；也可以用下面的按钮上传签名的照片");
  const again = document.createElement("button");
  again.type = "button";
  again.className = "button small";
  again.textContent = "重写";
  input.before(canvas, again);
  const pen = canvas.getContext("2d");
  pen.lineWidth = 5;
  pen.lineCap = "round";
  pen.strokeStyle = "#111";
  let isDown = false;
  const at = (event) => {
    const frame = canvas.getBoundingClientRect();
    return [((event.clientX - frame.left) * canvas.width) / frame.width, ((event.clientY - frame.top) * canvas.height) / frame.height];
  };
  canvas.addEventListener("pointerdown", (event) => { isDown = true; canvas.setPointerCapture(event.pointerId); pen.beginPath(); pen.moveTo(...at(event)); });
  canvas.addEventListener("pointermove", (event) => { if (isDown) { pen.lineTo(...at(event)); pen.stroke(); } });
  canvas.addEventListener("pointerup", () => {
    isDown = false;
    canvas.toBlob((blob) => {
      const files = new DataTransfer();
      files.items.add(new File([blob], "签名.png", { type: "image/png" }));
      input.files = files.files;
    }, "image/png");
  });
  again.addEventListener("click", () => { pen.clearRect(0, 0, canvas.width, canvas.height); input.value = ""; });
}

const drawAll = () => document.querySelectorAll("[data-sign]").forEach(drawable);
drawAll();
document.addEventListener("htmx:afterSettle", drawAll);
// the summary of what is wrong is read out first
document.querySelector(".error-summary")?.focus();
