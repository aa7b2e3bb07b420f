// After a refused form the summary is read first; after a swap the same holds for the new part of the page.
const focusSummary = (within) => within.querySelector?.(".error-summary")?.focus();
focusSummary(document);
document.addEventListener("htmx:afterSwap", (event) => focusSummary(event.target));

// The part of the page that is being fetched says so; the style sheet draws the line.
document.addEventListener("htmx:beforeRequest", (event) => event.detail.target?.setAttribute("aria-busy", "true"));
document.addEventListener("htmx:afterRequest", (event) => event.detail.target?.removeAttribute("aria-busy"));
