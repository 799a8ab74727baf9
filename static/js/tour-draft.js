// What is typed into form[data-draft] is kept as the account's draft every few seconds; site.js asks before it is left unkept.
(function () {
  "use strict";
  var WAIT_MS = 1500, AGAIN_MS = 15000;
  var form = document.querySelector("form[data-draft]");
  if (!form) { return; }
  var saved = form.querySelector("[data-saved]");
  var timer = null;

  function later(after) {
    delete form.dataset.kept;
    clearTimeout(timer);
    timer = setTimeout(keep, after);
  }
  function keep() {
    fetch(form.dataset.draft, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual", headers: { Accept: "application/json" } }).then(function (response) {
      if (!(response.headers.get("Content-Type") || "").startsWith("application/json")) {
        saved.textContent = "サインインが切れました。入力はこの画面に残っています。「保存する」を押すとサインインの画面が出て、そのあと続けられます。";
        return;
      }
      return response.json().then(function (answer) {
        if (answer.kept) { form.dataset.kept = "there"; }
        saved.textContent = answer.saved;
      });
    }).catch(function () {
      saved.textContent = "サーバーにつながりません。この画面を閉じずにお待ちください。つながると、自動で保存します。";
      later(AGAIN_MS);
    });
  }
  // What was typed before this script ran is kept as well.
  var typed = Array.from(form.elements).some(function (one) { return one.type !== "hidden" && one.defaultValue !== undefined && one.value !== one.defaultValue; });
  if (typed) { later(WAIT_MS); }
  form.addEventListener("input", function () { later(WAIT_MS); });
  form.addEventListener("submit", function () { clearTimeout(timer); });
}());
