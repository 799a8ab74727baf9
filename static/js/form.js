// The listing form's comforts: it saves a draft by itself, says what it understood, and shows how the home will look.
// Expects form[data-assist] as templates/listings/staff_form.html writes it; the server's answer is form_page.answer.
(function () {
  "use strict";
  var WAIT_MS = 1500, AGAIN_MS = 15000;
  var form = document.querySelector("form[data-assist]");
  if (!form) { return; }
  var saved = form.querySelector("[data-saved]"), preview = form.querySelector("[data-preview]"), notes = form.querySelector("[data-notes]");
  var store = "akiya.form:" + form.dataset.account + ":" + form.action;
  var timer = null, asking = false, changed = false;

  function say(message) { if (saved.textContent !== message) { saved.textContent = message; } }
  function field(name) { return document.getElementById(name); }

  // ── a copy in this tab while the server cannot be asked ──
  function typed() {
    var values = {};
    new FormData(form).forEach(function (value, name) {
      if (name !== "csrf_token") { (values[name] = values[name] || []).push(value); }
    });
    return values;
  }
  function keep() {
    try {
      sessionStorage.setItem(store, JSON.stringify(typed()));
      form.dataset.kept = "here";
    } catch (error) { /* full or not allowed */ }
  }
  function forget() { try { sessionStorage.removeItem(store); } catch (error) { /* not allowed */ } }
  function restore() {
    var values = null;
    try { values = JSON.parse(sessionStorage.getItem(store)); } catch (error) { return false; }
    if (!values) { return false; }
    Array.from(form.elements).forEach(function (control) {
      if (!control.name || control.name === "csrf_token" || control.type === "submit") { return; }
      var given = values[control.name] || [];
      if (control.type === "checkbox" || control.type === "radio") { control.checked = given.indexOf(control.value) >= 0; }
      else if (given.length) { control.value = given[0]; }
    });
    return true;
  }

  // ── what the server says of the values ──
  function show(answer) {
    if (preview.innerHTML !== answer.preview) { preview.innerHTML = answer.preview; }
    if (notes.innerHTML !== answer.notes) { notes.innerHTML = answer.notes; }
    if (answer.meanwhile) {
      var told = document.createElement("p");
      told.className = "notice notice-warning";
      told.textContent = answer.meanwhile;
      notes.prepend(told);
    }
    form.querySelectorAll(".read").forEach(function (output) {
      output.textContent = answer.read[output.id.replace(/-read$/, "")] || "";
    });
    form.querySelectorAll(".error").forEach(function (line) {
      var name = line.id.replace(/-error$/, ""), control = field(name), message = answer.errors[name] || "";
      if (!control || line.textContent === message) { return; }
      line.textContent = message;
      line.hidden = !message;
      line.closest(".field").classList.toggle("field-wrong", Boolean(message));
      var described = (control.getAttribute("aria-describedby") || "").split(" ").filter(function (id) { return id && id !== line.id; });
      if (message) { described.push(line.id); control.setAttribute("aria-invalid", "true"); } else { control.removeAttribute("aria-invalid"); }
      control.setAttribute("aria-describedby", described.join(" "));
    });
    form.querySelectorAll("[data-straight]").forEach(function (label) {
      var near = answer.near[label.dataset.straight], box = label.querySelector("input");
      label.hidden = !near && !box.checked;
      label.dataset.metres = near ? near.metres : "";
      if (near) { label.querySelector("span").textContent = "直線距離を入れる：" + near.text; }
    });
    if (answer.place) { showPlace(answer.place); }
    form.dispatchEvent(new CustomEvent("akiya:public", { detail: answer.public }));
  }

  function ask(more) {
    if (asking) { later(); return Promise.resolve(); }
    asking = true;
    changed = false;
    var body = new URLSearchParams(new FormData(form));
    Object.keys(more || {}).forEach(function (name) { body.set(name, more[name]); });
    return fetch(form.dataset.assist, { method: "POST", body: body, redirect: "manual", headers: { Accept: "application/json" } }).then(function (response) {
      if (!(response.headers.get("Content-Type") || "").startsWith("application/json")) {
        keep();
        say(response.status === 429 ? "続けて保存しすぎました。少し待つと、また自動で保存します。" :
          "サインインが切れました。入力はこの画面に残っています。「保存」を押すとサインインの画面が出て、そのあと続けられます。");
        return;
      }
      return response.json().then(function (answer) {
        forget();
        if (answer.kept) { form.dataset.kept = "there"; }
        say(answer.saved);
        show(answer);
      });
    }).catch(function () {
      keep();
      say("サーバーにつながりません。入力はこの端末に残しています。つながると、自動で保存します。");
      clearTimeout(timer);
      timer = setTimeout(ask, AGAIN_MS);
    }).then(function () {
      asking = false;
      if (changed) { later(); }
    });
  }
  function later() {
    changed = true;
    delete form.dataset.kept;  // site.js asks before the page is left
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  }

  form.addEventListener("input", function (event) {
    var box = event.target.name && form.querySelector('[data-straight="' + event.target.name + '"] input');
    if (box) { box.checked = false; }
    later();
  });
  form.addEventListener("change", function (event) {
    var label = event.target.closest("[data-straight]");
    if (label && event.target.checked && label.dataset.metres) { field(label.dataset.straight).value = label.dataset.metres; }
    later();
  });
  form.addEventListener("submit", function () { clearTimeout(timer); forget(); });

  // ── from the address to the point ──
  var place = form.querySelector("[data-place]");
  function showPlace(answer) {
    var found = place.querySelector("[data-found]"), towns = place.querySelector("[data-towns]");
    found.textContent = answer.note;
    field("true_lat").value = answer.lat;
    field("true_lon").value = answer.lon;
    towns.replaceChildren();
    answer.towns.forEach(function (town) {
      var button = document.createElement("button");
      button.className = "button button-quiet";
      button.name = "find_place";
      button.value = town[0];
      button.textContent = town[1];
      towns.append(button, " ");
    });
    var first = towns.querySelector("button");
    if (first) { first.focus(); }
  }
  place.addEventListener("click", function (event) {
    var button = event.target.closest('[name="find_place"]');
    if (!button) { return; }
    event.preventDefault();
    ask({ find_place: button.value });
  });
  var opener = place.querySelector("[data-open-map]");
  opener.hidden = false;
  opener.addEventListener("click", function () {
    opener.disabled = true;
    window.akiya.load(place.dataset.scripts.split(" ").concat(place.dataset.mapScript), place.dataset.styles.split(" ")).then(function () {
      opener.hidden = true;
      window.akiya.formMap(form, place, ask);
    }).catch(function () {
      opener.disabled = false;
      place.querySelector("[data-found]").textContent = "地図を開けませんでした。通信を確かめて、もう一度押してください。";
    });
  });

  // An address that ends in a field's name leads to it, also into a folded section.
  function open() {
    var target = location.hash && field(decodeURIComponent(location.hash.slice(1)));
    var section = target && target.closest("details");
    if (section) { section.open = true; }
    if (target && form.contains(target)) { target.focus(); }
  }
  window.addEventListener("hashchange", open);
  open();
  if (restore()) {
    say("前に保存できなかった入力を戻しました。");
    ask();
  }
}());
