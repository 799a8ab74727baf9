/* global axe -- the test loads axe-core into the page before it */
// Return the faults that axe-core finds on the page. Contrast takes longer than all other rules together, so it is measured
// once for all elements that look the same: equal colour, size and weight of letters on the same backgrounds.
// A positioned element may be on top of anything, so each of these is measured by itself.
async (tags) => {
  const grounds = new Map([[null, ""]]);
  let own = 0;
  const ground = (element) => {
    if (!grounds.has(element)) {
      const style = getComputedStyle(element);
      const plain = style.backgroundColor === "rgba(0, 0, 0, 0)" && style.backgroundImage === "none" && style.opacity === "1";
      const placed = !["static", "relative"].includes(style.position) || style.transform !== "none";
      grounds.set(element, ground(element.parentElement)
        + (plain ? "" : `|${style.backgroundColor} ${style.backgroundImage} ${style.opacity}`) + (placed ? `|${own++}` : ""));
    }
    return grounds.get(element);
  };
  const written = (element) => element.matches("input, select, textarea")
    || [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const alike = new Map();
  for (const element of document.body.querySelectorAll("*")) {
    if (written(element)) {
      const style = getComputedStyle(element);
      const key = [style.color, style.fontSize, style.fontWeight, style.textShadow, style.display, style.visibility,
        ground(element)].join();
      if (!alike.has(key)) { alike.set(key, element); }
    }
  }
  const resultTypes = ["violations"];
  const all = await axe.run({ runOnly: tags, rules: { "color-contrast": { enabled: false } }, resultTypes });
  const contrast = await axe.run([...alike.values()], { runOnly: ["color-contrast"], resultTypes });
  return [...all.violations, ...contrast.violations].map(
    (found) => `${found.id}: ${found.help}: ${found.nodes.map((node) => node.target.join(" ")).join(", ")}`);
}
