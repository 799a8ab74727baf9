// The listing form's comforts: it saves a draft by itself, says what it understood, and shows how the home will look.
// Expects form[data-assist] as templates/staff/listings/form.html writes it; the server's answer is form_page.answer.
import { Assistant } from "./form/assistant.js";
import { connectPlaceFinder, showFoundPlace } from "./form/place-finder.js";

// A straight distance is filled in by ticking its box; a figure that is typed unticks it.
function connectDistances(form) {
  form.addEventListener("input", (event) => {
    const box = event.target.name && form.querySelector(`[data-straight="${event.target.name}"] input`);
    if (box) { box.checked = false; }
  });
  form.addEventListener("change", (event) => {
    const label = event.target.closest("[data-straight]");
    if (label && event.target.checked && label.dataset.metres) {
      document.getElementById(label.dataset.straight).value = label.dataset.metres;
    }
  });
}

// An address that ends in a field's name leads to it, also into a folded section.
function openAddressedField(form) {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const section = target && target.closest("details");
  if (section) { section.open = true; }
  if (target && form.contains(target)) { target.focus(); }
}

function enhance(form) {
  const finder = form.querySelector("[data-place]");
  const assistant = new Assistant(form, (place) => showFoundPlace(finder, place));
  connectDistances(form);
  assistant.connect();
  connectPlaceFinder(form, finder, (more) => assistant.ask(more));
  window.addEventListener("hashchange", () => openAddressedField(form));
  openAddressedField(form);
  assistant.restore();
}

const form = document.querySelector("form[data-assist]");
if (form) { enhance(form); }
