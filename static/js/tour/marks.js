// Marks over the viewer, and places chosen in it by a click or by what is in its middle.
import { roundTenth } from "../shared/figures.js";
import { MarkLayer } from "./mark-layer.js";

const STILL_PX = 6;

// Not "click": the viewer swallows it on touch screens. Somebody who drags looks around and chooses nothing.
function whenClicked(frame, clicked) {
  let pressed = null;
  frame.addEventListener("pointerdown", (down) => { pressed = down.button ? null : [down.clientX, down.clientY]; }, true);
  frame.addEventListener("pointerup", (up) => {
    if (pressed && Math.hypot(up.clientX - pressed[0], up.clientY - pressed[1]) <= STILL_PX) { clicked(up); }
  }, true);
}

export class Marks {
  // `side` holds the [data-panorama] figure and [data-tool]; `shapes` returns what to draw, as MarkLayer describes it.
  constructor(side, shapes) {
    this.side = side;
    this.shapes = shapes;
    this.figure = side.querySelector("[data-panorama]");
    this.tool = side.querySelector("[data-tool]");
    this.viewer = null;
    this.frame = null;
    this.picking = null;  // the places that are asked for
    this.waiting = [];  // what to do once the viewer is open
  }

  connect() {
    this.figure.addEventListener("panorama:open", (event) => this.opened(event.detail));
    this.tool.querySelector("[data-tool-centre]").addEventListener("click", () => {
      if (this.picking && this.viewer) { this.choose(this.viewer.getYaw(), this.viewer.getPitch()); }
    });
    this.tool.querySelector("[data-tool-stop]").addEventListener("click", () => this.leave());
    // Before the viewer, which keeps its keys to itself.
    this.side.addEventListener("keydown", (event) => { if (event.key === "Escape") { this.leave(); } }, true);
  }

  opened({ viewer, frame }) {
    const isFirst = this.viewer === null;
    Object.assign(this, { viewer, frame });
    if (isFirst) {
      whenClicked(frame, (event) => this.clicked(event));
      new MarkLayer(frame, () => this.viewer, () => this.shapes().concat(this.chosen()), () => this.picking !== null);
    }
    this.waiting.splice(0).forEach((go) => go());
  }

  chosen() { return this.picking ? this.picking.found.map(([yaw, pitch]) => ({ yaw, pitch, text: "", look: "chosen" })) : []; }

  clicked(event) {
    if (!this.picking) { return; }
    const [pitch, yaw] = this.viewer.mouseEventToCoords(event);
    this.choose(yaw, pitch);
  }

  // Runs `then` once the viewer is open, opening it first.
  whenOpen(then) {
    if (this.viewer && this.viewer.isLoaded()) { then(); return; }
    this.waiting.push(then);
    this.figure.querySelector(".panorama-open").click();
  }

  // Asks for as many places as there are texts in `asks`; then([[yaw, pitch]…]). The focus returns to `from` if it is left.
  pick(from, asks, then) {
    this.whenOpen(() => {
      this.picking = { from, asks, found: [], then };
      this.side.classList.add("scene-picking");
      this.tool.hidden = false;
      this.ask();
      this.figure.scrollIntoView({ block: "nearest" });
      this.frame.focus({ preventScroll: true });
    });
  }

  ask() { this.tool.querySelector("[data-tool-told]").textContent = this.picking.asks[this.picking.found.length]; }

  choose(yaw, pitch) {
    const { asks, found, then } = this.picking;
    found.push([roundTenth(yaw), roundTenth(pitch)]);
    if (found.length < asks.length) { this.ask(); return; }
    this.stop();
    then(found);
  }

  stop() {
    this.picking = null;
    this.tool.hidden = true;
    this.side.classList.remove("scene-picking");
  }

  leave() {
    if (!this.picking) { return; }
    const { from } = this.picking;
    this.stop();
    from.focus();
  }

  // Calls then(yaw, pitch) with what is looked at.
  look(then) { this.whenOpen(() => then(roundTenth(this.viewer.getYaw()), roundTenth(this.viewer.getPitch()))); }

  turn(yaw, pitch) {
    const { viewer } = this;
    if (viewer && viewer.isLoaded() && Math.abs(pitch) <= 90) { viewer.lookAt(pitch, yaw, viewer.getHfov(), false); }
  }
}
