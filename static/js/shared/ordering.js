// A list whose items are put in order by dragging a handle or by their buttons, without a reload.
// new OrderedList(list, options): list[data-order] is where the order is sent. Each item has its id as data-<key>, a .photo-thumb
// for the handle, and forms [data-move=first|earlier|later]. Options: key, token(), placed (text after a number), tell(text).
import { createElement } from "./dom.js";
import { dragByHandle } from "./dragging.js";
import { post, renewToken } from "./posting.js";

function createHandle() {
  const handle = createElement("span", "photo-handle", "⠿");
  handle.setAttribute("aria-hidden", "true");
  handle.title = "つかんで並べ替える";
  return handle;
}

// The button that was pressed; where there is no such button any more, the one that leads the other way.
function focusMover(item, mover) {
  const pressed = mover.querySelector("button");
  (pressed.offsetParent ? pressed : item.querySelector("[data-move=later] button")).focus();
  if (document.activeElement === document.body) { item.querySelector("[data-move=earlier] button").focus(); }
}

export class OrderedList {
  constructor(list, options) {
    this.list = list;
    this.options = options;
    this.kept = this.ids();
  }

  ids() { return Array.from(this.list.children, (item) => item.dataset[this.options.key]); }

  // Gives an item of the list its handle and its buttons.
  prepare(item) {
    const handle = createHandle();
    item.querySelector(".photo-thumb").append(handle);
    dragByHandle(this.list, item, handle, () => this.save(item));
    item.querySelectorAll("[data-move]").forEach((mover) => mover.addEventListener("submit", (event) => {
      event.preventDefault();
      this.move(item, mover.dataset.move);
      focusMover(item, mover);
    }));
    this.kept = this.ids();
  }

  move(item, to) {
    if (to === "first") { this.list.prepend(item); }
    if (to === "earlier" && item.previousElementSibling) { item.previousElementSibling.before(item); }
    if (to === "later" && item.nextElementSibling) { item.nextElementSibling.after(item); }
    this.save(item);
  }

  // Sends the order, and says where `item` is now. A refused order is undone.
  save(item) {
    const { key, placed, tell, token } = this.options, wanted = this.ids();
    if (wanted.join() === this.kept.join()) { return; }
    const message = (Array.from(this.list.children).indexOf(item) + 1) + placed;
    const data = new FormData();
    data.append("csrf_token", token());
    wanted.forEach((id) => data.append(key, id));
    post(this.list.dataset.order, data).then(({ problems }) => {
      if (problems.length) {
        this.kept.forEach((id) => this.list.append(this.list.querySelector(`[data-${key}="${id}"]`)));
        tell(problems[0]);
        renewToken();
      } else {
        this.kept = wanted;
        tell(message);
      }
    });
  }
}
