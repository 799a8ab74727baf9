// The map on a home's own page: its pin, or only the area that may be known.
import { followSize } from "./base-map.js";
import { pinIcon } from "./markers.js";
import { addCell, createPageMap, showBox } from "./page-map.js";

const CLOSEST_ZOOM = 15;

export function openListingMap(panel) {
  const homes = JSON.parse(panel.dataset.homes), map = createPageMap(panel);
  const { cell, lon, lat } = homes[0];
  followSize(map);
  showBox(map, cell || [lon, lat, lon, lat], CLOSEST_ZOOM);
  homes.forEach((home) => {
    if (home.cell) { addCell(home.cell, map); return; }
    window.L.marker([home.lat, home.lon], { icon: pinIcon(home), riseOnHover: true }).addTo(map);
  });
  panel.querySelector("[data-status]").textContent = "";
}
