// A view in the address of a page: #scene=12&yaw=30.0&pitch=-5.0&hfov=90.0, in degrees.

const BOUNDS = { yaw: [-180, 180], pitch: [-90, 90], hfov: [40, 120] };

// Returns what the address asks for, as {scene, yaw, pitch, hfov}: only what is known and within bounds.
export function parseView(fragment, rooms) {
  const given = new URLSearchParams(fragment.slice(1)), view = {};
  if (!rooms.has(given.get("scene"))) { return view; }
  view.scene = given.get("scene");
  Object.keys(BOUNDS).forEach((name) => {
    const text = given.get(name), value = Number(text);
    if (text && value >= BOUNDS[name][0] && value <= BOUNDS[name][1]) { view[name] = value; }
  });
  return view;
}

export function formatView(scene, view) {
  return `#scene=${scene}${Object.keys(view).map((name) => `&${name}=${view[name].toFixed(1)}`).join("")}`;
}

// Whether somebody would notice the difference; `known` is null before there was a view.
export function differs(known, view) {
  return known !== null && Object.keys(known).some((name) => Math.abs(known[name] - view[name]) > 0.05);
}
