// Small comforts on top of pages that work without any script.
(function () {
  "use strict";
  // On a phone the filters begin folded; without a script they stay open and everything is reachable.
  var sheet = document.querySelector("[data-sheet]");
  if (sheet && window.matchMedia("(max-width: 48rem)").matches) { sheet.open = false; }

  var summary = document.querySelector("[data-focus]");
  if (summary) { summary.focus(); }

  document.querySelectorAll("[data-unsaved]").forEach(function (form) {
    var changed = document.querySelector("[data-focus]") !== null;
    form.addEventListener("input", function () { changed = true; });
    form.addEventListener("submit", function () { changed = false; });
    window.addEventListener("beforeunload", function (event) { if (changed) { event.preventDefault(); } });
  });

  // A link of the error summary opens the folded section its field lies in.
  document.addEventListener("click", function (event) {
    var link = event.target.closest(".error-summary a");
    var field = link && document.querySelector(link.getAttribute("href"));
    if (!field) { return; }
    var section = field.closest("details");
    if (section) { section.open = true; }
    field.focus();
  });

  document.querySelectorAll("[data-upload]").forEach(function (form) {
    var input = form.querySelector("input[type=file]");
    var told = form.querySelector("[data-chosen]");
    input.addEventListener("change", function () {
      var bytes = Array.from(input.files).reduce(function (sum, file) { return sum + file.size; }, 0);
      if (told) { told.textContent = input.files.length + "枚、" + (bytes / 1048576).toFixed(1) + "MBを選びました。"; }
    });
    form.addEventListener("submit", function () {
      var button = form.querySelector("button[type=submit]");
      button.disabled = true;
      button.textContent = "送っています…";
    });
  });
}());
