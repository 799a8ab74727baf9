// A Leaflet map on the pale tiles of the Geospatial Information Authority, as the public pages and the listing form have it.
import { prefersReducedMotion } from "../shared/dom.js";

const PALE_TILES = "https://cyberjapandata.gsi.go.jp/xyz/pale/{z}/{x}/{y}.png";
const TILES_PAGE = "https://maps.gsi.go.jp/development/ichiran.html";

// Turns [west, south, east, north] into Leaflet's corners.
export function corners(box) { return [[box[1], box[0]], [box[3], box[2]]]; }

// Returns the map and its layer of tiles; `options` are Leaflet's. The map is empty until it is given a view.
export function createBaseMap(canvas, options, texts) {
  const { L } = window, animated = !prefersReducedMotion();
  const still = { zoomAnimation: animated, fadeAnimation: animated, markerZoomAnimation: animated };
  const map = L.map(canvas, { zoomControl: false, ...still, ...options });
  L.control.zoom({ zoomInTitle: texts.zoomIn, zoomOutTitle: texts.zoomOut }).addTo(map);
  map.attributionControl.setPrefix('<a href="https://leafletjs.com/">Leaflet</a>');
  const tiles = L.tileLayer(PALE_TILES, { maxZoom: 18, attribution: `<a href="${TILES_PAGE}">${texts.tiles}</a>` });
  return { map, tiles: tiles.addTo(map) };
}

// A canvas that changes its size, as when a telephone is turned, keeps its centre. `run` may wrap what is done then.
export function followSize(map, run = (resize) => resize()) {
  const resize = () => map.invalidateSize({ animate: false, pan: false });
  new ResizeObserver(() => run(resize)).observe(map.getContainer());
}
