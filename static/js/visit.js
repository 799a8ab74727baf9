// Counts that the page was seen, and that its tour was opened: once each, with nothing of who did.
// Expects an element with data-visits, the address that counts. Not sendBeacon: it would send cookies too.

const page = document.querySelector("[data-visits]");

function count(address) {
  fetch(address, { method: "POST", keepalive: true, credentials: "omit" }).catch(() => { /* one view less */ });
}

function countWhenVisible() {
  if (document.visibilityState !== "visible") { return; }
  document.removeEventListener("visibilitychange", countWhenVisible);
  count(page.dataset.visits);
}

if (page) {
  document.addEventListener("visibilitychange", countWhenVisible);
  countWhenVisible();
  page.addEventListener("panorama:open", () => count(`${page.dataset.visits}/panorama`), { once: true });
}
