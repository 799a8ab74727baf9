// Rectangles are drawn on the picture; each is a row of figures next to it, and what is typed there moves it.
import { AreaRows } from "./blur/area-rows.js";
import { Drawing } from "./blur/drawing.js";
import { dragAreas } from "./blur/pointer.js";

function enhance(form, stage) {
  const rows = new AreaRows(form), drawing = new Drawing(stage, rows);
  rows.onChange = () => drawing.paint();
  rows.connect();
  dragAreas(stage, rows);
  document.querySelectorAll("[data-drawing-help], [data-key-help]").forEach((help) => { help.hidden = false; });
  stage.classList.add("blur-drawing");
  drawing.paint();
}

const form = document.querySelector("[data-blur]");
const stage = document.querySelector("[data-stage]");
if (form && stage) { enhance(form, stage); }
