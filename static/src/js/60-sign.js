// A pad to sign on: what is drawn goes into the hidden field as a PNG. Without script the typed name serves.
const form = document.querySelector("form[data-sign]");
const pad = form?.querySelector("[data-sign-pad]");
const canvas = pad?.querySelector("canvas");
if (canvas) {
  const ink = canvas.getContext("2d");
  const field = form.elements.namedItem("signature");
  let drawing = false;
  let length = 0;
  let last = null;
  pad.hidden = false;
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return { x: ((event.clientX - box.left) * canvas.width) / box.width, y: ((event.clientY - box.top) * canvas.height) / box.height };
  };
  const begin = (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    drawing = true;
    last = place(event);
  };
  const move = (event) => {
    if (!drawing) return;
    const here = place(event);
    ink.lineWidth = 5;
    ink.lineCap = "round";
    ink.strokeStyle = getComputedStyle(canvas).color;
    ink.beginPath();
    ink.moveTo(last.x, last.y);
    ink.lineTo(here.x, here.y);
    ink.stroke();
    length += Math.hypot(here.x - last.x, here.y - last.y);
    last = here;
  };
  const end = () => {
    if (!drawing) return;
    drawing = false;
    // A touch by mistake is no signature.
    field.value = length > 80 ? canvas.toDataURL("image/png") : "";
  };
  canvas.addEventListener("pointerdown", begin);
  canvas.addEventListener("pointermove", move);
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  pad.querySelector("[data-sign-clear]").addEventListener("click", () => {
    ink.clearRect(0, 0, canvas.width, canvas.height);
    length = 0;
    field.value = "";
  });
}
