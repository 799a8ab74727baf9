// Rows of a form that a script adds to those of the server: fields named <list>-<number>-<field>.
import { notifyInput } from "./dom.js";

// Returns a number that no row of the list has.
export function nextNumber(list) {
  return 1 + Math.max(...Array.from(list.querySelectorAll("input, select"), (field) => Number(field.name.split("-")[1])));
}

// Returns a copy of a blank row whose fields, labels and messages belong to `number`.
export function copyRow(blank, number) {
  const row = blank.cloneNode(true);
  row.querySelectorAll("[id], [name], [for]").forEach((element) => {
    ["id", "name", "for"].filter((key) => element.hasAttribute(key)).forEach((key) => {
      element.setAttribute(key, element.getAttribute(key).replace(/^(\w+)-\d+-/, `$1-${number}-`));
    });
  });
  return row;
}

export function showNumbers(list) {
  Array.from(list.children).forEach((row, place) => { row.querySelector("[data-number]").textContent = place + 1; });
}

export function isBlank(row) {
  return Array.from(row.querySelectorAll("input, select")).every((field) => field.value.trim() === "");
}

// The neighbour of a row that is removed gets the focus, or else `otherwise`. `removed` is called when the row is gone.
export function removeRow(row, form, otherwise, removed) {
  const near = row.nextElementSibling || row.previousElementSibling;
  row.remove();
  removed();
  notifyInput(form);
  (near ? near.querySelector("input, select") : otherwise).focus();
}
