// Buttons of public pages that need the browser's clipboard or position; hidden where it has none.

export function offerCopy(item) {
  if (!navigator.clipboard) { return; }
  const status = item.querySelector("[data-copied]");
  item.hidden = false;
  item.querySelector("button").addEventListener("click", () => {
    navigator.clipboard.writeText(location.href).then(() => { status.textContent = status.dataset.copied; });
  });
}

export function offerNearMe(item) {
  if (!navigator.geolocation) { return; }
  const status = item.querySelector("[role=status]");
  item.hidden = false;
  item.querySelector("button").addEventListener("click", () => {
    status.textContent = item.dataset.textAsking;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      const url = new URL(item.dataset.search, location.href);
      // To about 100 m: the address may be shared.
      url.searchParams.set("near", `${coords.longitude.toFixed(3)},${coords.latitude.toFixed(3)}`);
      url.searchParams.set("radius_km", "10");
      url.searchParams.set("sort", "distance");
      location.assign(url);
    }, () => { status.textContent = item.dataset.textError; }, { timeout: 15000, maximumAge: 300000 });
  });
}
