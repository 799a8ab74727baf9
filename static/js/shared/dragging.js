// An item of a list that is moved among the others by its handle, with mouse, pen or finger.

const EDGE_PX = 60, SCROLL_PX = 12;

function scrollAtEdge(event) {
  if (event.clientY < EDGE_PX) { window.scrollBy(0, -SCROLL_PX); }
  if (event.clientY > window.innerHeight - EDGE_PX) { window.scrollBy(0, SCROLL_PX); }
}

// Moves the item past the one at this height: past its middle, so that rows of different heights do not swap to and fro.
function moveTo(list, item, height) {
  Array.from(list.children).some((other) => {
    const box = other.getBoundingClientRect(), middle = box.top + box.height / 2;
    if (other === item || height < box.top || height > box.bottom) { return false; }
    const isBelow = item.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
    if (isBelow && height > middle) { other.after(item); }
    if (!isBelow && height < middle) { other.before(item); }
    return true;
  });
}

// `dropped` is called when the item is let go.
export function dragByHandle(list, item, handle, dropped) {
  let pointer = null;
  function over(event) {
    if (event.pointerId !== pointer) { return; }
    scrollAtEdge(event);
    moveTo(list, item, event.clientY);
  }
  function end(event) {
    if (event.pointerId !== pointer) { return; }
    pointer = null;
    item.classList.remove("photo-dragged");
    document.removeEventListener("pointermove", over);
    document.removeEventListener("pointerup", end);
    document.removeEventListener("pointercancel", end);
    dropped();
  }
  handle.addEventListener("pointerdown", (event) => {
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
