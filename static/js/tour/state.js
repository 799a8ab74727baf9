// The state of a tour's rooms, looked up while the server works on one of them.

const AGAIN_MS = 1500, AFTER_FAILURE_MS = 6000;

export class TourState {
  constructor(page) {
    this.page = page;
    this.isWatching = false;
  }

  // Looks until the server has done its work, after which the page offers to be loaded again.
  watch() {
    this.page.dataset.working = "yes";
    this.lookOnce();
  }

  lookOnce() { if (!this.isWatching) { this.look(); } }

  look() {
    this.isWatching = true;
    fetch(this.page.dataset.stateUrl, { headers: { Accept: "application/json" } }).then((answer) => {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.json();
    }).then((state) => {
      this.show(state);
      if (state.working) { setTimeout(() => this.look(), AGAIN_MS); return; }
      this.isWatching = false;
      if (this.page.dataset.working === "yes") { this.page.querySelector("[data-renew]").hidden = false; }
    }).catch(() => setTimeout(() => this.look(), AFTER_FAILURE_MS));
  }

  // Replaces only what has changed and does not have the focus, so nothing that is typed is touched.
  show(state) {
    Array.from(this.page.querySelector("[data-list]").children).forEach((item) => {
      const html = state.scenes[item.dataset.item], box = item.querySelector("[data-state]");
      if (html === undefined || item.dataset.said === html) { return; }
      if (!box.contains(document.activeElement)) { box.innerHTML = html; }
      item.dataset.said = html;
    });
    const checks = this.page.querySelector("[data-checks]");
    if (!checks.contains(document.activeElement)) { checks.innerHTML = state.checks; }
  }
}
