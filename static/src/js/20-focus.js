// After a refused form the summary is read first; after a swap the same holds for the new part of the page.
const focusSummary = (within) => within.querySelector?.(".error-summary")?.focus();
focusSummary(document);
// A group of boxes cannot carry `autofocus`: its first box takes the cursor when nothing else has it.
if (document.activeElement === document.body) document.querySelector("[data-first-box] input:not([type=hidden])")?.focus();
document.addEventListener("htmx:afterSwap", (event) => focusSummary(event.target));

// The part of the page that is being fetched says so; the style sheet draws the line.
document.addEventListener("htmx:beforeRequest", (event) => event.detail.target?.setAttribute("aria-busy", "true"));
document.addEventListener("htmx:afterRequest", (event) => event.detail.target?.removeAttribute("aria-busy"));
