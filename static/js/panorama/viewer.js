// One tour: the room that is shown, and the Pannellum viewer in it once it is opened.
import { differs, formatView, parseView } from "./address.js";
import { PATIENCE_MS, createViewer, hasScene, loadTour, sceneName, turnDuration, whenDrawn, whenShown } from "./pannellum.js";
import { Rooms } from "./rooms.js";

export class TourViewer {
  constructor(figure, controls) {
    this.figure = figure;
    this.controls = controls;
    this.texts = figure.dataset;
    this.screen = figure.querySelector(".panorama-screen");
    this.frame = figure.querySelector(".panorama-viewer");
    this.opener = figure.querySelector(".panorama-open");
    this.status = figure.querySelector(".panorama-status");
    this.rooms = new Rooms(figure);
    this.viewer = null;
    this.isOpening = false;
    this.start = {};  // where the next room that is opened looks
    this.wanted = null;  // the room that waits until the present one is loaded
    this.query = "";  // of the configuration that is shown
    this.knownView = null;  // what the address says, or said
    this.opener.addEventListener("click", () => this.enter());
  }

  say(text) { this.status.textContent = text; }

  tell(name, detail) { this.figure.dispatchEvent(new CustomEvent(name, { bubbles: true, detail })); }

  view() { return { yaw: this.viewer.getYaw(), pitch: this.viewer.getPitch(), hfov: this.viewer.getHfov() }; }

  fragment() { return formatView(this.rooms.here, this.view()); }

  show(id) {
    if (!this.rooms.has(id)) { return; }
    this.rooms.show(id);
    this.frame.setAttribute("aria-label", `360° ${this.rooms.title()}`);
    this.controls.showForRoom(this.rooms.current(), this.viewer !== null, this.query !== "");
  }

  // Shows the room that the address names. Returns whether it names one.
  followAddress() {
    const view = parseView(location.hash, this.rooms);
    if (!this.texts.page || !view.scene) { return false; }
    this.figure.scrollIntoView();
    if (this.viewer) {
      this.go(view.scene, false, view);
    } else {
      this.start = view;
      this.show(view.scene);
    }
    return true;
  }

  // Opens the viewer in the present room, again when it is open; `start` says where it looks.
  enter() {
    if (this.isOpening) { return; }
    this.isOpening = true;
    this.say(this.texts.textLoading);
    loadTour(this.texts, this.query).then((config) => {
      // Before the open viewer is closed for it.
      if (!hasScene(config, this.rooms.here)) { throw new Error("no such room"); }
      this.controls.stopMeasuring(false);
      if (this.viewer) { this.viewer.destroy(); }
      this.frame.classList.toggle("panorama-coming", this.frame.hidden);
      this.frame.hidden = false;
      this.viewer = createViewer(this.frame, config, this.rooms.here, this.start);
      this.listen();
      return whenShown(this.viewer, this.frame);
    }).then(() => {
      this.isOpening = false;
      this.opened();
    }, (error) => {
      this.isOpening = false;
      this.failed(error);
    });
  }

  // Others ask for the finest resolution, in the view that is shown.
  enterFull() {
    this.query = "?full=1";
    this.start = this.view();
    this.enter();
  }

  opened() {
    const { viewer, frame, opener } = this;
    const hadFocus = document.activeElement === opener || document.activeElement === document.body;
    opener.hidden = true;
    this.figure.querySelector(".panorama-help").hidden = false;
    frame.querySelector(".pnlm-render-container").setAttribute("aria-hidden", "true");
    this.show(this.rooms.here);
    // Without WebGL there is one level only.
    this.controls.showForViewer(viewer.isOrientationSupported(), frame.querySelector(".pnlm-world") !== null);
    this.knownView = this.view();
    this.figure.dataset.ready = "true";
    this.say(this.texts.textReady);
    this.tell("panorama:open", { viewer, frame });
    if (hadFocus) { frame.focus({ preventScroll: true }); }
    // The still stays in front until the first tiles are drawn.
    whenDrawn(viewer, () => this.viewer === viewer, () => frame.classList.remove("panorama-coming"));
  }

  failed(error) {
    const { opener, texts } = this;
    // The one that is open stays, when a finer one could not be fetched.
    if (this.viewer && this.viewer.isLoaded()) {
      this.query = "";
      this.say(texts.textError);
      return;
    }
    this.frame.hidden = true;
    this.viewer = null;
    opener.hidden = error.message === "unsupported";
    texts.stills = opener.hidden ? "true" : "";
    this.say(opener.hidden ? texts.textStills : texts.textError);
  }

  // Keeps the address and the page in step with the viewer.
  listen() {
    const { viewer, frame } = this;
    viewer.on("animatefinished", () => {
      const moved = differs(this.knownView, this.view());
      this.knownView = this.view();
      if (moved && this.texts.page) { history.replaceState(history.state, "", this.fragment()); }
    });
    viewer.on("scenechange", (name) => {
      this.controls.stopMeasuring(false);
      this.show(name.replace("scene-", ""));
      this.knownView = { yaw: 1e9, pitch: 0, hfov: 0 };
      this.say(this.rooms.title());
      whenShown(viewer, frame).then(() => this.tell("panorama:scene", { scene: name }), () => this.say(this.texts.textError));
    });
  }

  // Another room. `same` keeps the view; `look` says where to look. Rooms chosen while one is loading wait for it.
  go(id, same, look) {
    this.start = look || {};
    if (!this.viewer) {
      this.show(id);
      if (this.texts.stills) { this.say(this.rooms.title(id)); } else { this.enter(); }
      return;
    }
    const isWaiting = this.wanted !== null;
    this.wanted = { id, same, look: this.start };
    if (!isWaiting) { this.goWhenLoaded(Date.now()); }
  }

  goWhenLoaded(began) {
    if (!this.viewer || Date.now() - began > PATIENCE_MS) { this.wanted = null; return; }
    if (this.isOpening || !this.viewer.isLoaded()) { setTimeout(() => this.goWhenLoaded(began), 60); return; }
    const { id, same, look } = this.wanted, fixed = same ? "same" : undefined;
    this.wanted = null;
    if (id !== this.rooms.here) {
      this.viewer.loadScene(sceneName(id), fixed || look.pitch, fixed || look.yaw, fixed || look.hfov);
    } else if (look.scene) {
      this.viewer.lookAt(look.pitch, look.yaw, look.hfov, turnDuration());
    }
  }
}
