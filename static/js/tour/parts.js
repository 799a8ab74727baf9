// The figures of a mark in the form of a scene: fields marked data-part, in degrees, percent or metres.
import { notifyInput } from "../shared/dom.js";
import { parseFigure, roundTenth } from "../shared/figures.js";

export function partOf(row, name) { return row.querySelector(`[data-part="${name}"]`); }

// Returns NaN for an empty field.
export function figureOf(field) { return parseFigure(field.value, "°度%m"); }

export function putFigures(form, row, values) {
  Object.keys(values).forEach((name) => { partOf(row, name).value = roundTenth(values[name]); });
  notifyInput(form);
}
