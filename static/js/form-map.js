// The map in the listing form: a marker to be dragged, or moved by buttons, and the cell that the public will see.
(function () {
  "use strict";
  var PALE = "https://cyberjapandata.gsi.go.jp/xyz/pale/{z}/{x}/{y}.png";
  var STEP_M = 10, DEGREE_M = 111320;

  window.akiya.formMap = function (form, place, ask) {
    var L = window.L, lat = document.getElementById("true_lat"), lon = document.getElementById("true_lon");
    var calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    var office = (place.dataset.office || "139.767,35.681").split(",").map(Number);
    place.querySelector("[data-map-body]").hidden = false;
    var canvas = place.querySelector("[data-canvas]");
    var map = L.map(canvas, { maxZoom: 18, zoomControl: false, zoomAnimation: !calm, fadeAnimation: !calm });
    L.control.zoom({ zoomInTitle: "地図を大きく", zoomOutTitle: "地図を小さく" }).addTo(map);
    map.attributionControl.setPrefix('<a href="https://leafletjs.com/">Leaflet</a>');
    L.tileLayer(PALE, { maxZoom: 18, attribution: '<a href="https://maps.gsi.go.jp/development/ichiran.html">地理院タイル</a>' }).addTo(map);
    var icon = L.divIcon({ html: "", className: "form-pin", iconSize: [28, 28] });
    var marker = L.marker([office[1], office[0]], { draggable: true, icon: icon, title: "家の位置", alt: "家の位置", keyboard: false });
    var cell = L.rectangle([[0, 0], [0, 0]], { className: "form-cell", interactive: false });

    function typed() {
      var point = [Number(lat.value), Number(lon.value)];
      return lat.value.trim() && lon.value.trim() && point.every(isFinite) ? point : null;
    }
    function move(point) {
      lat.value = point[0].toFixed(6);
      lon.value = point[1].toFixed(6);
      marker.setLatLng(point).addTo(map);
      ask();
    }
    function follow() {
      var point = typed();
      if (point) { marker.setLatLng(point).addTo(map); }
    }
    form.addEventListener("akiya:public", function (event) {
      follow();
      var box = event.detail && event.detail.cell;
      if (box) { cell.setBounds([[box[1], box[0]], [box[3], box[2]]]).addTo(map); } else { cell.remove(); }
      if (typed() && !map.getBounds().contains(typed())) { map.setView(typed()); }
    });
    map.on("click", function (event) { move([event.latlng.lat, event.latlng.lng]); });
    marker.on("dragend", function () { var at = marker.getLatLng(); move([at.lat, at.lng]); });
    place.querySelectorAll("[data-step]").forEach(function (button) {
      button.addEventListener("click", function () {
        var step = button.dataset.step.split(",").map(Number), at = typed() || [map.getCenter().lat, map.getCenter().lng];
        move([at[0] + step[1] * STEP_M / DEGREE_M, at[1] + step[0] * STEP_M / (DEGREE_M * Math.cos(at[0] * Math.PI / 180))]);
      });
    });
    map.setView(typed() || [office[1], office[0]], typed() ? 17 : 13);
    follow();
    canvas.dataset.ready = "true";
    ask();
  };
}());
