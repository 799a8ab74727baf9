// The homes that a search found, on a Leaflet map: pins in clusters, counts of areas, and the cells that may be known.
import { createElement, prefersReducedMotion } from "../shared/dom.js";
import { corners } from "./base-map.js";
import { markCard } from "./highlight.js";
import { countIcon, pinIcon } from "./markers.js";
import { addCell } from "./page-map.js";

const CELLS_FROM_ZOOM = 12;

// The card of the list if the home is in it, otherwise the server's, otherwise a link.
function createCard(home, popup) {
  const card = document.querySelector(`.results [data-listing="${home.id}"]`);
  const holder = createElement("div", "map-card");
  if (card) {
    holder.append(card.cloneNode(true));
    holder.firstChild.removeAttribute("data-listing");
    return holder;
  }
  fetch(`${home.url}/card`).then((answer) => {
    if (!answer.ok) { throw new Error(answer.status); }
    return answer.text();
  }).then((markup) => {
    holder.append(document.createRange().createContextualFragment(markup));
  }).catch(() => {
    const link = createElement("a", "", home.title);
    link.href = home.url;
    holder.append(link);
  }).then(() => popup.update());
  return holder;
}

function createPin(home) {
  const pin = window.L.marker([home.lat, home.lon], { icon: pinIcon(home), riseOnHover: true });
  const popup = window.L.popup({ minWidth: 240, maxWidth: 260, className: "map-popup" });
  let card = null;
  pin.home = home;
  popup.setContent(() => {
    card = card || createCard(home, popup);
    return card;
  });
  return pin.bindPopup(popup).on("popupopen popupclose", (event) => markCard(home.id, event.type === "popupopen"));
}

export class HomeLayers {
  constructor(map) {
    this.map = map;
    this.pinsById = {};
    this.cells = window.L.layerGroup().addTo(map);
    this.counts = window.L.layerGroup().addTo(map);
    this.pins = window.L.markerClusterGroup({
      showCoverageOnHover: false, maxClusterRadius: 46, animate: !prefersReducedMotion(),
      iconCreateFunction: (cluster) => countIcon(cluster.getChildCount())
    }).addTo(map);
  }

  // Replaces what is shown: `homes` one by one, `clusters` where the server counted them by area.
  draw({ homes, clusters }) {
    this.pins.clearLayers();
    this.counts.clearLayers();
    this.pinsById = {};
    homes.forEach((home) => {
      this.pinsById[home.id] = createPin(home);
      this.pins.addLayer(this.pinsById[home.id]);
    });
    clusters.forEach((cluster) => this.addCount(cluster));
    this.drawCells();
  }

  // Of most homes only an area may be known: it is drawn as soon as it is more than a dot.
  drawCells() {
    this.cells.clearLayers();
    if (this.map.getZoom() < CELLS_FROM_ZOOM) { return; }
    const view = this.map.getBounds().pad(0.2), shown = new Set();
    Object.values(this.pinsById).forEach(({ home: { cell } }) => {
      if (!cell || shown.has(String(cell)) || !view.intersects(corners(cell))) { return; }
      shown.add(String(cell));
      addCell(cell, this.cells);
    });
  }

  addCount(cluster) {
    const zoomIn = () => this.map.fitBounds(corners(cluster.bbox), { maxZoom: this.map.getZoom() + 3, padding: [30, 30] });
    window.L.marker([cluster.lat, cluster.lon], { icon: countIcon(cluster.count) }).on("click", zoomIn)
      .on("keypress", (event) => { if (event.originalEvent.key === "Enter") { zoomIn(); } }).addTo(this.counts);
  }

  // Returns the element that shows a home, its pin or the cluster that holds it, or null.
  elementOf(id) {
    const pin = this.pinsById[id], shown = pin ? this.pins.getVisibleParent(pin) : null;
    return (shown && shown.getElement()) || null;
  }
}
