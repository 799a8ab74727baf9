// The 360° viewer. Loads Pannellum on the visitor's click only, and gives it buttons with names.
// Expects <figure data-panorama data-config data-script data-style data-text-loading data-text-ready data-text-error>
// holding .panorama-still, .panorama-viewer, .panorama-open, .panorama-controls [data-action] and .panorama-status.
(function () {
  "use strict";
  var STEP = 20, ZOOM = 12, PATIENCE = 20000;

  function whenShown(viewer) {
    // 'load' may fire before a handler can be attached, so the viewer is asked instead.
    return new Promise(function (resolve, reject) {
      var began = Date.now();
      (function ask() {
        if (viewer.isLoaded()) { resolve(); } else if (Date.now() - began > PATIENCE) { reject(new Error("not shown")); } else { setTimeout(ask, 80); }
      }());
    });
  }

  function enhance(figure) {
    var frame = figure.querySelector(".panorama-viewer");
    var open = figure.querySelector(".panorama-open");
    var controls = figure.querySelector(".panorama-controls");
    var status = figure.querySelector(".panorama-status");
    var calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    var viewer = null;

    function say(text) { status.textContent = text; }

    function show(query, view) {
      say(figure.dataset.textLoading);
      return Promise.all([window.akiya.load([figure.dataset.script], [figure.dataset.style]), fetch(figure.dataset.config + query).then(function (answer) {
        if (!answer.ok) { throw new Error(answer.status); }
        return answer.json();
      })]).then(function (both) {
        var config = both[1];
        if (calm) { config.default.sceneFadeDuration = 0; }
        if (view) { config.scenes[config.default.firstScene].yaw = view.yaw; config.scenes[config.default.firstScene].pitch = view.pitch; }
        if (viewer) { viewer.destroy(); }
        frame.hidden = false;
        viewer = window.pannellum.viewer(frame, config);
        return whenShown(viewer);
      }).then(function () {
        open.hidden = true;
        controls.hidden = false;
        figure.dataset.ready = "true";
        say(figure.dataset.textReady);
        figure.dispatchEvent(new CustomEvent("panorama:open", { bubbles: true, detail: { viewer: viewer, frame: frame } }));
        frame.focus();
      }).catch(function () {
        frame.hidden = true;
        open.hidden = false;
        say(figure.dataset.textError);
      });
    }

    var actions = {
      left: function () { viewer.setYaw(viewer.getYaw() - STEP, calm ? false : 400); },
      right: function () { viewer.setYaw(viewer.getYaw() + STEP, calm ? false : 400); },
      up: function () { viewer.setPitch(viewer.getPitch() + STEP, calm ? false : 400); },
      down: function () { viewer.setPitch(viewer.getPitch() - STEP, calm ? false : 400); },
      in: function () { viewer.setHfov(viewer.getHfov() - ZOOM, calm ? false : 300); },
      out: function () { viewer.setHfov(viewer.getHfov() + ZOOM, calm ? false : 300); },
      fullscreen: function () { viewer.toggleFullscreen(); },
      full: function (button) {
        button.hidden = true;
        return show("?full=1", { yaw: viewer.getYaw(), pitch: viewer.getPitch() });
      }
    };

    frame.tabIndex = 0;
    frame.setAttribute("role", "application");
    frame.setAttribute("aria-label", figure.querySelector(".panorama-still").alt);
    open.hidden = false;
    open.addEventListener("click", function () { show("", null); });
    controls.addEventListener("click", function (event) {
      var button = event.target.closest("[data-action]");
      if (button && viewer) { actions[button.dataset.action](button); }
    });
    // Pannellum takes the keys while it has the focus; Tab must always leave.
    frame.addEventListener("keydown", function (event) {
      if (event.key === "Tab") { event.stopImmediatePropagation(); }
    }, true);
  }

  document.querySelectorAll("[data-panorama]").forEach(enhance);
}());
