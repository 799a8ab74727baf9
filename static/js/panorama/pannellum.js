// Loading Pannellum and a tour's configuration, and waiting for its viewer.
import { prefersReducedMotion } from "../shared/dom.js";
import { load } from "../shared/load.js";

export const PATIENCE_MS = 20000;
const LOOK_MS = 400;

export function sceneName(id) { return `scene-${id}`; }

// How long a turn of the view takes, as Pannellum wants to know it.
export function turnDuration() { return prefersReducedMotion() ? false : LOOK_MS; }

// `query` asks for a finer resolution. Resolves to the configuration.
export function loadTour({ script, style, config }, query) {
  const answer = fetch(config + query).then((response) => {
    if (!response.ok) { throw new Error(response.status); }
    return response.json();
  });
  return Promise.all([load([script], [style]), answer]).then((both) => both[1]);
}

// Whether the room is still there: its page may be older than the configuration.
export function hasScene(config, id) { return Boolean(config.scenes[sceneName(id)]); }

// Opens a viewer in the room `id`, which looks along `start` first. Coming back to this room later, one looks along the room's
// own first view again.
export function createViewer(frame, config, id, start) {
  const scene = config.scenes[sceneName(id)], { yaw, pitch, hfov } = scene;
  config.default.firstScene = sceneName(id);
  Object.assign(scene, start);
  if (prefersReducedMotion()) { Object.assign(config.default, { sceneFadeDuration: 0, friction: 1, doubleClickZoom: false }); }
  const viewer = window.pannellum.viewer(frame, config);
  Object.assign(scene, { yaw, pitch, hfov });
  return viewer;
}

// 'load' and 'error' may fire before a handler can be attached, so the viewer is asked instead.
export function whenShown(viewer, frame) {
  return new Promise((resolve, reject) => {
    const began = Date.now();
    (function ask() {
      const box = frame.querySelector(".pnlm-error-msg");
      if (viewer.isLoaded()) {
        resolve();
      } else if (box && box.style.display === "table") {
        reject(new Error("unsupported"));
      } else if (Date.now() - began > PATIENCE_MS) {
        reject(new Error("too slow"));
      } else {
        setTimeout(ask, 50);
      }
    }());
  });
}

// Calls `then` when the first tiles are drawn, when `isCurrent` says no, or after two seconds.
export function whenDrawn(viewer, isCurrent, then) {
  const began = Date.now();
  (function ask() {
    if (isCurrent() && viewer.getRenderer().isLoading() && Date.now() - began < PATIENCE_MS / 10) {
      setTimeout(ask, 50);
      return;
    }
    then();
  }());
}
