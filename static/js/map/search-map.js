// The map of a search: asks for the homes of what is in view, and offers to search there.
import { followSize } from "./base-map.js";
import { lightPins } from "./highlight.js";
import { HomeLayers } from "./home-layers.js";
import { createPageMap, showBox } from "./page-map.js";

const CLOSEST_ZOOM = 14;
const WHOLE_EARTH = "-180,-90,180,90";

function joined(box) { return box.map((value) => value.toFixed(4)).join(","); }

class SearchMap {
  constructor(panel) {
    this.texts = panel.dataset;
    this.status = panel.querySelector("[data-status]");
    this.searchHere = panel.querySelector("[data-here]");
    this.map = createPageMap(panel);
    this.layers = new HomeLayers(this.map);
    // Above a number of homes the answer counts them by area: then each view asks for its own part.
    this.isPartial = false;
    // Before the first view is complete, and while the window changes its size, it is not a person who moves the map.
    this.isSettled = false;
    this.request = null;
  }

  view() {
    const bounds = this.map.getBounds();
    return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  }

  // Returns the address of the homes to show, or null if the searched box is out of view.
  address() {
    const url = new URL(this.texts.url, location.href);
    url.searchParams.set("zoom", this.map.getZoom());
    if (this.isPartial) {
      const limits = (url.searchParams.get("bbox") || WHOLE_EARTH).split(",").map(Number);
      const box = this.view().map((value, side) => (side < 2 ? Math.max(limits[side], value) : Math.min(limits[side], value)));
      if (box[0] >= box[2] || box[1] >= box[3]) { return null; }
      url.searchParams.set("bbox", joined(box));
    }
    return url;
  }

  // Draws the homes, and resolves to the box of all of them when they are all there.
  ask() {
    const url = this.address();
    if (this.request) { this.request.abort(); }
    if (!url) { return Promise.resolve(null); }
    this.request = new AbortController();
    return fetch(url, { signal: this.request.signal }).then((answer) => {
      if (!answer.ok) { throw new Error(answer.status); }
      return answer.json();
    }).then((answer) => {
      const wasPartial = this.isPartial;
      this.isPartial = wasPartial || answer.clusters.length > 0;
      this.draw(answer);
      return wasPartial ? null : answer.bounds;
    }).catch((error) => {
      if (error.name !== "AbortError") { this.status.textContent = this.texts.textError; }
      return null;
    });
  }

  draw(answer) {
    this.layers.draw(answer);
    const { textCount, textNone } = this.texts;
    this.status.textContent = answer.numberMatched ? textCount.replace("{count}", answer.numberMatched) : textNone;
  }

  moved() {
    this.layers.drawCells();
    if (!this.isSettled || !this.searchHere) { return; }
    const url = new URL(this.texts.search, location.href);
    url.searchParams.set("bbox", joined(this.view()));
    this.searchHere.href = url;
    this.searchHere.hidden = false;
    if (this.isPartial) { this.ask(); }
  }

  resized(resize) {
    const before = this.isSettled;
    this.isSettled = false;
    resize();
    this.isSettled = before;
  }

  open() {
    this.map.on("moveend", () => this.moved());
    followSize(this.map, (resize) => this.resized(resize));
    lightPins(this.layers);
    showBox(this.map, this.texts.box.split(",").map(Number), CLOSEST_ZOOM);
    return this.ask().then((box) => {
      if (box) { showBox(this.map, box, CLOSEST_ZOOM); }
      this.isSettled = true;
    });
  }
}

export function openSearchMap(panel) { return new SearchMap(panel).open(); }
