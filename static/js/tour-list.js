// The rooms of a tour: sent one by one, named and ordered without a reload; their state is looked up while something works.
// Expects [data-tour] as templates/staff/tours/tour.html writes it; the server's answers are those of pages/staff/tours/tour.py.
import { OrderedList } from "./shared/ordering.js";
import { appendItem, queueUploads } from "./shared/upload-queue.js";
import { saveName } from "./tour/room-name.js";
import { TourState } from "./tour/state.js";

function enhance(page, form, state) {
  const list = page.querySelector("[data-list]");
  const status = page.querySelector("[data-told]");
  const tell = (text) => { status.textContent = text; };
  const token = () => form.querySelector("[name=csrf_token]").value;
  const order = new OrderedList(list, { key: "item", placed: "番目にしました。", token, tell });

  function prepare(item) {
    order.prepare(item);
    saveName(item, () => state.lookOnce());
  }
  function show(html) {
    prepare(appendItem(list, html));
    page.querySelector("[data-count]").textContent = list.children.length;
    state.watch();
  }

  Array.from(list.children).forEach(prepare);
  // Without a script a room at a time is sent, with its name.
  form.querySelector("input[type=file]").multiple = true;
  form.querySelector("[data-several]").hidden = false;
  queueUploads(form, {
    name: "file",
    most: Number(form.dataset.most),
    largest: "60MBを超えています。カメラのアプリで画質を下げて書き出してください。",
    after: "受け取りを待っています…",
    give: "この画像はやめる",
    tell,
    show
  });
}

const page = document.querySelector("[data-tour]");
if (page) {
  const state = new TourState(page), form = page.querySelector("[data-sending-form]");
  if (page.dataset.working === "yes") { state.watch(); }
  if (form) { enhance(page, form, state); }
}
