// Small parts of pages that several modules make.

const SVG = "http://www.w3.org/2000/svg";

export function prefersReducedMotion() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

export function createElement(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  if (text) { element.textContent = text; }
  return element;
}

// `act` is called with the button.
export function createButton(text, act, className = "button button-quiet") {
  const button = createElement("button", className, text);
  button.type = "button";
  button.addEventListener("click", () => act(button));
  return button;
}

export function createSvg(name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  Object.keys(attributes).forEach((key) => element.setAttribute(key, attributes[key]));
  if (text !== undefined) { element.textContent = text; }
  return element;
}

// Scripts that change a form's fields say so, as typing does: previews, drafts and the question before leaving follow.
export function notifyInput(form) {
  form.dispatchEvent(new Event("input", { bubbles: true }));
}
