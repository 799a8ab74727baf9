// What the map of the search and the map of a home's page have in common.
import { corners, createBaseMap } from "./base-map.js";
import { addOutlines, noticeMissingTiles, offerHazards } from "./overlays.js";

// Pale tiles over the outlines, and hazards to be switched on; `panel` is [data-map].
export function createPageMap(panel) {
  const { textZoomIn: zoomIn, textZoomOut: zoomOut, textTiles } = panel.dataset;
  const texts = { zoomIn, zoomOut, tiles: textTiles };
  const { map, tiles } = createBaseMap(panel.querySelector("[data-canvas]"), { minZoom: 6, maxZoom: 17 }, texts);
  noticeMissingTiles(panel, tiles);
  addOutlines(map);
  offerHazards(panel, map);
  return map;
}

export function addCell(cell, to) {
  window.L.rectangle(corners(cell), { className: "map-cell", interactive: false }).addTo(to);
}

export function showBox(map, box, maxZoom) {
  map.fitBounds(corners(box), { maxZoom, padding: [24, 24], animate: false });
}
