// From the address of a home to its point: the server's search, and a map on which the point can be moved.
import { createElement } from "../shared/dom.js";
import { load } from "../shared/load.js";
import { openPointMap } from "./point-map.js";

const MAP_FAILED = "地図を開けませんでした。通信を確かめて、もう一度押してください。";

// `place` is the server's: its point, a note, and the towns that were meant perhaps, as buttons that search again.
export function showFoundPlace(finder, place) {
  const towns = finder.querySelector("[data-towns]");
  finder.querySelector("[data-found]").textContent = place.note;
  document.getElementById("true_lat").value = place.lat;
  document.getElementById("true_lon").value = place.lon;
  towns.replaceChildren();
  place.towns.forEach(([value, name]) => {
    const button = createElement("button", "button button-quiet", name);
    button.name = "find_place";
    button.value = value;
    towns.append(button, " ");
  });
  const first = towns.querySelector("button");
  if (first) { first.focus(); }
}

// `ask` sends the form with further fields to the server.
export function connectPlaceFinder(form, finder, ask) {
  const opener = finder.querySelector("[data-open-map]");
  finder.addEventListener("click", (event) => {
    const button = event.target.closest('[name="find_place"]');
    if (!button) { return; }
    event.preventDefault();
    ask({ find_place: button.value });
  });
  opener.hidden = false;
  opener.addEventListener("click", () => {
    opener.disabled = true;
    load(finder.dataset.scripts.split(" "), finder.dataset.styles.split(" ")).then(() => {
      opener.hidden = true;
      openPointMap(form, finder, ask);
    }).catch(() => {
      opener.disabled = false;
      finder.querySelector("[data-found]").textContent = MAP_FAILED;
    });
  });
}
