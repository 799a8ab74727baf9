// The rows of the areas to blur: left, top, width and height of each, in percent of the picture.
import { createButton, notifyInput } from "../shared/dom.js";
import { clamp, parseFigure, roundTenth } from "../shared/figures.js";
import { copyRow, isBlank, nextNumber, removeRow } from "../shared/form-rows.js";

export const LEAST = 1;  // percent

function fieldsOf(row) { return Array.from(row.querySelectorAll("input")); }

// Without the figures and errors of the row that it is made from.
function createBlank(row) {
  const blank = row.cloneNode(true);
  fieldsOf(blank).forEach((field) => {
    field.setAttribute("value", "");
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  });
  blank.querySelectorAll(".error").forEach((message) => message.remove());
  blank.querySelectorAll(".field-wrong").forEach((field) => field.classList.remove("field-wrong"));
  return blank;
}

export class AreaRows {
  constructor(form) {
    this.form = form;
    this.list = form.querySelector("[data-rows]");
    this.status = form.querySelector("[data-blur-status]");
    this.blank = createBlank(this.list.lastElementChild);
    this.number = nextNumber(this.list);
    this.onChange = () => {};
    this.adder = createButton("範囲を数で加える", () => this.addInMiddle());
  }

  // Blank rows are for people without a script; here a button adds one.
  connect() {
    this.list.after(this.adder);
    this.all().forEach((row) => { if (isBlank(row)) { row.remove(); } else { this.prepare(row); } });
  }

  all() { return Array.from(this.list.children); }

  say(text) { this.status.textContent = text; }

  // Returns left, top, width and height; NaN for what is no number.
  figures(row) { return fieldsOf(row).map((field) => parseFigure(field.value, "%")); }

  write(row, figures) {
    const fields = fieldsOf(row);
    figures.forEach((value, place) => { fields[place].value = roundTenth(value); });
    this.onChange();
    notifyInput(this.form);
  }

  // Returns a row for a new area, or null if there are as many as allowed.
  take() { return this.all().find(isBlank) || this.add(); }

  add() {
    const { most } = this.form.dataset;
    if (this.list.children.length >= Number(most)) {
      this.say(`範囲は${most}か所までです。近い所を一つにまとめてください。`);
      return null;
    }
    const row = copyRow(this.blank, this.number);
    this.number += 1;
    this.list.append(row);
    this.prepare(row);
    return row;
  }

  addInMiddle() {
    const row = this.add();
    if (!row) { return; }
    this.write(row, [40, 40, 20, 20]);
    fieldsOf(row)[0].focus();
  }

  remove(row) {
    removeRow(row, this.form, this.adder, () => this.onChange());
    this.say("範囲を消しました。保存すると、その所のぼかしがなくなります。");
  }

  prepare(row) {
    row.querySelector("fieldset").append(createButton("この範囲を消す", () => this.remove(row)));
    ["input", "focusin", "focusout"].forEach((name) => row.addEventListener(name, () => this.onChange()));
    row.addEventListener("keydown", (event) => this.step(row, event));
  }

  // The arrow keys change a figure by one, within the picture.
  step(row, event) {
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key], figures = this.figures(row);
    if (!step || event.target.tagName !== "INPUT" || figures.some(Number.isNaN)) { return; }
    event.preventDefault();
    figures[fieldsOf(row).indexOf(event.target)] += step;
    const [left, top, width, height] = figures;
    this.write(row, [
      clamp(0, left, 100 - width), clamp(0, top, 100 - height), clamp(LEAST, width, 100 - left), clamp(LEAST, height, 100 - top)
    ]);
  }
}
