// What the server says of the values in the listing form: preview, readings, errors and distances.

function showNotes(notes, answer) {
  if (notes.innerHTML !== answer.notes) { notes.innerHTML = answer.notes; }
  if (!answer.meanwhile) { return; }
  const warning = document.createElement("p");
  warning.className = "notice notice-warning";
  warning.textContent = answer.meanwhile;
  notes.prepend(warning);
}

// The message of a field, which readers of the page aloud get with it.
function showError(line, message) {
  const control = document.getElementById(line.id.replace(/-error$/, ""));
  if (!control || line.textContent === message) { return; }
  line.textContent = message;
  line.hidden = !message;
  line.closest(".field").classList.toggle("field-wrong", Boolean(message));
  const describedBy = (control.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && id !== line.id);
  if (message) {
    describedBy.push(line.id);
    control.setAttribute("aria-invalid", "true");
  } else {
    control.removeAttribute("aria-invalid");
  }
  control.setAttribute("aria-describedby", describedBy.join(" "));
}

// A straight distance is offered only where one is known, or was chosen.
function showDistance(label, near) {
  label.hidden = !near && !label.querySelector("input").checked;
  label.dataset.metres = near ? near.metres : "";
  if (near) { label.querySelector("span").textContent = `直線距離を入れる：${near.text}`; }
}

export function showAnswer(form, answer, showPlace) {
  const preview = form.querySelector("[data-preview]");
  if (preview.innerHTML !== answer.preview) { preview.innerHTML = answer.preview; }
  showNotes(form.querySelector("[data-notes]"), answer);
  form.querySelectorAll(".read").forEach((output) => {
    output.textContent = answer.read[output.id.replace(/-read$/, "")] || "";
  });
  form.querySelectorAll(".error").forEach((line) => showError(line, answer.errors[line.id.replace(/-error$/, "")] || ""));
  form.querySelectorAll("[data-straight]").forEach((label) => showDistance(label, answer.near[label.dataset.straight]));
  if (answer.place) { showPlace(answer.place); }
  form.dispatchEvent(new CustomEvent("akiya:public", { detail: answer.public }));
}
