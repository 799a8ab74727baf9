// The rooms of a tour in the page: words, still, links and floor plans, whether the viewer is open or not.

export class Rooms {
  constructor(figure) {
    this.figure = figure;
    this.still = figure.querySelector(".panorama-still");
    this.byId = Object.create(null);
    this.here = "";
    figure.querySelectorAll("[data-scene]").forEach((room) => { this.byId[room.dataset.scene] = room; });
  }

  has(id) { return Boolean(this.byId[id]); }

  first() { return Object.keys(this.byId)[0]; }

  // The room that is shown.
  current() { return this.byId[this.here]; }

  title(id = this.here) { return this.byId[id].querySelector("h3").textContent; }

  show(id) {
    const room = this.byId[id], before = this.current(), focused = document.activeElement;
    this.here = id;
    Object.keys(this.byId).forEach((other) => this.byId[other].classList.toggle("panorama-here", other === id));
    this.markLinks(room);
    this.figure.querySelectorAll("[data-plan]:not([data-scene])").forEach((plan) => {
      plan.classList.toggle("panorama-elsewhere", room.dataset.plan !== "" && plan.dataset.plan !== room.dataset.plan);
    });
    this.still.src = room.dataset.still;
    this.still.alt = room.querySelector(".panorama-room-still").alt;
    // What had the focus is not shown any more: the same link of the new room, or its title.
    if (before && before !== room && before.contains(focused)) {
      const same = focused.dataset.go && room.querySelector(`.panorama-pictures [data-go="${focused.dataset.go}"]`);
      (same || room.querySelector("h3")).focus({ preventScroll: true });
    }
  }

  markLinks(room) {
    this.figure.querySelectorAll("[data-go]").forEach((link) => {
      const isCurrent = link.dataset.go === this.here || link.dataset.home === room.dataset.home;
      if (isCurrent) { link.setAttribute("aria-current", "true"); } else { link.removeAttribute("aria-current"); }
    });
  }
}
