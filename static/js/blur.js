// Rectangles are drawn on the picture; each is a row of figures beside it, and what is typed there moves it.
(function () {
  "use strict";

  var form = document.querySelector("[data-blur]");
  var stage = document.querySelector("[data-stage]");
  if (!form || !stage) { return; }
  var rows = form.querySelector("[data-rows]");
  var layer = stage.querySelector("[data-areas]");
  var told = form.querySelector("[data-blur-status]");
  var size = stage.viewBox.baseVal;
  var blank = rows.lastElementChild.cloneNode(true);
  var made = 1 + Math.max.apply(null, Array.from(rows.querySelectorAll("input"), function (field) { return Number(field.name.split("-")[1]); }));
  var LEAST = 1;
  var SVG = "http://www.w3.org/2000/svg";

  blank.querySelectorAll("input").forEach(function (field) { field.setAttribute("value", ""); field.removeAttribute("aria-invalid"); field.removeAttribute("aria-describedby"); });
  blank.querySelectorAll(".error").forEach(function (message) { message.remove(); });
  blank.querySelectorAll(".field-wrong").forEach(function (field) { field.classList.remove("field-wrong"); });

  function fields(row) { return Array.from(row.querySelectorAll("input")); }
  function figures(row) { return fields(row).map(function (field) { return field.value.trim() === "" ? NaN : Number(field.value.normalize("NFKC").replace("%", "")); }); }
  function between(least, value, most) { return Math.min(Math.max(value, least), most); }
  function round(value) { return Math.round(value * 10) / 10; }

  function write(row, left, top, width, height) {
    [left, top, width, height].forEach(function (value, place) { fields(row)[place].value = round(value); });
    paint();
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function shape(name, attributes) {
    var element = document.createElementNS(SVG, name);
    Object.keys(attributes).forEach(function (key) { element.setAttribute(key, attributes[key]); });
    return element;
  }

  function paint() {
    layer.textContent = "";
    Array.from(rows.children).forEach(function (row, place) {
      row.querySelector("[data-number]").textContent = place + 1;
      var f = figures(row);
      if (f.some(isNaN) || f[2] <= 0 || f[3] <= 0) { return; }
      var x = f[0] * size.width / 100, y = f[1] * size.height / 100, w = f[2] * size.width / 100, h = f[3] * size.height / 100;
      var unit = size.width / stage.clientWidth * 20;
      var area = shape("rect", { x: x, y: y, width: w, height: h, "class": row.contains(document.activeElement) ? "blur-area blur-chosen" : "blur-area" });
      var number = shape("text", { x: x + unit / 3, y: y + unit * 1.2, "font-size": unit, "class": "blur-number" });
      var corner = shape("rect", { x: x + w - unit * 0.8, y: y + h - unit * 0.8, width: unit * 1.6, height: unit * 1.6, "class": "blur-corner" });
      number.textContent = place + 1;
      area.row = corner.row = row;
      corner.resizes = true;
      layer.append(area, number, corner);
    });
  }

  function isBlank(row) { return fields(row).every(function (field) { return field.value.trim() === ""; }); }

  function addRow() {
    if (rows.children.length >= Number(form.dataset.most)) {
      told.textContent = "範囲は" + form.dataset.most + "か所までです。近い所を一つにまとめてください。";
      return null;
    }
    var row = blank.cloneNode(true);
    row.querySelectorAll("[id], [name], [for]").forEach(function (element) {
      ["id", "name", "for"].forEach(function (key) {
        if (element.hasAttribute(key)) { element.setAttribute(key, element.getAttribute(key).replace(/^areas-\d+-/, "areas-" + made + "-")); }
      });
    });
    made += 1;
    rows.append(row);
    prepare(row);
    return row;
  }

  function remove(row) {
    var near = row.nextElementSibling || row.previousElementSibling;
    row.remove();
    paint();
    form.dispatchEvent(new Event("input", { bubbles: true }));
    told.textContent = "範囲を消しました。保存すると、その所のぼかしがなくなります。";
    (near ? near.querySelector("input") : add).focus();
  }

  function prepare(row) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "button button-quiet";
    button.textContent = "この範囲を消す";
    button.addEventListener("click", function () { remove(row); });
    row.querySelector("fieldset").append(button);
    row.addEventListener("input", paint);
    row.addEventListener("focusin", paint);
    row.addEventListener("focusout", paint);
    row.addEventListener("keydown", function (event) {
      var step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (!step || event.target.tagName !== "INPUT" || figures(row).some(isNaN)) { return; }
      event.preventDefault();
      var f = figures(row), place = fields(row).indexOf(event.target);
      f[place] += step;
      write(row, between(0, f[0], 100 - f[2]), between(0, f[1], 100 - f[3]), between(LEAST, f[2], 100 - f[0]), between(LEAST, f[3], 100 - f[1]));
    });
  }

  // ── the pointer ──

  function at(event) {
    var box = stage.getBoundingClientRect();
    return [between(0, (event.clientX - box.left) / box.width * 100, 100), between(0, (event.clientY - box.top) / box.height * 100, 100)];
  }

  stage.addEventListener("pointerdown", function (event) {
    if (event.button) { return; }
    event.preventDefault();
    var from = at(event), row = event.target.row, before = row && figures(row), resizes = event.target.resizes;
    stage.setPointerCapture(event.pointerId);
    function go(moved) {
      var to = at(moved), x = to[0] - from[0], y = to[1] - from[1];
      if (before && resizes) {
        write(row, before[0], before[1], between(LEAST, before[2] + x, 100 - before[0]), between(LEAST, before[3] + y, 100 - before[1]));
      } else if (before) {
        write(row, between(0, before[0] + x, 100 - before[2]), between(0, before[1] + y, 100 - before[3]), before[2], before[3]);
      } else if (Math.abs(x) >= LEAST && Math.abs(y) >= LEAST) {
        row = row || Array.from(rows.children).find(isBlank) || addRow();
        if (row) { write(row, Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.abs(x), Math.abs(y)); }
      }
    }
    function end() {
      stage.removeEventListener("pointermove", go);
      stage.removeEventListener("pointerup", end);
      stage.removeEventListener("pointercancel", end);
      if (row && !before) { told.textContent = "範囲" + row.querySelector("[data-number]").textContent + "を作りました。"; }
    }
    stage.addEventListener("pointermove", go);
    stage.addEventListener("pointerup", end);
    stage.addEventListener("pointercancel", end);
  });

  // Blank rows are for those without a script.
  var add = document.createElement("button");
  add.type = "button";
  add.className = "button button-quiet";
  add.textContent = "範囲を数で加える";
  add.addEventListener("click", function () {
    var row = addRow();
    if (row) { write(row, 40, 40, 20, 20); fields(row)[0].focus(); }
  });
  rows.after(add);
  Array.from(rows.children).forEach(function (row) { if (isBlank(row)) { row.remove(); } else { prepare(row); } });
  document.querySelectorAll("[data-drawing-help], [data-key-help]").forEach(function (help) { help.hidden = false; });
  stage.classList.add("blur-drawing");
  paint();
}());
