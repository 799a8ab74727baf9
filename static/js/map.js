// The moving map: Leaflet after the visitor's click, in step with the list of homes.
// Expects [data-map] as templates/_macros/map.html writes it: data-scripts, data-styles, either data-url (the search as points)
// and data-search (the search page without a place), or data-homes (the points themselves), and the texts as data-text-….
(function () {
  "use strict";
  var PALE = "https://cyberjapandata.gsi.go.jp/xyz/pale/{z}/{x}/{y}.png";
  var HAZARD_TILES = "https://disaportaldata.gsi.go.jp/raster/";
  var CELLS_FROM_ZOOM = 12, CLOSEST = 14;
  var OPENED = "akiya.map";
  var calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  function element(tag, className, text) {
    var made = document.createElement(tag);
    made.className = className;
    if (text) { made.textContent = text; }
    return made;
  }

  function corners(box) { return [[box[1], box[0]], [box[3], box[2]]]; }

  function icon(content, className) {
    // Without a size of its own the icon is as large as what it holds; the style sheet centres it.
    return window.L.divIcon({ html: content, className: className, iconSize: null });
  }

  function countIcon(count) {
    var size = count < 10 ? "small" : count < 100 ? "middle" : "large";
    return icon(element("span", "map-count map-count-" + size, String(count)), "map-marker");
  }

  function pinIcon(home) {
    var content = element("span", "map-pin" + (home.cell ? "" : " map-pin-vague"), home.price);
    content.append(element("span", "visually-hidden", " " + home.title + (home.cell ? "" : " " + home.note)));
    return icon(content, "map-marker");
  }

  // The drawn map of the municipalities, stretched over the same degrees: it stands also where no tile arrives.
  function outlines(drawing) {
    var paths = drawing ? drawing.querySelectorAll("path") : [];
    if (!paths.length) { return null; }
    var svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", drawing.getAttribute("viewBox"));
    svg.setAttribute("preserveAspectRatio", "none");
    paths.forEach(function (path) { svg.append(path.cloneNode()); });
    return window.L.svgOverlay(svg, corners(drawing.dataset.frame.split(",").map(Number)), { pane: "outlines", className: "map-outlines" });
  }

  function build(panel) {
    var L = window.L, text = panel.dataset, alone = text.homes ? JSON.parse(text.homes) : null;
    var status = panel.querySelector("[data-status]"), here = panel.querySelector("[data-here]");
    var map = L.map(panel.querySelector("[data-canvas]"), {
      minZoom: 6, maxZoom: 17, zoomControl: false, zoomAnimation: !calm, fadeAnimation: !calm, markerZoomAnimation: !calm
    });
    var pins = L.markerClusterGroup({
      showCoverageOnHover: false, maxClusterRadius: 46, animate: !calm,
      iconCreateFunction: function (cluster) { return countIcon(cluster.getChildCount()); }
    });
    var cells = L.layerGroup(), counts = L.layerGroup();
    var byId = {}, partial = false, settled = false, asked = null;

    function say(message) { status.textContent = message; }

    L.control.zoom({ zoomInTitle: text.textZoomIn, zoomOutTitle: text.textZoomOut }).addTo(map);
    map.attributionControl.setPrefix('<a href="https://leafletjs.com/">Leaflet</a>');
    map.createPane("outlines").style.zIndex = 250;
    L.tileLayer(PALE, { maxZoom: 18, attribution: '<a href="https://maps.gsi.go.jp/development/ichiran.html">' + text.textTiles + "</a>" })
      .on("tileerror", function () {
        if (!panel.classList.contains("without-tiles")) { panel.querySelector("[data-without-tiles]").hidden = false; }
        panel.classList.add("without-tiles");
      }).addTo(map);
    var drawn = outlines(document.querySelector(".area-map, .place-map svg"));
    if (drawn) { drawn.addTo(map); }
    [cells, counts, pins].forEach(function (layer) { layer.addTo(map); });

    // Only an area can be told of most homes: it is drawn as soon as it is more than a dot.
    function drawCells() {
      cells.clearLayers();
      if (!alone && map.getZoom() < CELLS_FROM_ZOOM) { return; }
      var view = map.getBounds().pad(0.2), shown = {};
      Object.keys(byId).forEach(function (id) {
        var cell = byId[id].home.cell;
        if (!cell || shown[cell] || !view.intersects(corners(cell))) { return; }
        shown[cell] = true;
        L.rectangle(corners(cell), { className: "map-cell", interactive: false }).addTo(cells);
      });
    }

    function cardOf(home, popup) {
      var card = document.querySelector('.results [data-listing="' + home.id + '"]');
      var holder = element("div", "map-card");
      if (card) {
        holder.append(card.cloneNode(true));
        holder.firstChild.removeAttribute("data-listing");
        return holder;
      }
      fetch(home.url + "/card").then(function (answer) {
        if (!answer.ok) { throw new Error(answer.status); }
        return answer.text();
      }).then(function (markup) {
        holder.append(document.createRange().createContextualFragment(markup));
      }).catch(function () {
        var link = element("a", "", home.title);
        link.href = home.url;
        holder.append(link);
      }).then(function () { popup.update(); });
      return holder;
    }

    function addPin(home) {
      // On its own page the cell alone says where a home is.
      if (alone && home.cell) { byId[home.id] = { home: home }; return; }
      var pin = L.marker([home.lat, home.lon], { icon: pinIcon(home), riseOnHover: true });
      pin.home = home;
      byId[home.id] = pin;
      if (!alone) {
        var popup = L.popup({ minWidth: 240, maxWidth: 260, className: "map-popup" }), card = null;
        popup.setContent(function () { card = card || cardOf(home, popup); return card; });
        pin.bindPopup(popup).on("popupopen popupclose", function (event) { mark(home.id, event.type === "popupopen"); });
      }
      pins.addLayer(pin);
    }

    function addCount(cluster) {
      function closer() { map.fitBounds(corners(cluster.bbox), { maxZoom: map.getZoom() + 3, padding: [30, 30] }); }
      L.marker([cluster.lat, cluster.lon], { icon: countIcon(cluster.count) }).on("click", closer)
        .on("keypress", function (event) { if (event.originalEvent.key === "Enter") { closer(); } }).addTo(counts);
    }

    function draw(answer) {
      pins.clearLayers();
      counts.clearLayers();
      byId = {};
      answer.homes.forEach(addPin);
      answer.clusters.forEach(addCount);
      drawCells();
      say(answer.numberMatched ? text.textCount.replace("{count}", answer.numberMatched) : text.textNone);
    }

    // Above a number of homes the answer counts them by area: then each view asks for its own part.
    function address() {
      var url = new URL(text.url, location.href);
      url.searchParams.set("zoom", map.getZoom());
      if (partial) {
        var view = map.getBounds(), limits = (url.searchParams.get("bbox") || "-180,-90,180,90").split(",").map(Number);
        var box = [Math.max(limits[0], view.getWest()), Math.max(limits[1], view.getSouth()),
          Math.min(limits[2], view.getEast()), Math.min(limits[3], view.getNorth())];
        if (box[0] >= box[2] || box[1] >= box[3]) { return null; }
        url.searchParams.set("bbox", box.map(function (value) { return value.toFixed(4); }).join(","));
      }
      return url;
    }

    function ask() {
      var url = address();
      if (asked) { asked.abort(); }
      if (!url) { return Promise.resolve(null); }
      asked = new AbortController();
      return fetch(url, { signal: asked.signal }).then(function (answer) {
        if (!answer.ok) { throw new Error(answer.status); }
        return answer.json();
      }).then(function (answer) {
        var whole = !partial;
        partial = partial || answer.clusters.length > 0;
        draw(answer);
        return whole ? answer.bounds : null;
      }).catch(function (error) {
        if (error.name !== "AbortError") { say(text.textError); }
        return null;
      });
    }

    // The list and the map show the same home at the same time.
    var lit = null;
    function light(id, on) {
      if (lit) { lit.classList.remove("map-lit"); lit = null; }
      var pin = byId[id], shown = on && pin ? pins.getVisibleParent(pin) : null;
      if (shown && shown.getElement()) { lit = shown.getElement(); lit.classList.add("map-lit"); }
    }
    function mark(id, on) {
      var card = document.querySelector('.results [data-listing="' + id + '"]');
      if (!card) { return; }
      card.classList.toggle("card-lit", on);
      if (on) { card.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" }); }
    }
    document.querySelectorAll(".results [data-listing]").forEach(function (card) {
      ["mouseenter", "focusin"].forEach(function (name) { card.addEventListener(name, function () { light(card.dataset.listing, true); }); });
      ["mouseleave", "focusout"].forEach(function (name) { card.addEventListener(name, function () { light(card.dataset.listing, false); }); });
    });

    function moved() {
      drawCells();
      if (!settled || !here) { return; }
      var view = map.getBounds(), url = new URL(text.search, location.href);
      url.searchParams.set("bbox", [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()]
        .map(function (value) { return value.toFixed(4); }).join(","));
      here.href = url;
      here.hidden = false;
      if (partial) { ask(); }
    }

    panel.querySelectorAll("[data-layers]").forEach(function (box) {
      var layers = box.dataset.layers.split(" ").map(function (name) {
        return L.tileLayer(HAZARD_TILES + name + "/{z}/{x}/{y}.png", {
          maxNativeZoom: 17, opacity: 0.65,
          attribution: '<a href="https://disaportal.gsi.go.jp/">' + text.textHazards + "</a>"
        });
      });
      box.addEventListener("change", function () {
        layers.forEach(function (layer) { if (box.checked) { layer.addTo(map); } else { layer.remove(); } });
        panel.querySelector('[data-legend="' + box.dataset.legendName + '"]').hidden =
          !panel.querySelector('[data-legend-name="' + box.dataset.legendName + '"]:checked');
      });
    });

    map.on("moveend", moved);
    new ResizeObserver(function () {
      // A window that changes its size is not a person who moves the map.
      var before = settled;
      settled = false;
      map.invalidateSize({ animate: false, pan: false });
      settled = before;
    }).observe(map.getContainer());
    function show(box) {
      map.fitBounds(corners(box), { maxZoom: alone ? CLOSEST + 1 : CLOSEST, padding: [24, 24], animate: false });
    }
    if (alone) {
      show(alone[0].cell || [alone[0].lon, alone[0].lat, alone[0].lon, alone[0].lat]);
      draw({ homes: alone, clusters: [], numberMatched: 1 });
      say("");
      return Promise.resolve();
    }
    show(text.box.split(",").map(Number));
    return ask().then(function (box) {
      if (box) { show(box); }
      settled = true;
    });
  }

  function enhance(panel) {
    var opener = panel.querySelector("[data-open]"), body = panel.querySelector("[data-body]"), status = panel.querySelector("[data-status]");
    function open() {
      opener.disabled = true;
      status.textContent = panel.dataset.textLoading;
      return window.akiya.load(panel.dataset.scripts.split(" "), panel.dataset.styles.split(" ")).then(function () {
        opener.hidden = true;
        body.hidden = false;
        panel.dataset.opened = "true";
        return build(panel);
      }).then(function () { panel.dataset.ready = "true"; }).catch(function () {
        opener.disabled = false;
        status.textContent = panel.dataset.textError;
      });
    }
    opener.hidden = false;
    opener.addEventListener("click", function () {
      if (panel.dataset.url) { try { sessionStorage.setItem(OPENED, "open"); } catch (error) { /* not allowed */ } }
      open();
    });
    // Who opened the map of the search and searches again finds it open.
    try { if (panel.dataset.url && sessionStorage.getItem(OPENED) === "open") { open(); } } catch (error) { /* not allowed */ }
  }

  // On narrow windows the list and the map take turns.
  function takeTurns(buttons) {
    var page = document.querySelector(".search-page");
    function show(view) {
      page.dataset.view = view;
      buttons.querySelectorAll("button").forEach(function (button) { button.setAttribute("aria-pressed", String(button.dataset.show === view)); });
    }
    buttons.classList.remove("turns-waiting");
    buttons.addEventListener("click", function (event) {
      var button = event.target.closest("[data-show]");
      if (button) { show(button.dataset.show); }
    });
    show("list");
  }

  document.querySelectorAll("[data-map]").forEach(enhance);
  document.querySelectorAll("[data-turns]").forEach(takeTurns);
}());
