// The horizon's figures are shown in the viewer as they are typed, with upright and level lines to compare with.
import { notifyInput } from "./shared/dom.js";
import { parseFigure, roundTenth } from "./shared/figures.js";

const STEP = 0.5;  // degrees
const form = document.querySelector("form[data-horizon]");
const figure = document.querySelector("[data-panorama]");
const fields = Array.from(form.querySelectorAll("[data-part]"));
let viewer = null;

// A field that is left empty means zero.
function degrees(field) { return field.value.trim() === "" ? 0 : parseFigure(field.value, "°度"); }

function show() {
  const [pitch, roll] = fields.map(degrees);
  if (!viewer || fields.map(degrees).some(Number.isNaN)) { return; }
  viewer.setHorizonPitch(pitch);
  viewer.setHorizonRoll(roll);
}

function addLines(frame) {
  const lines = document.createElement("div");
  lines.className = "level-lines";
  lines.setAttribute("aria-hidden", "true");
  frame.after(lines);
}

figure.addEventListener("panorama:open", (event) => {
  viewer = event.detail.viewer;
  if (!figure.querySelector(".level-lines")) { addLines(event.detail.frame); }
  show();
});
form.addEventListener("input", show);
form.addEventListener("keydown", (event) => {
  const step = { ArrowUp: STEP, ArrowDown: -STEP }[event.key];
  if (!step || event.target.dataset.part === undefined || Number.isNaN(degrees(event.target))) { return; }
  event.preventDefault();
  event.target.value = roundTenth(degrees(event.target) + step);
  notifyInput(form);
});
form.querySelector("[data-live]").hidden = false;
