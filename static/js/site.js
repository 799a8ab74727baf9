// Small comforts of every page, on top of pages that work without any script.
import { askBeforeLeaving, openErrorLinks, showUploads } from "./site/forms.js";
import { listLastSeen, markVisited, rememberListing } from "./site/seen-listings.js";
import { offerCopy, offerNearMe } from "./site/sharing.js";

// The filters begin folded on a phone. On a wide window they show in any case (site.css), and are said to be open.
const sheet = document.querySelector("[data-sheet]");
if (sheet && window.matchMedia("(min-width: 48rem)").matches) { sheet.open = true; }

const summary = document.querySelector("[data-focus]");
if (summary) { summary.focus(); }

document.querySelectorAll("[data-unsaved]").forEach(askBeforeLeaving);
openErrorLinks();
rememberListing();
document.querySelectorAll("[data-visited]").forEach(markVisited);
document.querySelectorAll("[data-last-seen]").forEach(listLastSeen);
document.querySelectorAll("[data-copy]").forEach(offerCopy);
document.querySelectorAll("[data-near-me]").forEach(offerNearMe);
document.querySelectorAll("[data-upload]").forEach(showUploads);
