// A scanner types like a very fast person: `~`, the code, Enter. Outside boxes that opens what was scanned.
const place = document.getElementById("palette")?.dataset.scan;
const longestPause = 500;
let code = null;
let last = 0;

const inBox = (target) => target.closest?.("input, textarea, select, dialog[open]");

place && addEventListener("keydown", (event) => {
  const now = event.timeStamp;
  if (code !== null && now - last > longestPause) code = null;
  last = now;
  if (event.key === "~" && !inBox(event.target)) { code = ""; event.stopImmediatePropagation(); event.preventDefault(); return; }
  if (code === null) return;
  event.stopImmediatePropagation();
  event.preventDefault();
  if (event.key.length === 1) code += event.key;
  if (event.key !== "Enter" || !code) return;
  location.assign(`${place}?code=${encodeURIComponent(code)}`);
  code = null;
}, { capture: true });
