// Marks over the viewer, and places chosen in it by a click or by what stands in its middle.
// akiya.marks(side, shapes): `side` holds the [data-panorama] figure and [data-tool]; shapes() returns what to draw:
// {yaw, pitch, text, look} for points and {yaw, pitch, width, height, text, look} for areas, in degrees of the level frame.
(function () {
  "use strict";
  var SVG = "http://www.w3.org/2000/svg", STILL = 6, RADIANS = Math.PI / 180;

  function shape(name, attributes, text) {
    var element = document.createElementNS(SVG, name);
    Object.keys(attributes).forEach(function (key) { element.setAttribute(key, attributes[key]); });
    if (text !== undefined) { element.textContent = text; }
    return element;
  }

  // Where a direction appears, in pixels from the top left; null behind the viewer.
  function project(view, yaw, pitch) {
    var p = pitch * RADIANS, q = view.pitch * RADIANS, turn = (yaw - view.yaw) * RADIANS;
    var z = Math.sin(p) * Math.sin(q) + Math.cos(p) * Math.cos(turn) * Math.cos(q);
    if (z < 0.02) { return null; }
    var focal = view.width / 2 / Math.tan(view.hfov * RADIANS / 2);
    return [
      view.width / 2 + focal * Math.sin(turn) * Math.cos(p) / z,
      view.height / 2 - focal * (Math.sin(p) * Math.cos(q) - Math.cos(p) * Math.cos(turn) * Math.sin(q)) / z
    ];
  }

  function rim(area) {
    var points = [], n, left = area.yaw - area.width / 2, low = Math.max(-90, area.pitch - area.height / 2), high = Math.min(90, area.pitch + area.height / 2);
    for (n = 0; n <= 12; n += 1) { points.push([left + area.width * n / 12, high]); }
    for (n = 0; n <= 12; n += 1) { points.push([left + area.width, high + (low - high) * n / 12]); }
    for (n = 0; n <= 12; n += 1) { points.push([left + area.width * (1 - n / 12), low]); }
    for (n = 0; n <= 12; n += 1) { points.push([left, low + (high - low) * n / 12]); }
    return points;
  }

  window.akiya.marks = function (side, shapes) {
    var figure = side.querySelector("[data-panorama]");
    var tool = side.querySelector("[data-tool]");
    var told = tool.querySelector("[data-tool-told]");
    var viewer = null, frame = null, layer = null, drawn = "", picking = null, pressed = null, waiting = [];

    function paint() {
      if (viewer && viewer.isLoaded()) {
        var view = { yaw: viewer.getYaw(), pitch: viewer.getPitch(), hfov: viewer.getHfov(), width: frame.clientWidth, height: frame.clientHeight };
        var list = shapes().concat(picking ? picking.found.map(function (at) { return { yaw: at[0], pitch: at[1], text: "", look: "chosen" }; }) : []);
        var now = JSON.stringify([view, list, Boolean(picking)]);
        if (now !== drawn) { drawn = now; draw(view, list); }
      }
      requestAnimationFrame(paint);
    }

    function draw(view, list) {
      layer.textContent = "";
      layer.setAttribute("viewBox", "0 0 " + view.width + " " + view.height);
      list.forEach(function (one) {
        var at = project(view, one.yaw, one.pitch);
        if (one.width !== undefined) {
          var points = rim(one).map(function (point) { return project(view, point[0], point[1]); }).filter(Boolean);
          if (points.length > 2) { layer.append(shape("polygon", { points: points.map(function (p) { return p.join(","); }).join(" "), "class": "mark-area " + (one.look || "") })); }
        } else if (at) {
          layer.append(shape("circle", { cx: at[0], cy: at[1], r: 9, "class": "mark-point " + (one.look || "") }));
        }
        if (at && one.text) { layer.append(shape("text", { x: at[0], y: at[1] - 15, "class": "mark-text" }, one.text)); }
      });
      if (picking) {
        var x = view.width / 2, y = view.height / 2;
        layer.append(shape("path", { d: "M" + (x - 14) + " " + y + "h28M" + x + " " + (y - 14) + "v28", "class": "mark-cross" }));
      }
    }

    function ask() { told.textContent = picking.asks[picking.found.length]; }

    function choose(yaw, pitch) {
      picking.found.push([Math.round(yaw * 10) / 10, Math.round(pitch * 10) / 10]);
      if (picking.found.length < picking.asks.length) { ask(); return; }
      var done = picking;
      stop();
      done.then(done.found);
    }

    function stop() {
      picking = null;
      tool.hidden = true;
      side.classList.remove("scene-picking");
    }

    figure.addEventListener("panorama:open", function (event) {
      viewer = event.detail.viewer;
      frame = event.detail.frame;
      if (!layer) {
        layer = shape("svg", { "class": "mark-layer", "aria-hidden": "true" });
        frame.after(layer);
        // Not "click": the viewer swallows it on touch screens. A drag looks around and chooses nothing.
        frame.addEventListener("pointerdown", function (down) { pressed = down.button ? null : [down.clientX, down.clientY]; }, true);
        frame.addEventListener("pointerup", function (up) {
          if (!picking || !pressed || Math.hypot(up.clientX - pressed[0], up.clientY - pressed[1]) > STILL) { return; }
          var at = viewer.mouseEventToCoords(up);
          choose(at[1], at[0]);
        }, true);
        requestAnimationFrame(paint);
      }
      waiting.splice(0).forEach(function (go) { go(); });
    });
    tool.querySelector("[data-tool-centre]").addEventListener("click", function () { if (picking && viewer) { choose(viewer.getYaw(), viewer.getPitch()); } });
    function leave() {
      if (!picking) { return; }
      var back = picking.from;
      stop();
      back.focus();
    }
    tool.querySelector("[data-tool-stop]").addEventListener("click", leave);
    // Before the viewer, which keeps its keys to itself.
    side.addEventListener("keydown", function (event) { if (event.key === "Escape") { leave(); } }, true);

    // Runs `then` once the viewer is open, opening it first.
    function open(then) {
      if (viewer && viewer.isLoaded()) { then(); return; }
      waiting.push(then);
      figure.querySelector(".panorama-open").click();
    }

    return {
      // Asks for as many places as there are texts in `asks`; then({[yaw, pitch]…}).
      pick: function (from, asks, then) {
        open(function () {
          picking = { from: from, asks: asks, found: [], then: then };
          side.classList.add("scene-picking");
          tool.hidden = false;
          ask();
          figure.scrollIntoView({ block: "nearest" });
          frame.focus({ preventScroll: true });
        });
      },
      // What is looked at: then(yaw, pitch).
      look: function (then) {
        open(function () { then(Math.round(viewer.getYaw() * 10) / 10, Math.round(viewer.getPitch() * 10) / 10); });
      },
      // Turns to a place.
      turn: function (yaw, pitch) {
        if (viewer && viewer.isLoaded() && Math.abs(pitch) <= 90) { viewer.lookAt(pitch, yaw, viewer.getHfov(), false); }
      }
    };
  };
}());
