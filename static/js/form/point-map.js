// The map in the listing form: a marker to be dragged, or moved by buttons, and the cell that the public will see.
import { corners, createBaseMap } from "../map/base-map.js";

const STEP_M = 10, DEGREE_M = 111320;
const TOKYO = "139.767,35.681";
const TITLE = "家の位置";
const TEXTS = { zoomIn: "地図を大きく", zoomOut: "地図を小さく", tiles: "地理院タイル" };

// The two fields of the point, in degrees.
class PointFields {
  constructor() {
    this.lat = document.getElementById("true_lat");
    this.lon = document.getElementById("true_lon");
  }

  // Returns [lat, lon], or null while they are not two numbers.
  read() {
    const { lat, lon } = this, point = [Number(lat.value), Number(lon.value)];
    return lat.value.trim() && lon.value.trim() && point.every(Number.isFinite) ? point : null;
  }

  write(point) {
    this.lat.value = point[0].toFixed(6);
    this.lon.value = point[1].toFixed(6);
  }
}

// Returns the point `east` and `north` steps away.
function stepped([lat, lon], [east, north]) {
  return [lat + north * STEP_M / DEGREE_M, lon + east * STEP_M / (DEGREE_M * Math.cos(lat * Math.PI / 180))];
}

function createMarker(point) {
  const icon = window.L.divIcon({ html: "", className: "form-pin", iconSize: [28, 28] });
  return window.L.marker(point, { draggable: true, icon, title: TITLE, alt: TITLE, keyboard: false });
}

export function openPointMap(form, finder, ask) {
  const fields = new PointFields(), canvas = finder.querySelector("[data-canvas]");
  finder.querySelector("[data-map-body]").hidden = false;
  const office = (finder.dataset.office || TOKYO).split(",").map(Number).reverse();
  const { map } = createBaseMap(canvas, { maxZoom: 18 }, TEXTS);
  const marker = createMarker(office);
  const cell = window.L.rectangle([[0, 0], [0, 0]], { className: "form-cell", interactive: false });

  function follow() {
    const point = fields.read();
    if (point) { marker.setLatLng(point).addTo(map); }
    return point;
  }
  function move(point) {
    fields.write(point);
    marker.setLatLng(point).addTo(map);
    ask();
  }
  // The server's answer says in which cell the public will see the home.
  form.addEventListener("akiya:public", (event) => {
    const point = follow(), box = event.detail && event.detail.cell;
    if (box) { cell.setBounds(corners(box)).addTo(map); } else { cell.remove(); }
    if (point && !map.getBounds().contains(point)) { map.setView(point); }
  });
  map.on("click", ({ latlng }) => move([latlng.lat, latlng.lng]));
  marker.on("dragend", () => move([marker.getLatLng().lat, marker.getLatLng().lng]));
  finder.querySelectorAll("[data-step]").forEach((button) => button.addEventListener("click", () => {
    const { lat, lng } = map.getCenter();
    move(stepped(fields.read() || [lat, lng], button.dataset.step.split(",").map(Number)));
  }));
  const typed = fields.read();
  map.setView(typed || office, typed ? 17 : 13);
  follow();
  canvas.dataset.ready = "true";
  ask();
}
