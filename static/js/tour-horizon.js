// The horizon's figures are shown in the viewer as they are typed, with upright and level lines to compare with.
(function () {
  "use strict";
  var form = document.querySelector("form[data-horizon]");
  var figure = document.querySelector("[data-panorama]");
  var fields = form.querySelectorAll("[data-part]");
  var viewer = null;

  function number(field) { return Number(field.value.normalize("NFKC").replace("−", "-").replace(/[°度\s]/g, "")); }
  function show() {
    if (!viewer || Array.from(fields).some(function (field) { return Number.isNaN(number(field)); })) { return; }
    viewer.setHorizonPitch(number(fields[0]));
    viewer.setHorizonRoll(number(fields[1]));
  }
  figure.addEventListener("panorama:open", function (event) {
    viewer = event.detail.viewer;
    if (!figure.querySelector(".level-lines")) {
      var lines = document.createElement("div");
      lines.className = "level-lines";
      lines.setAttribute("aria-hidden", "true");
      event.detail.frame.after(lines);
    }
    show();
  });
  form.addEventListener("input", show);
  form.addEventListener("keydown", function (event) {
    var step = { ArrowUp: 0.5, ArrowDown: -0.5 }[event.key];
    if (!step || event.target.dataset.part === undefined || Number.isNaN(number(event.target))) { return; }
    event.preventDefault();
    event.target.value = Math.round((number(event.target) + step) * 10) / 10;
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });
  form.querySelector("[data-live]").hidden = false;
}());
