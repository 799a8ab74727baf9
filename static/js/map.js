// The interactive map: Leaflet after the visitor's click, in step with the list of homes.
// Expects [data-map] as templates/_macros/map.html writes it: data-scripts, data-styles, either data-url (the search as points)
// and data-search (the search page without a place), or data-homes (the points themselves), and the texts as data-text-….
import { openListingMap } from "./map/listing-map.js";
import { openSearchMap } from "./map/search-map.js";
import { load } from "./shared/load.js";

const OPENED = "akiya.map";

function wasOpen() {
  try { return sessionStorage.getItem(OPENED) === "open"; } catch { return false; }
}

function rememberOpen() {
  try { sessionStorage.setItem(OPENED, "open"); } catch { /* not allowed */ }
}

// The button that loads Leaflet and opens the map; after a failure it can be pressed again.
function offerMap(panel) {
  const opener = panel.querySelector("[data-open]"), body = panel.querySelector("[data-body]");
  const status = panel.querySelector("[data-status]");
  const isSearch = Boolean(panel.dataset.url);

  function open() {
    opener.disabled = true;
    status.textContent = panel.dataset.textLoading;
    load(panel.dataset.scripts.split(" "), panel.dataset.styles.split(" ")).then(() => {
      opener.hidden = true;
      body.hidden = false;
      panel.dataset.opened = "true";
      return isSearch ? openSearchMap(panel) : openListingMap(panel);
    }).then(() => { panel.dataset.ready = "true"; }).catch(() => {
      opener.disabled = false;
      status.textContent = panel.dataset.textError;
    });
  }

  opener.hidden = false;
  opener.addEventListener("click", () => {
    if (isSearch) { rememberOpen(); }
    open();
  });
  // Somebody who opened the map of the search and searches again finds it open.
  if (isSearch && wasOpen()) { open(); }
}

// On narrow windows the list and the map take turns.
function takeTurns(buttons) {
  const page = document.querySelector(".search-page");
  function show(view) {
    page.dataset.view = view;
    buttons.querySelectorAll("button").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.show === view)));
  }
  buttons.classList.remove("turns-waiting");
  buttons.addEventListener("click", (event) => {
    const button = event.target.closest("[data-show]");
    if (button) { show(button.dataset.show); }
  });
  show("list");
}

document.querySelectorAll("[data-map]").forEach(offerMap);
document.querySelectorAll("[data-turns]").forEach(takeTurns);
