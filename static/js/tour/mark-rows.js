// A list of marks in the form of a scene: links to rooms, notes, or areas to blur, each a row of figures.
import { createButton, createElement, notifyInput } from "../shared/dom.js";
import { roundTenth } from "../shared/figures.js";
import { copyRow, isBlank, nextNumber, removeRow, showNumbers } from "../shared/form-rows.js";
import { figureOf, partOf, putFigures } from "./parts.js";

const BUTTON = "button button-small button-quiet";
const STEPPED = ["yaw", "pitch", "width", "height"];
const WORDS = {
  link: { add: "画像の上で入口を置く", asks: ["入口（戸口や廊下）を置く所を押してください。引くと見回せます。"] },
  note: { add: "画像の上で印を置く", asks: ["印を置く所を押してください。引くと見回せます。"] },
  area: {
    add: "画像の上で範囲を囲む",
    asks: ["隠したい所の左上の角を押してください。引くと見回せます。", "次に、右下の角を押してください。"]
  }
};

// Returns an angle as -180 to 180 degrees.
function wrapped(yaw) { return ((yaw + 180) % 360 + 360) % 360 - 180; }

// Returns the figures of an area between two corners.
function areaBetween([[left, high], [right, low]]) {
  const wide = wrapped(right - left), tall = high - low;
  return {
    yaw: wrapped(left + wide / 2), pitch: high - tall / 2, width: Math.max(1, Math.abs(wide)), height: Math.max(1, Math.abs(tall))
  };
}

export class MarkRows {
  // `marks` is null without a viewer: then only figures can be typed.
  constructor(form, list, marks) {
    Object.assign(this, { form, list, marks, kind: list.dataset.rows });
    this.blank = list.lastElementChild.cloneNode(true);
    this.number = nextNumber(list);
    const byHand = createButton("数で入れる", () => this.add().querySelector("input, select").focus(), BUTTON);
    this.adders = marks ? [createButton(WORDS[this.kind].add, (from) => this.addInPicture(from), BUTTON), byHand] : [byHand];
  }

  connect() {
    const bar = createElement("p", "actions");
    bar.append(...this.adders);
    this.list.after(bar);
    Array.from(this.list.children).forEach((row) => { if (isBlank(row)) { row.remove(); } else { this.prepare(row); } });
    this.count();
  }

  count() {
    showNumbers(this.list);
    this.list.closest("details").querySelector("summary .small").textContent = `${this.list.children.length}か所`;
  }

  add() {
    const row = copyRow(this.blank, this.number);
    this.number += 1;
    this.list.append(row);
    this.prepare(row);
    this.count();
    return row;
  }

  addInPicture(from) {
    this.marks.pick(from, WORDS[this.kind].asks, (found) => {
      const row = this.add();
      this.place(row, found);
      row.querySelector("select, input").focus();
    });
  }

  place(row, found) {
    const [[yaw, pitch]] = found;
    putFigures(this.form, row, this.kind === "area" ? areaBetween(found) : { yaw, pitch });
  }

  prepare(row) {
    const tools = createElement("div", "mark-tools");
    if (this.marks) {
      tools.append(createButton("画像で位置を直す", (from) => this.correct(row, from), BUTTON));
      row.addEventListener("focusin", (event) => this.turnTo(row, event));
    }
    tools.append(createButton(`この${this.list.dataset.called}を消す`, () => this.remove(row), BUTTON));
    row.querySelector("fieldset").append(tools);
    row.addEventListener("keydown", (event) => this.step(event));
  }

  correct(row, from) {
    this.marks.pick(from, WORDS[this.kind].asks, (found) => {
      this.place(row, found);
      partOf(row, "yaw").focus();
    });
  }

  turnTo(row, event) {
    const yaw = figureOf(partOf(row, "yaw"));
    if (event.target.matches("input, select") && !Number.isNaN(yaw)) {
      this.marks.turn(yaw, figureOf(partOf(row, "pitch")) || 0);
    }
  }

  remove(row) { removeRow(row, this.form, this.adders[0], () => this.count()); }

  // The arrow keys change a figure by one.
  step(event) {
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!step || !STEPPED.includes(event.target.dataset.part) || Number.isNaN(figureOf(event.target))) { return; }
    event.preventDefault();
    event.target.value = roundTenth(figureOf(event.target) + step);
    notifyInput(this.form);
  }
}
