// What lies over and under the tiles: the outlines of the municipalities, which need no tile, and hazard maps.
import { createSvg } from "../shared/dom.js";
import { corners } from "./base-map.js";

const HAZARD_TILES = "https://disaportaldata.gsi.go.jp/raster/";
const HAZARD_PAGE = "https://disaportal.gsi.go.jp/";
const OUTLINES_Z_INDEX = 250;

// The drawn map of the municipalities, stretched over the same degrees: it shows also where no tile arrives.
export function addOutlines(map) {
  const drawing = document.querySelector(".area-map, .place-map svg");
  const paths = drawing ? drawing.querySelectorAll("path") : [];
  map.createPane("outlines").style.zIndex = OUTLINES_Z_INDEX;
  if (!paths.length) { return; }
  const svg = createSvg("svg", { viewBox: drawing.getAttribute("viewBox"), preserveAspectRatio: "none" });
  paths.forEach((path) => svg.append(path.cloneNode()));
  const frame = drawing.dataset.frame.split(",").map(Number);
  window.L.svgOverlay(svg, corners(frame), { pane: "outlines", className: "map-outlines" }).addTo(map);
}

export function noticeMissingTiles(panel, tiles) {
  tiles.on("tileerror", () => {
    if (!panel.classList.contains("without-tiles")) { panel.querySelector("[data-without-tiles]").hidden = false; }
    panel.classList.add("without-tiles");
  });
}

// Each [data-layers] is a checkbox that shows its hazard's tiles. A legend shows while any box that names it is checked.
export function offerHazards(panel, map) {
  panel.querySelectorAll("[data-layers]").forEach((box) => {
    const layers = box.dataset.layers.split(" ").map((name) => window.L.tileLayer(`${HAZARD_TILES}${name}/{z}/{x}/{y}.png`, {
      maxNativeZoom: 17, opacity: 0.65,
      attribution: `<a href="${HAZARD_PAGE}">${panel.dataset.textHazards}</a>`
    }));
    const legend = box.dataset.legendName;
    box.addEventListener("change", () => {
      layers.forEach((layer) => { if (box.checked) { layer.addTo(map); } else { layer.remove(); } });
      panel.querySelector(`[data-legend="${legend}"]`).hidden = !panel.querySelector(`[data-legend-name="${legend}"]:checked`);
    });
  });
}
