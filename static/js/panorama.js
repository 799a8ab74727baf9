// The 360° viewer of a tour. Loads Pannellum on the visitor's click only, and gives it buttons with names.
// Expects [data-panorama data-config data-page data-script data-style data-text-…] (_macros/panorama.html) holding
//   .panorama-screen: .panorama-still, .panorama-viewer, .panorama-open, .panorama-controls [data-action], .panorama-status;
//   [data-scene data-home data-still]: the words of each room; a[data-go]: links to rooms (data-keep: the view stays);
//   [data-look data-yaw data-pitch]: notes; [data-plan]: floor plans.
// Tells others, on the same element: "panorama:open" {viewer, frame} whenever a viewer was opened, "panorama:scene" {scene}
// whenever another scene is shown in it.
import { Controls } from "./panorama/controls.js";
import { TourViewer } from "./panorama/viewer.js";

// Notes are buttons only where they can turn the view.
function makeNotesButtons(figure) {
  figure.querySelectorAll("[data-look]").forEach((note) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link-button";
    button.append(...Array.from(note.childNodes));
    note.append(button);
  });
}

// Links to rooms change the room in place, but open a new tab as any link when asked to.
function followLinks(figure, tour) {
  figure.addEventListener("click", (event) => {
    const link = event.target.closest("[data-go]"), note = event.target.closest("[data-look]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      tour.screen.scrollIntoView({ block: "nearest" });
      tour.go(link.dataset.go, link.dataset.keep !== undefined, null);
    } else if (note) {
      const here = tour.rooms.here;
      tour.go(here, false, { scene: here, yaw: Number(note.dataset.yaw), pitch: Number(note.dataset.pitch) });
    }
  });
}

function enhance(figure) {
  const controls = new Controls(figure), tour = new TourViewer(figure, controls);
  figure.dataset.live = "true";
  makeNotesButtons(figure);
  controls.connect(tour);
  followLinks(figure, tour);
  window.addEventListener("hashchange", () => tour.followAddress());
  tour.screen.hidden = false;
  if (!tour.followAddress()) { tour.show(tour.rooms.first()); }
}

document.querySelectorAll("[data-panorama]").forEach(enhance);
