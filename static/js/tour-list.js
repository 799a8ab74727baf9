// The rooms of a tour: sent one by one, named and ordered without a reload; their state is looked up while something works.
// Expects [data-tour] as templates/panoramas/staff.html writes it; the server's answers are those of panoramas/staff.py.
(function () {
  "use strict";
  var AGAIN_MS = 1500, WAIT_MS = 1500;
  var page = document.querySelector("[data-tour]");
  if (!page) { return; }
  var akiya = window.akiya;
  var list = page.querySelector("[data-list]");
  var told = page.querySelector("[data-told]");
  var form = page.querySelector("[data-sending-form]");
  var order = null;
  var watching = false;

  function tell(text) { told.textContent = text; }

  // ── the state: only what changed is replaced, so nothing that is typed is touched ──
  function look() {
    watching = true;
    fetch(page.dataset.stateUrl, { headers: { Accept: "application/json" } }).then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.json();
    }).then(function (state) {
      Array.from(list.children).forEach(function (item) {
        var html = state.scenes[item.dataset.item], box = item.querySelector("[data-state]");
        if (html === undefined || item.dataset.said === html) { return; }
        if (!box.contains(document.activeElement)) { box.innerHTML = html; }
        item.dataset.said = html;
      });
      var checks = page.querySelector("[data-checks]");
      if (!checks.contains(document.activeElement)) { checks.innerHTML = state.checks; }
      if (state.working) { setTimeout(look, AGAIN_MS); return; }
      watching = false;
      if (page.dataset.working === "yes") { page.querySelector("[data-renew]").hidden = false; }
    }).catch(function () { setTimeout(look, 4 * AGAIN_MS); });
  }
  function watch() {
    page.dataset.working = "yes";
    if (!watching) { look(); }
  }
  if (page.dataset.working === "yes") { watch(); }
  if (!form) { return; }

  // ── one room ──
  function name(item) {
    var about = item.querySelector("[data-rename]");
    var status = about.querySelector("[role=status]");
    var field = about.querySelector("[name=title]");
    var kept = field.value;
    var timer = null;
    about.querySelector("button").hidden = true;
    function keep() {
      clearTimeout(timer);
      if (field.value === kept) { return; }
      var wanted = field.value;
      akiya.post(about.action, new FormData(about)).then(function (answer) {
        status.textContent = answer.problems[0] || "保存しました。";
        status.classList.toggle("error", answer.problems.length > 0);
        if (answer.problems.length) { akiya.renewToken(); } else {
          kept = wanted;
          if (!watching) { look(); }
        }
      });
    }
    about.addEventListener("input", function () {
      status.textContent = "";
      clearTimeout(timer);
      timer = setTimeout(keep, WAIT_MS);
    });
    about.addEventListener("change", keep);
    about.addEventListener("submit", function (event) { event.preventDefault(); keep(); });
    window.addEventListener("beforeunload", function (event) { if (field.value !== kept) { event.preventDefault(); } });
  }

  function prepare(item) {
    order(item);
    name(item);
  }

  order = akiya.ordering(list, {
    key: "item",
    placed: "番目にしました。",
    token: function () { return form.querySelector("[name=csrf_token]").value; },
    tell: tell
  });
  Array.from(list.children).forEach(prepare);

  var input = form.querySelector("input[type=file]");
  input.multiple = true;
  form.querySelector("[data-several]").hidden = false;
  akiya.sending(form, {
    name: "file",
    most: Number(form.dataset.most),
    largest: "60MBを超えています。カメラのアプリで画質を下げて書き出してください。",
    after: "受け取りを待っています…",
    give: "この画像はやめる",
    tell: tell,
    show: function (html) {
      var made = new DOMParser().parseFromString("<ol>" + html + "</ol>", "text/html").querySelector("li");
      list.append(document.importNode(made, true));
      prepare(list.lastElementChild);
      page.querySelector("[data-count]").textContent = list.children.length;
      watch();
    }
  });
}());
