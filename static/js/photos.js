// The photos of a listing: sent one by one with their progress, put in order by dragging, described without a reload.
import { OrderedList } from "./shared/ordering.js";
import { post, showSaved } from "./shared/posting.js";
import { appendItem, queueUploads } from "./shared/upload-queue.js";

// Saves the kind and caption of a photo as soon as they are changed.
function saveDescription(item) {
  const about = item.querySelector("[data-describe]");
  const status = about.querySelector("[role=status]");
  function save() {
    status.textContent = "";
    post(about.action, new FormData(about)).then((answer) => showSaved(status, answer.problems));
  }
  about.addEventListener("change", save);
  about.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
}

function enhance(section, form) {
  const list = section.querySelector("[data-photo-list]");
  const status = section.querySelector("[data-photo-status]");
  const tell = (text) => { status.textContent = text; };
  const token = () => form.querySelector("[name=csrf_token]").value;
  const order = new OrderedList(list, { key: "photo", placed: "枚目にしました。", token, tell });

  function prepare(item) {
    order.prepare(item);
    saveDescription(item);
  }
  function show(html) {
    prepare(appendItem(list, html));
    section.querySelector("[data-photo-count]").textContent = list.children.length;
    const none = section.querySelector("[data-no-photo]");
    if (none) { none.remove(); }
  }

  queueUploads(form, {
    name: "photos",
    most: Infinity,
    largest: "ファイルが大きすぎます。1枚40MBまでにしてください。",
    after: "変換しています…",
    give: "この写真はやめる",
    tell,
    show
  });
  Array.from(list.children).forEach(prepare);
}

const section = document.querySelector("[data-photos]");
const form = section && section.querySelector("[data-photo-upload]");
if (form) { enhance(section, form); }
