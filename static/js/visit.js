// Counts that the page was seen, and that its tour was opened: once each, with nothing of who did.
// Expects an element with data-visits, the address that counts. Not sendBeacon: it would take cookies along.
(function () {
  "use strict";
  var page = document.querySelector("[data-visits]");
  if (!page || !window.fetch) { return; }

  function count(address) {
    fetch(address, { method: "POST", keepalive: true, credentials: "omit" }).catch(function () { /* one view less */ });
  }

  function seen() {
    if (document.visibilityState !== "visible") { return; }
    document.removeEventListener("visibilitychange", seen);
    count(page.dataset.visits);
  }

  document.addEventListener("visibilitychange", seen);
  seen();
  page.addEventListener("panorama:open", function () { count(page.dataset.visits + "/panorama"); }, { once: true });
}());
