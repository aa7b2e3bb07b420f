// After a refused form the summary is read first; after a swap the same holds for the new part of the page.
const focusSummary = (within) => within.querySelector(".error-summary")?.focus();
focusSummary(document);
document.addEventListener("htmx:afterSwap", (event) => focusSummary(event.target));
