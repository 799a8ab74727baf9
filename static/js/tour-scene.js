// The page of a scene: what is typed in form[data-scene] is drawn over the viewer, and places clicked there are typed into it.
// Rows are [data-row=link|note|area] in [data-rows]; their figures are marked data-part. Without a viewer the figures remain.
(function () {
  "use strict";
  var form = document.querySelector("form[data-scene]");
  if (!form || !form.querySelector("[data-rows]")) { return; }
  var side = document.querySelector("[data-viewer-side]");
  var marks = side.querySelector("[data-panorama]") ? window.akiya.marks(side, shapes) : null;
  var WORDS = {
    link: { add: "画像の上で入口を置く", ask: ["入口（戸口や廊下）を置く所を押してください。引くと見回せます。"] },
    note: { add: "画像の上で印を置く", ask: ["印を置く所を押してください。引くと見回せます。"] },
    area: { add: "画像の上で範囲を囲む", ask: ["隠したい所の左上の角を押してください。引くと見回せます。", "次に、右下の角を押してください。"] }
  };

  function part(row, name) { return row.querySelector('[data-part="' + name + '"]'); }
  function number(field) {
    var typed = field.value.normalize("NFKC").replace("−", "-").replace(/[°度%m\s]/g, "");
    return typed === "" ? NaN : Number(typed);
  }
  function changed() { form.dispatchEvent(new Event("input", { bubbles: true })); }
  function put(row, values) {
    Object.keys(values).forEach(function (name) { part(row, name).value = Math.round(values[name] * 10) / 10; });
    changed();
  }
  function rows(kind) { return Array.from(form.querySelectorAll('[data-row="' + kind + '"]')); }
  function turned(yaw) { return ((yaw + 180) % 360 + 360) % 360 - 180; }

  // ── what is drawn ──
  function label(row, kind) {
    var to = part(row, "to"), text = part(row, "text");
    if (text && text.value) { return text.value.slice(0, 24); }
    if (to && to.value) { return to.selectedOptions[0].textContent; }
    return row.querySelector("legend").textContent;
  }
  function shapes() {
    var list = [];
    ["area", "link", "note"].forEach(function (kind) {
      rows(kind).forEach(function (row) {
        var one = { yaw: number(part(row, "yaw")), pitch: number(part(row, "pitch")), look: kind + (row.contains(document.activeElement) ? " chosen" : "") };
        if (kind === "area") { one.width = number(part(row, "width")); one.height = number(part(row, "height")); }
        one.text = kind === "area" ? row.querySelector("legend").textContent : label(row, kind);
        if (!Object.keys(one).some(function (name) { return Number.isNaN(one[name]); })) { list.push(one); }
      });
    });
    var reference = form.querySelector("[data-reference]"), yaws = reference.querySelectorAll("[data-part=yaw]"), pitches = reference.querySelectorAll("[data-part=pitch]");
    [0, 1].forEach(function (n) {
      if (!Number.isNaN(number(yaws[n])) && !Number.isNaN(number(pitches[n]))) { list.push({ yaw: number(yaws[n]), pitch: number(pitches[n]), text: "床" + (n + 1), look: "floor" }); }
    });
    return list;
  }

  // ── rows ──
  function button(text, act, style) {
    var made = document.createElement("button");
    made.type = "button";
    made.className = "button button-small " + (style || "button-quiet");
    made.textContent = text;
    made.addEventListener("click", function () { act(made); });
    return made;
  }
  function place(row, kind, found) {
    if (kind !== "area") { put(row, { yaw: found[0][0], pitch: found[0][1] }); return; }
    var wide = turned(found[1][0] - found[0][0]), tall = found[0][1] - found[1][1];
    put(row, {
      yaw: turned(found[0][0] + wide / 2), pitch: found[0][1] - tall / 2,
      width: Math.max(1, Math.abs(wide)), height: Math.max(1, Math.abs(tall))
    });
  }
  function count(list) {
    Array.from(list.children).forEach(function (row, n) { row.querySelector("[data-number]").textContent = n + 1; });
    var note = list.closest("details").querySelector("summary .small");
    note.textContent = list.children.length + "か所";
  }
  function prepare(row, list, kind, add) {
    var tools = document.createElement("div");
    tools.className = "mark-tools";
    if (marks) {
      tools.append(button("画像で位置を直す", function (from) {
        marks.pick(from, WORDS[kind].ask, function (found) { place(row, kind, found); part(row, "yaw").focus(); });
      }));
      row.addEventListener("focusin", function (event) {
        if (event.target.matches("input, select") && !Number.isNaN(number(part(row, "yaw")))) { marks.turn(number(part(row, "yaw")), number(part(row, "pitch")) || 0); }
      });
    }
    tools.append(button("この" + list.dataset.called + "を消す", function () {
      var near = row.nextElementSibling || row.previousElementSibling;
      row.remove();
      count(list);
      changed();
      (near ? near.querySelector("input, select") : add).focus();
    }));
    row.querySelector("fieldset").append(tools);
    row.addEventListener("keydown", function (event) {
      var step = { ArrowUp: 1, ArrowDown: -1 }[event.key], name = event.target.dataset.part;
      if (!step || ["yaw", "pitch", "width", "height"].indexOf(name) < 0 || Number.isNaN(number(event.target))) { return; }
      event.preventDefault();
      event.target.value = Math.round((number(event.target) + step) * 10) / 10;
      changed();
    });
  }
  form.querySelectorAll("[data-rows]").forEach(function (list) {
    var kind = list.dataset.rows;
    var blank = list.lastElementChild.cloneNode(true);
    var made = 1 + Math.max.apply(null, Array.from(list.querySelectorAll("input, select"), function (field) { return Number(field.name.split("-")[1]); }));
    function addRow() {
      var row = blank.cloneNode(true);
      row.querySelectorAll("[id], [name], [for]").forEach(function (element) {
        ["id", "name", "for"].forEach(function (key) {
          if (element.hasAttribute(key)) { element.setAttribute(key, element.getAttribute(key).replace(/^(\w+)-\d+-/, "$1-" + made + "-")); }
        });
      });
      made += 1;
      list.append(row);
      prepare(row, list, kind, add);
      count(list);
      return row;
    }
    var bar = document.createElement("p");
    bar.className = "actions";
    var byHand = button("数で入れる", function () { addRow().querySelector("input, select").focus(); });
    var add = marks ? button(WORDS[kind].add, function (from) {
      marks.pick(from, WORDS[kind].ask, function (found) {
        var row = addRow();
        place(row, kind, found);
        row.querySelector("select, input").focus();
      });
    }, "") : byHand;
    bar.append(add);
    if (marks) { bar.append(byHand); }
    list.after(bar);
    Array.from(list.children).forEach(function (row) {
      var empty = Array.from(row.querySelectorAll("input, select")).every(function (field) { return field.value === ""; });
      if (empty) { row.remove(); } else { prepare(row, list, kind, add); }
    });
    count(list);
  });

  // ── the first view, the measure ──
  if (marks) {
    var view = form.querySelector("[data-view]"), use = form.querySelector("[data-use-view]"), measure = form.querySelector("[data-measure]");
    use.hidden = measure.hidden = false;
    use.addEventListener("click", function () { marks.look(function (yaw, pitch) { put(view, { yaw: yaw, pitch: pitch }); }); });
    measure.addEventListener("click", function () {
      var reference = form.querySelector("[data-reference]");
      marks.pick(measure, ["床の上の1つめの点（畳の角など）を押してください。", "床の上の2つめの点を押してください。"], function (found) {
        reference.querySelectorAll("[data-part=yaw]").forEach(function (field, n) { field.value = found[n][0]; });
        reference.querySelectorAll("[data-part=pitch]").forEach(function (field, n) { field.value = found[n][1]; });
        changed();
        part(reference, "apart").focus();
      });
    });
  }

  // ── the floor plan ──
  var chosen = form.querySelector("[name=plan_photo]");
  if (!chosen) { return; }
  var plans = Array.from(form.querySelectorAll("[data-plan]")), x = form.querySelector("[data-part=x]"), y = form.querySelector("[data-part=y]");
  function showPlan() {
    plans.forEach(function (plan) {
      var dot = plan.querySelector("[data-dot]");
      plan.hidden = plan.dataset.plan !== chosen.value;
      dot.hidden = Number.isNaN(number(x)) || Number.isNaN(number(y));
      dot.style.left = number(x) + "%";
      dot.style.top = number(y) + "%";
    });
  }
  plans.forEach(function (plan) {
    var image = plan.querySelector("img");
    image.addEventListener("click", function (event) {
      var box = image.getBoundingClientRect();
      x.value = Math.round((event.clientX - box.left) / box.width * 1000) / 10;
      y.value = Math.round((event.clientY - box.top) / box.height * 1000) / 10;
      changed();
      showPlan();
    });
  });
  form.addEventListener("input", showPlan);
  form.querySelector("[data-plan-help]").hidden = false;
  showPlan();
}());
