// Areas are drawn, moved and resized with mouse, pen or finger.
import { clamp } from "../shared/figures.js";
import { LEAST } from "./area-rows.js";

// Where the pointer is, in percent of the picture.
function positionOf(event, stage) {
  const box = stage.getBoundingClientRect();
  return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height].map((part) => clamp(0, part * 100, 100));
}

// Returns the figures of an area that was at `before` when it is moved or resized by x and y.
function changed([left, top, width, height], resizes, x, y) {
  return resizes
    ? [left, top, clamp(LEAST, width + x, 100 - left), clamp(LEAST, height + y, 100 - top)]
    : [clamp(0, left + x, 100 - width), clamp(0, top + y, 100 - height), width, height];
}

// What follows a press at `from` on an area, its corner, or the picture itself, where a new area is drawn.
function follow(target, from, rows) {
  const before = target.row ? rows.figures(target.row) : null;
  let row = target.row || null;
  return {
    move(to) {
      const x = to[0] - from[0], y = to[1] - from[1];
      if (before) {
        rows.write(row, changed(before, target.resizes, x, y));
      } else if (Math.abs(x) >= LEAST && Math.abs(y) >= LEAST) {
        row = row || rows.take();
        if (row) { rows.write(row, [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.abs(x), Math.abs(y)]); }
      }
    },
    end() {
      if (row && !before) { rows.say(`範囲${row.querySelector("[data-number]").textContent}を作りました。`); }
    }
  };
}

export function dragAreas(stage, rows) {
  stage.addEventListener("pointerdown", (event) => {
    if (event.button) { return; }
    event.preventDefault();
    const drag = follow(event.target, positionOf(event, stage), rows);
    stage.setPointerCapture(event.pointerId);
    const move = (moved) => drag.move(positionOf(moved, stage));
    function end() {
      stage.removeEventListener("pointermove", move);
      stage.removeEventListener("pointerup", end);
      stage.removeEventListener("pointercancel", end);
      drag.end();
    }
    stage.addEventListener("pointermove", move);
    stage.addEventListener("pointerup", end);
    stage.addEventListener("pointercancel", end);
  });
}
