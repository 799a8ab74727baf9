// Figures as people type them in Japanese forms: in full-width digits, with a minus sign of its own, maybe with a unit.

// Returns NaN for an empty text. `units` are the characters that may follow or precede the figure.
export function parseFigure(text, units) {
  const plain = text.normalize("NFKC").replace("−", "-").replace(new RegExp(`[${units}\\s]`, "g"), "");
  return plain === "" ? NaN : Number(plain);
}

export function roundTenth(value) { return Math.round(value * 10) / 10; }

export function clamp(least, value, most) { return Math.min(Math.max(value, least), most); }
