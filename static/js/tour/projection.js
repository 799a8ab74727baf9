// Where directions of the level frame appear on the screen of a viewer, in degrees and pixels.

const RADIANS = Math.PI / 180;
const STEPS = 12;  // points on each side of an area, whose sides look curved

// Returns [x, y] from the top left; null behind the viewer. `view` has yaw, pitch, hfov, width and height.
export function project(view, yaw, pitch) {
  const p = pitch * RADIANS, q = view.pitch * RADIANS, turn = (yaw - view.yaw) * RADIANS;
  const z = Math.sin(p) * Math.sin(q) + Math.cos(p) * Math.cos(turn) * Math.cos(q);
  if (z < 0.02) { return null; }
  const focal = view.width / 2 / Math.tan(view.hfov * RADIANS / 2);
  return [
    view.width / 2 + focal * Math.sin(turn) * Math.cos(p) / z,
    view.height / 2 - focal * (Math.sin(p) * Math.cos(q) - Math.cos(p) * Math.cos(turn) * Math.sin(q)) / z
  ];
}

// Returns directions along the rim of an area, once around.
export function rim({ yaw, pitch, width, height }) {
  const left = yaw - width / 2, right = yaw + width / 2;
  const low = Math.max(-90, pitch - height / 2), high = Math.min(90, pitch + height / 2);
  const corners = [[left, high], [right, high], [right, low], [left, low], [left, high]];
  const points = [];
  for (let side = 0; side < 4; side += 1) {
    const [from, to] = [corners[side], corners[side + 1]];
    for (let step = 0; step <= STEPS; step += 1) {
      points.push([from[0] + (to[0] - from[0]) * step / STEPS, from[1] + (to[1] - from[1]) * step / STEPS]);
    }
  }
  return points;
}
