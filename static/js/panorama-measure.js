// Rough distances on the floor of a 360° picture, between two points that the visitor picks. panorama.js loads it on demand.
(function () {
  "use strict";
  // Degrees and metres. A point nearer to the horizon, or farther away, would be known too badly.
  var HIGHEST = -3, FARTHEST = 10;
  // How well a point is aimed at (degrees) and the camera's height is known (share).
  var AIM = 1, HEIGHT = 0.03, STILL_PX = 6;

  function radians(degrees) { return degrees * Math.PI / 180; }

  // Where a direction meets the floor below a camera at `height` metres: x, z and the error of its distance; null off the floor.
  function floorPoint(height, yaw, pitch) {
    var away = height / Math.tan(radians(-pitch));
    if (pitch > HIGHEST || away > FARTHEST) { return null; }
    var slope = Math.sin(radians(pitch));
    return { x: away * Math.sin(radians(yaw)), z: away * Math.cos(radians(yaw)), error: height / (slope * slope) * radians(AIM) };
  }

  function between(one, two) {
    var metres = Math.hypot(one.x - two.x, one.z - two.z);
    return { metres: metres, error: Math.hypot(one.error, two.error, metres * HEIGHT) };
  }

  // Points can be picked until the returned function is called.
  function start(figure, button, viewer, height, say) {
    var frame = figure.querySelector(".panorama-viewer"), cross = figure.querySelector(".panorama-cross");
    var points = [], pressed = null;

    function clear() {
      points.splice(0).forEach(function (point, place) { viewer.removeHotSpot("point-" + place); });
    }

    function pick(pitch, yaw) {
      var point = floorPoint(height, yaw, pitch);
      if (!point) { say(button.dataset.textRefused); return; }
      if (points.length === 2) { clear(); }
      viewer.addHotSpot({ id: "point-" + points.length, yaw: yaw, pitch: pitch, type: "info", cssClass: "panorama-point" });
      points.push(point);
      if (points.length === 1) { say(button.dataset.textSecond); return; }
      var found = between(points[0], points[1]);
      say(button.dataset.textDistance.replace("{metres}", found.metres.toFixed(1)).replace("{error}", Math.max(0.1, found.error).toFixed(1)));
    }

    function down(event) { pressed = event.target.closest(".pnlm-hotspot-base") ? null : { x: event.clientX, y: event.clientY }; }
    function up(event) {
      // Somebody who drags looks around.
      if (!pressed || Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > STILL_PX) { return; }
      var aimed = viewer.mouseEventToCoords(event);
      pick(aimed[0], aimed[1]);
    }
    function key(event) { if (event.key === "Enter") { pick(viewer.getPitch(), viewer.getYaw()); } }

    frame.addEventListener("pointerdown", down, true);
    frame.addEventListener("pointerup", up, true);
    frame.addEventListener("keydown", key);
    cross.hidden = false;
    say(button.dataset.textFirst);
    return function (shown) {
      frame.removeEventListener("pointerdown", down, true);
      frame.removeEventListener("pointerup", up, true);
      frame.removeEventListener("keydown", key);
      cross.hidden = true;
      if (shown) { clear(); }
    };
  }

  window.akiya.measure = start;
}());
