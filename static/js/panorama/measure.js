// Rough distances on the floor of a 360° picture, between two points that the visitor picks.

// Degrees and metres. A point nearer to the horizon, or farther away, would be known too badly.
const HIGHEST = -3, FARTHEST = 10;
// How well a point is aimed at (degrees) and the camera's height is known (share).
const AIM = 1, HEIGHT = 0.03, STILL_PX = 6;

function radians(degrees) { return degrees * Math.PI / 180; }

// Where a direction meets the floor below a camera at `height` metres: x, z and the error of its distance; null off the floor.
function floorPoint(height, yaw, pitch) {
  const away = height / Math.tan(radians(-pitch));
  if (pitch > HIGHEST || away > FARTHEST) { return null; }
  const slope = Math.sin(radians(pitch));
  return { x: away * Math.sin(radians(yaw)), z: away * Math.cos(radians(yaw)), error: height / (slope * slope) * radians(AIM) };
}

function distance(one, two) {
  const metres = Math.hypot(one.x - two.x, one.z - two.z);
  return { metres, error: Math.hypot(one.error, two.error, metres * HEIGHT) };
}

// The points on the floor that are picked, with their marks in the viewer: at most two, a third begins again.
class FloorPoints {
  constructor(viewer, height, texts, say) {
    Object.assign(this, { viewer, height, texts, say, points: [] });
  }

  clear() {
    this.points.splice(0).forEach((point, place) => this.viewer.removeHotSpot(`point-${place}`));
  }

  pick(pitch, yaw) {
    const { points, texts, say } = this, point = floorPoint(this.height, yaw, pitch);
    if (!point) { say(texts.textRefused); return; }
    if (points.length === 2) { this.clear(); }
    this.viewer.addHotSpot({ id: `point-${points.length}`, yaw, pitch, type: "info", cssClass: "panorama-point" });
    points.push(point);
    if (points.length === 1) { say(texts.textSecond); return; }
    const { metres, error } = distance(points[0], points[1]);
    say(texts.textDistance.replace("{metres}", metres.toFixed(1)).replace("{error}", Math.max(0.1, error).toFixed(1)));
  }
}

// Points can be picked until the returned function is called; it removes their marks if it is given true.
export function startMeasuring(figure, button, viewer, height, say) {
  const frame = figure.querySelector(".panorama-viewer"), cross = figure.querySelector(".panorama-cross");
  const floor = new FloorPoints(viewer, height, button.dataset, say);
  let pressed = null;

  function down(event) { pressed = event.target.closest(".pnlm-hotspot-base") ? null : { x: event.clientX, y: event.clientY }; }
  function up(event) {
    // Somebody who drags looks around.
    if (!pressed || Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > STILL_PX) { return; }
    floor.pick(...viewer.mouseEventToCoords(event));
  }
  function key(event) { if (event.key === "Enter") { floor.pick(viewer.getPitch(), viewer.getYaw()); } }

  frame.addEventListener("pointerdown", down, true);
  frame.addEventListener("pointerup", up, true);
  frame.addEventListener("keydown", key);
  cross.hidden = false;
  say(button.dataset.textFirst);
  return (isShown) => {
    frame.removeEventListener("pointerdown", down, true);
    frame.removeEventListener("pointerup", up, true);
    frame.removeEventListener("keydown", key);
    cross.hidden = true;
    if (isShown) { floor.clear(); }
  };
}
