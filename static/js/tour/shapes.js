// What the form of a scene says, as shapes over the viewer.
import { figureOf, partOf } from "./parts.js";

const LONGEST_LABEL = 24;

function labelOf(row) {
  const to = partOf(row, "to"), text = partOf(row, "text");
  if (text && text.value) { return text.value.slice(0, LONGEST_LABEL); }
  if (to && to.value) { return to.selectedOptions[0].textContent; }
  return row.querySelector("legend").textContent;
}

function shapeOf(row, kind) {
  const isChosen = row.contains(document.activeElement);
  const shape = { yaw: figureOf(partOf(row, "yaw")), pitch: figureOf(partOf(row, "pitch")), look: isChosen ? `${kind} chosen` : kind };
  if (kind !== "area") { return { ...shape, text: labelOf(row) }; }
  const width = figureOf(partOf(row, "width")), height = figureOf(partOf(row, "height"));
  return { ...shape, width, height, text: row.querySelector("legend").textContent };
}

// The two points on the floor whose distance is known.
function floorPoints(form) {
  const reference = form.querySelector("[data-reference]");
  const yaws = reference.querySelectorAll("[data-part=yaw]"), pitches = reference.querySelectorAll("[data-part=pitch]");
  return [0, 1].map((n) => ({ yaw: figureOf(yaws[n]), pitch: figureOf(pitches[n]), text: `床${n + 1}`, look: "floor" }));
}

// Returns the shapes whose figures are complete.
export function shapesOf(form) {
  const rows = ["area", "link", "note"].map((kind) =>
    Array.from(form.querySelectorAll(`[data-row="${kind}"]`), (row) => shapeOf(row, kind)));
  return [].concat(...rows, floorPoints(form)).filter((shape) => !Object.values(shape).some(Number.isNaN));
}
