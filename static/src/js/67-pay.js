// Taking a payment by keyboard: opening the region puts the cursor into the amount; there, letters choose the way of paying
// (no letter is part of an amount), and the links beside it fill it in.
const ways = { c: "card", d: "cash", t: "transfer", m: "insurer", v: "voucher" };

function fill(form, link) {
  const box = form.elements.amount;
  box.value = link.dataset.amount;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
  box.select();
}

for (const form of document.querySelectorAll("form[data-pay]")) {
  const box = form.elements.amount;
  form.closest("details")?.addEventListener("toggle", (event) => {
    if (!event.target.open || event.target !== form.closest("details")) return;
    box.focus();
    box.select();
  });
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
    const way = form.querySelector(`input[name=method][value="${ways[event.key] ?? ""}"]`);
    const link = form.querySelector(`[data-amount-key="${CSS.escape(event.key)}"]`);
    if (!way && !link) return;
    event.preventDefault();
    if (way) way.checked = true;
    else fill(form, link);
  });
  form.addEventListener("click", (event) => {
    const link = event.target.closest("[data-amount]");
    if (!link) return;
    event.preventDefault();
    fill(form, link);
  });
}
