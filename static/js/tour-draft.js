// What is typed into form[data-draft] is kept as the account's draft every few seconds; site.js asks before it is left unkept.

const WAIT_MS = 1500, AGAIN_MS = 15000;
const SIGNED_OUT =
  "サインインが切れました。入力はこの画面に残っています。「保存する」を押すとサインインの画面が出て、そのあと続けられます。";
const OFFLINE = "サーバーにつながりません。この画面を閉じずにお待ちください。つながると、自動で保存します。";

class Draft {
  constructor(form) {
    this.form = form;
    this.status = form.querySelector("[data-saved]");
    this.timer = null;
  }

  connect() {
    // What was typed before this script ran is kept as well.
    if (this.isTyped()) { this.saveLater(WAIT_MS); }
    this.form.addEventListener("input", () => this.saveLater(WAIT_MS));
    this.form.addEventListener("submit", () => clearTimeout(this.timer));
  }

  isTyped() {
    return Array.from(this.form.elements).some((field) =>
      field.type !== "hidden" && field.defaultValue !== undefined && field.value !== field.defaultValue);
  }

  saveLater(after) {
    delete this.form.dataset.kept;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), after);
  }

  save() {
    const body = new URLSearchParams(new FormData(this.form)), headers = { Accept: "application/json" };
    fetch(this.form.dataset.draft, { method: "POST", body, redirect: "manual", headers })
      .then((response) => this.read(response))
      .catch(() => {
        this.status.textContent = OFFLINE;
        this.saveLater(AGAIN_MS);
      });
  }

  read(response) {
    if (!(response.headers.get("Content-Type") || "").startsWith("application/json")) {
      this.status.textContent = SIGNED_OUT;
      return null;
    }
    return response.json().then((answer) => {
      if (answer.kept) { this.form.dataset.kept = "there"; }
      this.status.textContent = answer.saved;
    });
  }
}

const form = document.querySelector("form[data-draft]");
if (form) { new Draft(form).connect(); }
