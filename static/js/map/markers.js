// The icons of homes and of counts, as elements with text that the style sheet draws.
import { createElement } from "../shared/dom.js";

// Without a size of its own the icon is as large as what it holds; the style sheet centres it.
function createIcon(content) {
  return window.L.divIcon({ html: content, className: "map-marker", iconSize: null });
}

export function countIcon(count) {
  const size = count < 10 ? "small" : count < 100 ? "middle" : "large";
  return createIcon(createElement("span", `map-count map-count-${size}`, String(count)));
}

// A home of which only an area may be known is drawn vaguely, and says so.
export function pinIcon(home) {
  const content = createElement("span", home.cell ? "map-pin" : "map-pin map-pin-vague", home.price);
  content.append(createElement("span", "visually-hidden", ` ${home.title}${home.cell ? "" : ` ${home.note}`}`));
  return createIcon(content);
}
