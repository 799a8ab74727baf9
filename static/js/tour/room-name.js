// The name of a room in the list of a tour, saved when typing pauses.
import { post, showSaved } from "../shared/posting.js";

const WAIT_MS = 1500;

// `saved` is called whenever a name was saved.
export function saveName(item, saved) {
  const about = item.querySelector("[data-rename]");
  const status = about.querySelector("[role=status]");
  const field = about.querySelector("[name=title]");
  let kept = field.value, timer = null;

  function save() {
    clearTimeout(timer);
    if (field.value === kept) { return; }
    const wanted = field.value;
    post(about.action, new FormData(about)).then((answer) => {
      if (!showSaved(status, answer.problems)) { return; }
      kept = wanted;
      saved();
    });
  }

  about.querySelector("button").hidden = true;
  about.addEventListener("input", () => {
    status.textContent = "";
    clearTimeout(timer);
    timer = setTimeout(save, WAIT_MS);
  });
  about.addEventListener("change", save);
  about.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  window.addEventListener("beforeunload", (event) => { if (field.value !== kept) { event.preventDefault(); } });
}
