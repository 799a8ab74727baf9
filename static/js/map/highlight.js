// The list and the map show the same home at the same time.
import { prefersReducedMotion } from "../shared/dom.js";

export function markCard(id, on) {
  const card = document.querySelector(`.results [data-listing="${id}"]`);
  if (!card) { return; }
  card.classList.toggle("card-lit", on);
  if (on) { card.scrollIntoView({ block: "nearest", behavior: prefersReducedMotion() ? "auto" : "smooth" }); }
}

// While a card has the pointer or the focus, its pin is lit; `layers` are HomeLayers.
export function lightPins(layers) {
  let lit = null;
  function light(id) {
    if (lit) { lit.classList.remove("map-lit"); }
    lit = id === null ? null : layers.elementOf(id);
    if (lit) { lit.classList.add("map-lit"); }
  }
  document.querySelectorAll(".results [data-listing]").forEach((card) => {
    ["mouseenter", "focusin"].forEach((name) => card.addEventListener(name, () => light(card.dataset.listing)));
    ["mouseleave", "focusout"].forEach((name) => card.addEventListener(name, () => light(null)));
  });
}
