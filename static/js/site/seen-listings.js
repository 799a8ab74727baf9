// Homes that were looked at, remembered in this browser alone: the newest first, at most a hundred.

const STORED = "akiya.seen";
const MOST = 100;
// Only paths of this site lead anywhere, whatever is in the browser's storage.
const LISTING_PATH = /^\/(en\/)?listings\/\d+$/;

function seen() {
  try { return JSON.parse(localStorage.getItem(STORED)) || []; } catch { return []; }
}

// Remembers the home whose page this is, if it is one's.
export function rememberListing() {
  const page = document.querySelector("[data-listing-page]");
  if (!page) { return; }
  const { listingPage: id, listingTitle: title } = page.dataset;
  const listings = [{ id, title, url: location.pathname }, ...seen().filter((item) => item.id !== id)];
  try { localStorage.setItem(STORED, JSON.stringify(listings.slice(0, MOST))); } catch { /* not allowed */ }
}

export function markVisited(list) {
  seen().forEach((item) => {
    const link = list.querySelector(`[data-listing="${CSS.escape(item.id)}"] .card-title`);
    if (!link) { return; }
    const mark = document.createElement("span");
    mark.className = "badge badge-seen";
    mark.textContent = list.dataset.visited;
    link.append(" ", mark);
  });
}

export function listLastSeen(line) {
  seen().slice(0, 3).forEach((item, place) => {
    if (!LISTING_PATH.test(item.url)) { return; }
    const link = document.createElement("a");
    link.href = item.url;
    link.textContent = item.title;
    if (place) { line.append("、"); }
    line.append(link);
    line.hidden = false;
  });
}
