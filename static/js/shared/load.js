// Leaflet and Pannellum, loaded only after a click: classic scripts, each of which sets a global.

function append(tag, attributes) {
  return new Promise((resolve, reject) => {
    const made = Object.assign(document.createElement(tag), attributes);
    made.onload = resolve;
    made.onerror = reject;
    document.head.append(made);
  });
}

const loading = {};

// Loads style sheets at once and scripts one after the other. What has been loaded is kept, what failed can be tried again.
export function load(scripts, styles) {
  const key = scripts.join(" ");
  if (!loading[key]) {
    const inOrder = scripts.reduce((before, src) => before.then(() => append("script", { src })), Promise.resolve());
    loading[key] = Promise.all([...styles.map((href) => append("link", { rel: "stylesheet", href })), inOrder]);
    loading[key].catch(() => { delete loading[key]; });
  }
  return loading[key];
}
