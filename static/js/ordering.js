// A list whose items are put in order by dragging a handle or by their buttons, without a reload.
// akiya.ordering(list, options): list[data-order] is where the order is sent. Each item has its id as data-<key>, a .photo-thumb
// for the handle, and forms [data-move=first|earlier|later]. Options: key, token(), tell. Returns the function that prepares an item.
(function () {
  "use strict";

  window.akiya.ordering = function (list, options) {
    function ids() { return Array.from(list.children, function (item) { return item.dataset[options.key]; }); }

    var kept = ids();
    function keepOrder(message) {
      var wanted = ids();
      if (wanted.join() === kept.join()) { return; }
      var data = new FormData();
      data.append("csrf_token", options.token());
      wanted.forEach(function (id) { data.append(options.key, id); });
      window.akiya.post(list.dataset.order, data).then(function (answer) {
        if (answer.problems.length) {
          kept.forEach(function (id) { list.append(list.querySelector("[data-" + options.key + '="' + id + '"]')); });
          options.tell(answer.problems[0]);
          window.akiya.renewToken();
        } else {
          kept = wanted;
          options.tell(message);
        }
      });
    }

    function place(item) { return (Array.from(list.children).indexOf(item) + 1) + options.placed; }

    function move(item, to) {
      if (to === "first") { list.prepend(item); }
      if (to === "earlier" && item.previousElementSibling) { item.previousElementSibling.before(item); }
      if (to === "later" && item.nextElementSibling) { item.nextElementSibling.after(item); }
      keepOrder(place(item));
    }

    function drag(item, handle) {
      var pointer = null;
      function over(event) {
        if (event.pointerId !== pointer) { return; }
        var edge = 60;
        if (event.clientY < edge) { window.scrollBy(0, -12); }
        if (event.clientY > window.innerHeight - edge) { window.scrollBy(0, 12); }
        Array.from(list.children).some(function (other) {
          var box = other.getBoundingClientRect();
          if (other === item || event.clientY < box.top || event.clientY > box.bottom) { return false; }
          // Past its middle, so that rows of different heights do not change places to and fro.
          var down = item.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
          if (down && event.clientY > box.top + box.height / 2) { other.after(item); }
          if (!down && event.clientY < box.top + box.height / 2) { other.before(item); }
          return true;
        });
      }
      function end(event) {
        if (event.pointerId !== pointer) { return; }
        pointer = null;
        item.classList.remove("photo-dragged");
        document.removeEventListener("pointermove", over);
        document.removeEventListener("pointerup", end);
        document.removeEventListener("pointercancel", end);
        keepOrder(place(item));
      }
      handle.addEventListener("pointerdown", function (event) {
        if (event.button) { return; }
        event.preventDefault();
        pointer = event.pointerId;
        item.classList.add("photo-dragged");
        // On the document: the handle itself leaves the page for a moment whenever its row moves.
        document.addEventListener("pointermove", over);
        document.addEventListener("pointerup", end);
        document.addEventListener("pointercancel", end);
      });
    }

    return function (item) {
      var handle = document.createElement("span");
      handle.className = "photo-handle";
      handle.setAttribute("aria-hidden", "true");
      handle.title = "つかんで並べ替える";
      handle.textContent = "⠿";
      item.querySelector(".photo-thumb").append(handle);
      drag(item, handle);
      item.querySelectorAll("[data-move]").forEach(function (mover) {
        mover.addEventListener("submit", function (event) {
          event.preventDefault();
          move(item, mover.dataset.move);
          var pressed = mover.querySelector("button");
          (pressed.offsetParent ? pressed : item.querySelector("[data-move=later] button")).focus();
          if (document.activeElement === document.body) { item.querySelector("[data-move=earlier] button").focus(); }
        });
      });
      kept = ids();
    };
  };
}());
