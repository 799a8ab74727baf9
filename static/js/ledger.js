// The progress of a ledger, without loading the page anew; at the end of a step the page shows its outcome.
(function () {
  "use strict";

  var box = document.querySelector("[data-watch]");
  if (!box) { return; }
  var told = box.querySelector("[data-progress]");
  var bar = box.querySelector("progress");

  function look() {
    fetch(box.dataset.watch, { headers: { Accept: "application/json" } }).then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.json();
    }).then(function (state) {
      // Waiting and checking are one step to a reader; any other change is the end of one.
      var reading = ["waiting", "checking"];
      if (state.phase !== box.dataset.phase && !(reading.includes(state.phase) && reading.includes(box.dataset.phase))) {
        location.reload();
        return;
      }
      if (told.textContent !== state.text) { told.textContent = state.text; }
      if (bar && bar.hasAttribute("value") && state.rows) {
        bar.max = state.rows;
        bar.value = state.done;
      }
      setTimeout(look, 1000);
    }).catch(function () {
      setTimeout(look, 5000);
    });
  }

  setTimeout(look, 500);
}());
