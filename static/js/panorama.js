// The 360° viewer of a tour. Loads Pannellum on the visitor's click only, and gives it buttons with names.
// Expects [data-panorama data-config data-page data-script data-style data-text-…] (_macros/panorama.html) holding
//   .panorama-screen: .panorama-still, .panorama-viewer, .panorama-open, .panorama-controls [data-action], .panorama-status;
//   [data-scene data-home data-still]: the words of each room; a[data-go]: links to rooms (data-keep: the view stays);
//   [data-look data-yaw data-pitch]: notes; [data-plan]: floor plans.
// Tells others, on the same element: "panorama:open" {viewer, frame} whenever a viewer was opened, "panorama:scene" {scene}
// whenever another scene is shown in it.
(function () {
  "use strict";
  var TURN = 20, ZOOM = 12, PATIENCE = 20000, LOOK_MS = 400;
  var BOUNDS = { yaw: [-180, 180], pitch: [-90, 90], hfov: [40, 120] };

  function calm() { return window.matchMedia("(prefers-reduced-motion: reduce)").matches; }
  function sceneName(id) { return "scene-" + id; }

  // What the address asks for, as {scene, yaw, pitch, hfov}: only what is known and within bounds.
  function asked(rooms) {
    var given = new URLSearchParams(location.hash.slice(1)), view = {};
    if (!rooms[given.get("scene")]) { return view; }
    view.scene = given.get("scene");
    Object.keys(BOUNDS).forEach(function (name) {
      var text = given.get(name), value = Number(text);
      if (text && value >= BOUNDS[name][0] && value <= BOUNDS[name][1]) { view[name] = value; }
    });
    return view;
  }

  // 'load' and 'error' may fire before a handler can be attached, so the viewer is asked instead.
  function whenShown(viewer, frame) {
    return new Promise(function (resolve, reject) {
      var began = Date.now();
      (function ask() {
        var box = frame.querySelector(".pnlm-error-msg");
        if (viewer.isLoaded()) { resolve();
        } else if (box && box.style.display === "table") { reject(new Error("unsupported"));
        } else if (Date.now() - began > PATIENCE) { reject(new Error("too slow"));
        } else { setTimeout(ask, 50); }
      }());
    });
  }

  function enhance(figure) {
    function find(selector) { return figure.querySelector(selector); }
    function all(selector) { return Array.from(figure.querySelectorAll(selector)); }
    var screenBox = find(".panorama-screen"), frame = find(".panorama-viewer"), open = find(".panorama-open");
    var still = find(".panorama-still"), controls = find(".panorama-controls"), status = find(".panorama-status");
    var rooms = Object.create(null), viewer = null, here = "", start = {}, wanted = null, opening = false, query = "", measuring = null, known = null;
    all("[data-scene]").forEach(function (room) { rooms[room.dataset.scene] = room; });

    function say(text) { status.textContent = text; }
    function button(action) { return controls.querySelector("[data-action=" + action + "]"); }
    function pressed(action, on) { button(action).setAttribute("aria-pressed", String(on)); }
    function tell(name, detail) { figure.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: detail })); }
    function title(id) { return rooms[id].querySelector("h3").textContent; }

    // The words, still, plan and marks of one room, whether the viewer is open or not.
    function show(id) {
      var room = rooms[id], before = rooms[here], focused = document.activeElement;
      if (!room) { return; }
      here = id;
      Object.keys(rooms).forEach(function (other) { rooms[other].classList.toggle("panorama-here", other === id); });
      all("[data-go]").forEach(function (link) {
        var current = link.dataset.go === id || link.dataset.home === room.dataset.home;
        if (current) { link.setAttribute("aria-current", "true"); } else { link.removeAttribute("aria-current"); }
      });
      all("[data-plan]:not([data-scene])").forEach(function (plan) {
        plan.classList.toggle("panorama-elsewhere", room.dataset.plan !== "" && plan.dataset.plan !== room.dataset.plan);
      });
      still.src = room.dataset.still;
      still.alt = room.querySelector(".panorama-room-still").alt;
      frame.setAttribute("aria-label", "360° " + title(id));
      var full = button("full");
      full.hidden = query !== "" || room.dataset.full === undefined || !viewer;
      full.querySelector("[data-size]").textContent = room.dataset.full || "";
      button("measure").hidden = !viewer || !room.dataset.cameraHeight;
      // What had the focus is not shown any more: the same link of the new room, or its title.
      if (before && before !== room && before.contains(focused)) {
        var same = focused.dataset.go && room.querySelector('.panorama-pictures [data-go="' + focused.dataset.go + '"]');
        (same || room.querySelector("h3")).focus({ preventScroll: true });
      }
    }

    // What is measured ends with the room that it is measured in; its marks are taken away while the room is `shown`.
    function stopMeasuring(shown) {
      if (measuring) { measuring(shown); }
      measuring = null;
      pressed("measure", false);
    }

    function view() { return { yaw: viewer.getYaw(), pitch: viewer.getPitch(), hfov: viewer.getHfov() }; }

    function fragment() {
      var now = view();
      return "#scene=" + here + Object.keys(now).map(function (name) { return "&" + name + "=" + now[name].toFixed(1); }).join("");
    }

    function listen() {
      viewer.on("animatefinished", function () {
        var now = view();
        var moved = known && Object.keys(known).some(function (name) { return Math.abs(known[name] - now[name]) > 0.05; });
        known = now;
        if (moved && figure.dataset.page) { history.replaceState(history.state, "", fragment()); }
      });
      viewer.on("scenechange", function (name) {
        stopMeasuring(false);
        show(name.replace("scene-", ""));
        known = { yaw: 1e9, pitch: 0, hfov: 0 };
        say(title(here));
        whenShown(viewer, frame).then(function () { tell("panorama:scene", { scene: name }); }, function () { say(figure.dataset.textError); });
      });
    }

    function prepared(config) {
      var scene = config.scenes[sceneName(here)];
      config.default.firstScene = sceneName(here);
      Object.assign(scene, start);
      if (calm()) { Object.assign(config.default, { sceneFadeDuration: 0, friction: 1, doubleClickZoom: false }); }
      return config;
    }

    // Opens the viewer in the present room, anew when it is open; `start` says where it looks.
    function enter() {
      if (opening) { return; }
      opening = true;
      say(figure.dataset.textLoading);
      Promise.all([window.akiya.load([figure.dataset.script], [figure.dataset.style]), fetch(figure.dataset.config + query).then(function (answer) {
        if (!answer.ok) { throw new Error(answer.status); }
        return answer.json();
      })]).then(function (both) {
        var first = Object.assign({}, both[1].scenes[sceneName(here)]);
        var config = prepared(both[1]);
        stopMeasuring(false);
        if (viewer) { viewer.destroy(); }
        frame.classList.toggle("panorama-coming", frame.hidden);
        frame.hidden = false;
        viewer = window.pannellum.viewer(frame, config);
        // Coming back to this room later, one looks along its own first view again.
        Object.assign(config.scenes[sceneName(here)], { yaw: first.yaw, pitch: first.pitch, hfov: first.hfov });
        listen();
        return whenShown(viewer, frame);
      }).then(function () {
        opening = false;
        opened();
        reveal();
      }, function (error) {
        opening = false;
        // The one that is open stays, when a finer one could not be fetched.
        if (viewer && viewer.isLoaded()) { query = ""; say(figure.dataset.textError); return; }
        frame.hidden = true;
        viewer = null;
        open.hidden = error.message === "unsupported";
        figure.dataset.stills = open.hidden ? "true" : "";
        say(open.hidden ? figure.dataset.textStills : figure.dataset.textError);
      });
    }

    // The still stays in front until the first tiles are drawn.
    function reveal() {
      var shown = viewer, began = Date.now();
      (function ask() {
        if (viewer === shown && shown.getRenderer().isLoading() && Date.now() - began < PATIENCE / 10) { setTimeout(ask, 50); return; }
        frame.classList.remove("panorama-coming");
      }());
    }

    function opened() {
      var had = document.activeElement === open || document.activeElement === document.body;
      open.hidden = true;
      controls.hidden = false;
      find(".panorama-help").hidden = false;
      frame.querySelector(".pnlm-render-container").setAttribute("aria-hidden", "true");
      button("gyroscope").hidden = !viewer.isOrientationSupported();
      show(here);
      // Without WebGL there is one level only.
      if (frame.querySelector(".pnlm-world")) { button("full").hidden = true; }
      known = view();
      figure.dataset.ready = "true";
      say(figure.dataset.textReady);
      tell("panorama:open", { viewer: viewer, frame: frame });
      if (had) { frame.focus({ preventScroll: true }); }
    }

    // Another room. `same` keeps the view; a view says where to look. Rooms chosen while one is loading wait for it.
    function go(id, same, look) {
      start = look || {};
      if (!viewer) {
        show(id);
        if (figure.dataset.stills) { say(title(id)); } else { enter(); }
        return;
      }
      var waits = wanted !== null, began = Date.now();
      wanted = { id: id, same: same, look: start };
      if (waits) { return; }
      (function attempt() {
        if (!viewer || Date.now() - began > PATIENCE) { wanted = null; return; }
        if (opening || !viewer.isLoaded()) { setTimeout(attempt, 60); return; }
        var to = wanted, fixed = to.same ? "same" : undefined;
        wanted = null;
        if (to.id !== here) {
          viewer.loadScene(sceneName(to.id), fixed || to.look.pitch, fixed || to.look.yaw, fixed || to.look.hfov);
        } else if (to.look.scene) {
          viewer.lookAt(to.look.pitch, to.look.yaw, to.look.hfov, calm() ? false : LOOK_MS);
        }
      }());
    }

    function cover(on) {
      screenBox.classList.toggle("panorama-cover", on);
      pressed("fullscreen", on);
      viewer.resize();
    }

    function move(set, get, by) { set.call(viewer, get.call(viewer) + by, calm() ? false : LOOK_MS); }
    var actions = {
      left: function () { move(viewer.setYaw, viewer.getYaw, -TURN); },
      right: function () { move(viewer.setYaw, viewer.getYaw, TURN); },
      up: function () { move(viewer.setPitch, viewer.getPitch, TURN); },
      down: function () { move(viewer.setPitch, viewer.getPitch, -TURN); },
      in: function () { move(viewer.setHfov, viewer.getHfov, -ZOOM); },
      out: function () { move(viewer.setHfov, viewer.getHfov, ZOOM); },
      fullscreen: function () {
        // A telephone that has no full screen for pages is filled instead.
        if (!document.fullscreenEnabled) { cover(!screenBox.classList.contains("panorama-cover")); return; }
        if (document.fullscreenElement) { document.exitFullscreen(); } else { screenBox.requestFullscreen(); }
      },
      gyroscope: function () {
        var on = button("gyroscope").getAttribute("aria-pressed") !== "true";
        if (on) { viewer.startOrientation(); } else { viewer.stopOrientation(); }
        pressed("gyroscope", on);
      },
      full: function () {
        query = "?full=1";
        start = view();
        enter();
      },
      measure: function () {
        if (measuring) { stopMeasuring(true); say(""); return; }
        window.akiya.load([figure.dataset.measure], []).then(function () {
          measuring = window.akiya.measure(figure, button("measure"), viewer, Number(rooms[here].dataset.cameraHeight), say);
          pressed("measure", true);
          frame.focus({ preventScroll: true });
        });
      },
      copy: function () {
        var address = new URL(figure.dataset.page, location.href);
        address.hash = fragment();
        navigator.clipboard.writeText(address.href).then(function () { say(figure.dataset.textCopied); }, function () { say(address.href); });
      }
    };

    frame.tabIndex = 0;
    frame.setAttribute("role", "application");
    figure.dataset.live = "true";
    screenBox.hidden = false;
    if (button("copy")) { button("copy").hidden = !navigator.clipboard; }
    all("[data-look]").forEach(function (note) {
      var made = document.createElement("button");
      made.type = "button";
      made.className = "link-button";
      made.append.apply(made, Array.from(note.childNodes));
      note.append(made);
    });

    open.addEventListener("click", enter);
    controls.addEventListener("click", function (event) {
      var chosen = event.target.closest("[data-action]");
      if (chosen && viewer && actions[chosen.dataset.action]) { actions[chosen.dataset.action](); }
    });
    figure.addEventListener("click", function (event) {
      var link = event.target.closest("[data-go]"), note = event.target.closest("[data-look]");
      if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
        event.preventDefault();
        screenBox.scrollIntoView({ block: "nearest" });
        go(link.dataset.go, link.dataset.keep !== undefined, null);
      } else if (note) {
        go(here, false, { scene: here, yaw: Number(note.dataset.yaw), pitch: Number(note.dataset.pitch) });
      }
    });
    document.addEventListener("fullscreenchange", function () { pressed("fullscreen", document.fullscreenElement === screenBox); });
    // Pannellum takes keys while it has the focus. Tab must always leave, and keys with Ctrl or Alt are the browser's.
    frame.addEventListener("keydown", function (event) {
      if (["Tab", "Escape"].indexOf(event.key) >= 0 || event.ctrlKey || event.metaKey || event.altKey) { event.stopImmediatePropagation(); }
      if (event.key === "Escape" && button("fullscreen").getAttribute("aria-pressed") === "true") { actions.fullscreen(); }
      pressed("gyroscope", false);
    }, true);
    frame.addEventListener("pointerdown", function () { pressed("gyroscope", false); }, true);

    function follow() {
      var view = asked(rooms);
      if (!figure.dataset.page || !view.scene) { return false; }
      figure.scrollIntoView();
      if (viewer) { go(view.scene, false, view); } else { start = view; show(view.scene); }
      return true;
    }
    window.addEventListener("hashchange", follow);
    if (!follow()) { show(Object.keys(rooms)[0]); }
  }

  document.querySelectorAll("[data-panorama]").forEach(enhance);
}());
