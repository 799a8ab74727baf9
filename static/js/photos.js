// The photos of a listing: sent one by one with their progress, put in order by dragging, described without a reload.
(function () {
  "use strict";

  var section = document.querySelector("[data-photos]");
  var form = section && section.querySelector("[data-photo-upload]");
  if (!form) { return; }
  var akiya = window.akiya;
  var list = section.querySelector("[data-photo-list]");
  var told = section.querySelector("[data-photo-status]");

  function tell(text) { told.textContent = text; }

  var order = akiya.ordering(list, {
    key: "photo",
    placed: "枚目にしました。",
    token: function () { return form.querySelector("[name=csrf_token]").value; },
    tell: tell
  });

  akiya.sending(form, {
    name: "photos",
    most: Infinity,
    largest: "ファイルが大きすぎます。1枚40MBまでにしてください。",
    after: "変換しています…",
    give: "この写真はやめる",
    tell: tell,
    show: function (html) {
      var made = new DOMParser().parseFromString("<ol>" + html + "</ol>", "text/html").querySelector("li");
      list.append(document.importNode(made, true));
      prepare(list.lastElementChild);
      section.querySelector("[data-photo-count]").textContent = list.children.length;
      var none = section.querySelector("[data-no-photo]");
      if (none) { none.remove(); }
    }
  });

  function describe(item) {
    var about = item.querySelector("[data-describe]");
    var status = about.querySelector("[role=status]");
    function keep() {
      status.textContent = "";
      akiya.post(about.action, new FormData(about)).then(function (answer) {
        status.textContent = answer.problems[0] || "保存しました。";
        status.classList.toggle("error", answer.problems.length > 0);
        if (answer.problems.length) { akiya.renewToken(); }
      });
    }
    about.addEventListener("change", keep);
    about.addEventListener("submit", function (event) { event.preventDefault(); keep(); });
  }

  function prepare(item) {
    order(item);
    describe(item);
  }

  Array.from(list.children).forEach(prepare);
}());
