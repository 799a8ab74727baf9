// The page of a scene: what is typed in form[data-scene] is drawn over the viewer, and places clicked there are typed into it.
// Rows are [data-row=link|note|area] in [data-rows]; their figures are marked data-part. Without a viewer the figures remain.
import { notifyInput } from "./shared/dom.js";
import { connectFloorPlan } from "./tour/floor-plan.js";
import { MarkRows } from "./tour/mark-rows.js";
import { Marks } from "./tour/marks.js";
import { partOf, putFigures } from "./tour/parts.js";
import { shapesOf } from "./tour/shapes.js";

const FLOOR = ["床の上の1つめの点（畳の角など）を押してください。", "床の上の2つめの点を押してください。"];

// The view that a room opens with, copied from the viewer.
function offerFirstView(form, marks) {
  const view = form.querySelector("[data-view]"), button = form.querySelector("[data-use-view]");
  button.hidden = false;
  button.addEventListener("click", () => marks.look((yaw, pitch) => putFigures(form, view, { yaw, pitch })));
}

// Two points on the floor whose distance is known; from them the server knows the camera's height.
function offerReference(form, marks) {
  const reference = form.querySelector("[data-reference]"), button = form.querySelector("[data-measure]");
  button.hidden = false;
  button.addEventListener("click", () => marks.pick(button, FLOOR, (found) => {
    reference.querySelectorAll("[data-part=yaw]").forEach((field, n) => { field.value = found[n][0]; });
    reference.querySelectorAll("[data-part=pitch]").forEach((field, n) => { field.value = found[n][1]; });
    notifyInput(form);
    partOf(reference, "apart").focus();
  }));
}

function enhance(form, side) {
  const marks = side.querySelector("[data-panorama]") ? new Marks(side, () => shapesOf(form)) : null;
  form.querySelectorAll("[data-rows]").forEach((list) => new MarkRows(form, list, marks).connect());
  if (marks) {
    marks.connect();
    offerFirstView(form, marks);
    offerReference(form, marks);
  }
  if (form.querySelector("[name=plan_photo]")) { connectFloorPlan(form); }
}

const form = document.querySelector("form[data-scene]");
if (form && form.querySelector("[data-rows]")) { enhance(form, document.querySelector("[data-viewer-side]")); }
