// The areas as rectangles over the picture, each with its number and a corner to pull.
import { createSvg } from "../shared/dom.js";
import { showNumbers } from "../shared/form-rows.js";

const UNIT_PX = 20;

export class Drawing {
  constructor(stage, rows) {
    this.stage = stage;
    this.rows = rows;
    this.layer = stage.querySelector("[data-areas]");
  }

  paint() {
    this.layer.textContent = "";
    showNumbers(this.rows.list);
    this.rows.all().forEach((row, place) => this.paintArea(row, place + 1));
  }

  paintArea(row, number) {
    const figures = this.rows.figures(row), size = this.stage.viewBox.baseVal;
    if (figures.some(Number.isNaN) || figures[2] <= 0 || figures[3] <= 0) { return; }
    const [x, width] = [figures[0], figures[2]].map((figure) => figure * size.width / 100);
    const [y, height] = [figures[1], figures[3]].map((figure) => figure * size.height / 100);
    // As large on every screen, whatever the size of the picture.
    const unit = size.width / this.stage.clientWidth * UNIT_PX;
    const isChosen = row.contains(document.activeElement);
    const area = createSvg("rect", { x, y, width, height, class: isChosen ? "blur-area blur-chosen" : "blur-area" });
    const text = createSvg("text", { x: x + unit / 3, y: y + unit * 1.2, "font-size": unit, class: "blur-number" }, number);
    const corner = createSvg("rect", {
      x: x + width - unit * 0.8, y: y + height - unit * 0.8, width: unit * 1.6, height: unit * 1.6, class: "blur-corner"
    });
    area.row = corner.row = row;
    corner.resizes = true;
    this.layer.append(area, text, corner);
  }
}
