// The viewer's named buttons, and the keys that stay the browser's.
import { startMeasuring } from "./measure.js";
import { turnDuration } from "./pannellum.js";

const TURN = 20, ZOOM = 12;  // degrees a press
const MOVES = {
  left: ["Yaw", -TURN], right: ["Yaw", TURN], up: ["Pitch", TURN], down: ["Pitch", -TURN], in: ["Hfov", -ZOOM], out: ["Hfov", ZOOM]
};

export class Controls {
  constructor(figure) {
    this.figure = figure;
    this.bar = figure.querySelector(".panorama-controls");
    this.stopMeasure = null;
  }

  button(action) { return this.bar.querySelector(`[data-action=${action}]`); }

  isPressed(action) { return this.button(action).getAttribute("aria-pressed") === "true"; }

  press(action, on) { this.button(action).setAttribute("aria-pressed", String(on)); }

  // Which buttons a room has: a finer resolution, and distances where the camera's height is known.
  showForRoom(room, isOpen, isFull) {
    const full = this.button("full");
    full.hidden = isFull || room.dataset.full === undefined || !isOpen;
    full.querySelector("[data-size]").textContent = room.dataset.full || "";
    this.button("measure").hidden = !isOpen || !room.dataset.cameraHeight;
  }

  showForViewer(canOrient, hasOneLevel) {
    this.bar.hidden = false;
    this.button("gyroscope").hidden = !canOrient;
    if (hasOneLevel) { this.button("full").hidden = true; }
  }

  connect(tour) {
    this.tour = tour;
    tour.frame.tabIndex = 0;
    tour.frame.setAttribute("role", "application");
    if (this.button("copy")) { this.button("copy").hidden = !navigator.clipboard; }
    this.bar.addEventListener("click", (event) => {
      const chosen = event.target.closest("[data-action]");
      if (chosen && tour.viewer) { this.act(chosen.dataset.action); }
    });
    document.addEventListener("fullscreenchange", () => this.press("fullscreen", document.fullscreenElement === tour.screen));
    // Pannellum uses keys while it has the focus. Tab must always leave, and keys with Ctrl or Alt are the browser's.
    tour.frame.addEventListener("keydown", (event) => {
      if (["Tab", "Escape"].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) { event.stopImmediatePropagation(); }
      if (event.key === "Escape" && this.isPressed("fullscreen")) { this.toggleFullscreen(); }
      this.press("gyroscope", false);
    }, true);
    tour.frame.addEventListener("pointerdown", () => this.press("gyroscope", false), true);
  }

  act(action) {
    if (MOVES[action]) { this.move(...MOVES[action]); }
    if (action === "fullscreen") { this.toggleFullscreen(); }
    if (action === "gyroscope") { this.toggleGyroscope(); }
    if (action === "full") { this.tour.enterFull(); }
    if (action === "measure") { this.toggleMeasuring(); }
    if (action === "copy") { this.copyAddress(); }
  }

  move(what, by) {
    const { viewer } = this.tour;
    viewer[`set${what}`](viewer[`get${what}`]() + by, turnDuration());
  }

  // A telephone that has no full screen for pages is filled instead.
  toggleFullscreen() {
    const { screen, viewer } = this.tour;
    if (!document.fullscreenEnabled) {
      const covers = screen.classList.toggle("panorama-cover");
      this.press("fullscreen", covers);
      viewer.resize();
    } else if (document.fullscreenElement) {
      document.exitFullscreen();
    } else {
      screen.requestFullscreen();
    }
  }

  toggleGyroscope() {
    const on = !this.isPressed("gyroscope"), { viewer } = this.tour;
    if (on) { viewer.startOrientation(); } else { viewer.stopOrientation(); }
    this.press("gyroscope", on);
  }

  toggleMeasuring() {
    const { tour } = this;
    if (this.stopMeasure) {
      this.stopMeasuring(true);
      tour.say("");
      return;
    }
    const height = Number(tour.rooms.current().dataset.cameraHeight);
    this.stopMeasure = startMeasuring(this.figure, this.button("measure"), tour.viewer, height, (text) => tour.say(text));
    this.press("measure", true);
    tour.frame.focus({ preventScroll: true });
  }

  // What is measured ends with the room that it is measured in; its marks are removed while the room is `shown`.
  stopMeasuring(shown) {
    if (this.stopMeasure) { this.stopMeasure(shown); }
    this.stopMeasure = null;
    this.press("measure", false);
  }

  copyAddress() {
    const { tour } = this, address = new URL(this.figure.dataset.page, location.href);
    address.hash = tour.fragment();
    navigator.clipboard.writeText(address.href).then(() => tour.say(this.figure.dataset.textCopied), () => tour.say(address.href));
  }
}
