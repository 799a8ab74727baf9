// What every form has: a question before typed text is lost, links to wrong fields, and how much is being uploaded.

// A form that came back with errors holds text that is not saved. `data-kept`: another script has saved what was typed.
export function askBeforeLeaving(form) {
  let changed = document.querySelector("[data-focus]") !== null;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed && !form.dataset.kept) { event.preventDefault(); } });
}

// A link of the error summary opens the folded section its field lies in.
export function openErrorLinks() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".error-summary a, .opens a");
    const field = link && document.querySelector(link.getAttribute("href"));
    if (!field) { return; }
    const section = field.closest("details");
    if (section) { section.open = true; }
    field.focus();
  });
}

export function showUploads(form) {
  const input = form.querySelector("input[type=file]");
  const chosen = form.querySelector("[data-chosen]");
  input.addEventListener("change", () => {
    const bytes = Array.from(input.files).reduce((sum, file) => sum + file.size, 0);
    if (chosen) { chosen.textContent = `${input.files.length}枚、${(bytes / 1048576).toFixed(1)}MBを選びました。`; }
  });
  form.addEventListener("submit", () => {
    const button = form.querySelector("button[type=submit]");
    button.disabled = true;
    button.textContent = "送っています…";
  });
}
