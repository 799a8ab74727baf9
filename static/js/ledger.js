// The progress of a ledger, without loading the page again; at the end of a step the page shows its outcome.
// Expects [data-watch], the address that answers the state, with data-phase, holding [data-progress] and maybe a progress bar.

const AGAIN_MS = 1000, AFTER_FAILURE_MS = 5000;
// Waiting and checking are one step to a reader; any other change is the end of one.
const READING = ["waiting", "checking"];
const box = document.querySelector("[data-watch]");

function isSameStep(phase) {
  return phase === box.dataset.phase || (READING.includes(phase) && READING.includes(box.dataset.phase));
}

function show(state) {
  const progress = box.querySelector("[data-progress]"), bar = box.querySelector("progress");
  if (progress.textContent !== state.text) { progress.textContent = state.text; }
  if (bar && bar.hasAttribute("value") && state.rows) {
    bar.max = state.rows;
    bar.value = state.done;
  }
}

function look() {
  fetch(box.dataset.watch, { headers: { Accept: "application/json" } }).then((answer) => {
    if (!answer.ok) { throw new Error(String(answer.status)); }
    return answer.json();
  }).then((state) => {
    if (!isSameStep(state.phase)) {
      location.reload();
      return;
    }
    show(state);
    setTimeout(look, AGAIN_MS);
  }).catch(() => {
    setTimeout(look, AFTER_FAILURE_MS);
  });
}

if (box) { setTimeout(look, 500); }
