// Marks over a viewer, drawn again whenever it turns or they change.
import { createSvg } from "../shared/dom.js";
import { project, rim } from "./projection.js";

function drawShape(layer, view, shape) {
  const at = project(view, shape.yaw, shape.pitch), look = shape.look || "";
  if (shape.width !== undefined) {
    const points = rim(shape).map(([yaw, pitch]) => project(view, yaw, pitch)).filter(Boolean);
    if (points.length > 2) {
      layer.append(createSvg("polygon", { points: points.map((point) => point.join(",")).join(" "), class: `mark-area ${look}` }));
    }
  } else if (at) {
    layer.append(createSvg("circle", { cx: at[0], cy: at[1], r: 9, class: `mark-point ${look}` }));
  }
  if (at && shape.text) { layer.append(createSvg("text", { x: at[0], y: at[1] - 15, class: "mark-text" }, shape.text)); }
}

function drawCross(layer, { width, height }) {
  const x = width / 2, y = height / 2;
  layer.append(createSvg("path", { d: `M${x - 14} ${y}h28M${x} ${y - 14}v28`, class: "mark-cross" }));
}

export class MarkLayer {
  // `shapes` returns what to draw: {yaw, pitch, text, look} for points and {yaw, pitch, width, height, text, look} for areas.
  // `hasCross` returns whether the middle is marked. `opened` returns the present viewer.
  constructor(frame, opened, shapes, hasCross) {
    Object.assign(this, { frame, opened, shapes, hasCross, drawn: "" });
    this.layer = createSvg("svg", { class: "mark-layer", "aria-hidden": "true" });
    frame.after(this.layer);
    this.repaint();
  }

  repaint() {
    requestAnimationFrame(() => {
      this.paint(this.opened());
      this.repaint();
    });
  }

  paint(viewer) {
    if (!viewer.isLoaded()) { return; }
    const { clientWidth: width, clientHeight: height } = this.frame;
    const view = { yaw: viewer.getYaw(), pitch: viewer.getPitch(), hfov: viewer.getHfov(), width, height };
    const shapes = this.shapes(), hasCross = this.hasCross(), now = JSON.stringify([view, shapes, hasCross]);
    if (now === this.drawn) { return; }
    this.drawn = now;
    this.layer.textContent = "";
    this.layer.setAttribute("viewBox", `0 0 ${width} ${height}`);
    shapes.forEach((shape) => drawShape(this.layer, view, shape));
    if (hasCross) { drawCross(this.layer, view); }
  }
}
