// Sends what is typed to the server when typing pauses: it is kept as a draft, and answered with a reading and a preview.
import { showAnswer } from "./answer.js";
import { LocalCopy } from "./local-copy.js";

const WAIT_MS = 1500, AGAIN_MS = 15000;
const TOO_OFTEN = "続けて保存しすぎました。少し待つと、また自動で保存します。";
const SIGNED_OUT =
  "サインインが切れました。入力はこの画面に残っています。「保存」を押すとサインインの画面が出て、そのあと続けられます。";
const OFFLINE = "サーバーにつながりません。入力はこの端末に残しています。つながると、自動で保存します。";
const RESTORED = "前に保存できなかった入力を戻しました。";

export class Assistant {
  // `showPlace` is called with the place that an answer found.
  constructor(form, showPlace) {
    this.form = form;
    this.showPlace = showPlace;
    this.status = form.querySelector("[data-saved]");
    this.copy = new LocalCopy(form);
    this.timer = null;
    this.isAsking = false;
    this.isChanged = false;
  }

  connect() {
    this.form.addEventListener("input", () => this.askLater());
    this.form.addEventListener("change", () => this.askLater());
    this.form.addEventListener("submit", () => {
      clearTimeout(this.timer);
      this.copy.forget();
    });
  }

  restore() {
    if (!this.copy.restore()) { return; }
    this.say(RESTORED);
    this.ask();
  }

  say(message) { if (this.status.textContent !== message) { this.status.textContent = message; } }

  askLater() {
    this.isChanged = true;
    delete this.form.dataset.kept;  // site.js asks before the page is left
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT_MS);
  }

  // Asks now, with fields of `more` that the form does not have.
  ask(more = {}) {
    if (this.isAsking) { this.askLater(); return Promise.resolve(); }
    this.isAsking = true;
    this.isChanged = false;
    const { form } = this, body = new URLSearchParams(new FormData(form));
    Object.keys(more).forEach((name) => body.set(name, more[name]));
    const headers = { Accept: "application/json" };
    return fetch(form.dataset.assist, { method: "POST", body, redirect: "manual", headers })
      .then((response) => this.read(response))
      .catch(() => this.keepAndAskAgain())
      .then(() => {
        this.isAsking = false;
        if (this.isChanged) { this.askLater(); }
      });
  }

  read(response) {
    if (!(response.headers.get("Content-Type") || "").startsWith("application/json")) {
      this.copy.keep();
      this.say(response.status === 429 ? TOO_OFTEN : SIGNED_OUT);
      return null;
    }
    return response.json().then((answer) => {
      this.copy.forget();
      if (answer.kept) { this.form.dataset.kept = "there"; }
      this.say(answer.saved);
      showAnswer(this.form, answer, this.showPlace);
    });
  }

  keepAndAskAgain() {
    this.copy.keep();
    this.say(OFFLINE);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), AGAIN_MS);
  }
}
