// Files that are sent one after the other with their progress; one that fails leaves the others and can be tried again.
// queueUploads(form, options): form holds the file field, [data-sending] for the rows, and the token. Options: name (of the
// file field in the request), most (bytes of a file), largest (text for more), after (text while the server works), give (text
// of the button that gives a file up), show(html) for each arrival, tell(text) for what happened.
import { createButton } from "./dom.js";
import { LOST, failureText, renewToken } from "./posting.js";

// Sends one file. `done` is called with the server's answer, or what its silence means, as {items, problems}.
function sendFile(item, form, options, done) {
  const request = new XMLHttpRequest(), data = new FormData();
  data.append("csrf_token", form.querySelector("[name=csrf_token]").value);
  data.append(options.name, item.file, item.file.name);
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.upload.onprogress = (event) => {
    if (event.lengthComputable) { item.bar.value = event.loaded / event.total; }
  };
  request.upload.onload = () => {
    item.bar.removeAttribute("value");
    item.text.textContent = options.after;
  };
  request.onload = () => {
    let answer;
    try {
      answer = JSON.parse(request.responseText);
    } catch {
      answer = { items: [], problems: [failureText(request.status, request.responseURL, options.largest)] };
    }
    done(answer);
  };
  request.onerror = request.onabort = () => done({ items: [], problems: [LOST] });
  item.text.textContent = "送っています…";
  item.bar.value = 0;
  request.send(data);
}

// The row of a file that waits, is being sent or has failed.
function createItem(file) {
  const [row, bar, text, buttons, name] = ["li", "progress", "span", "span", "b"].map((tag) => document.createElement(tag));
  name.textContent = file.name;
  bar.max = 1;
  buttons.className = "sending-buttons";
  bar.setAttribute("aria-label", file.name);
  row.append(name, bar, text, buttons);
  return { file, row, bar, text, buttons };
}

class UploadQueue {
  constructor(form, options) {
    this.form = form;
    this.options = options;
    this.input = form.querySelector("input[type=file]");
    this.rows = form.querySelector("[data-sending]");
    this.waiting = [];
    this.isBusy = false;
    this.total = 0;
    this.arrived = 0;
  }

  connect() {
    this.form.addEventListener("submit", (event) => {
      if (!this.input.files.length) { return; }
      event.preventDefault();
      this.addAll(Array.from(this.input.files));
      this.input.value = "";
      this.start();
    });
    window.addEventListener("beforeunload", (event) => { if (this.isBusy) { event.preventDefault(); } });
  }

  addAll(files) {
    if (!this.isBusy && !this.rows.children.length) { this.total = this.arrived = 0; }
    files.forEach((file) => {
      const item = createItem(file);
      this.rows.append(item.row);
      this.wait(item);
      this.total += 1;
    });
  }

  start() { if (!this.isBusy) { this.next(); } }

  next() {
    const item = this.waiting.shift();
    this.isBusy = Boolean(item);
    if (!item) { return; }
    if (item.file.size > this.options.most) {
      this.finish(item, { items: [], problems: [this.options.largest] });
      return;
    }
    sendFile(item, this.form, this.options, (answer) => this.finish(item, answer));
  }

  finish(item, answer) {
    if (answer.items.length) {
      answer.items.forEach(this.options.show);
      this.arrived += 1;
      item.row.remove();
    } else {
      this.refuse(item, answer.problems[0]);
    }
    this.sum();
    this.next();
  }

  sum() {
    const failed = this.rows.querySelectorAll(".sending-failed").length, left = this.waiting.length;
    this.options.tell(`${this.total}枚中${this.arrived}枚を入れました。${left ? `残り${left}枚です。` : ""}`
      + (failed ? `${failed}枚は入っていません。下の表示を確かめてください。` : ""));
  }

  refuse(item, message) {
    item.row.className = "sending-failed";
    item.bar.hidden = true;
    item.text.textContent = message.replace(`${item.file.name}：`, "");
    item.buttons.append(
      createButton("もう一度送る", () => renewToken().then(() => {
        this.wait(item);
        this.start();
      })),
      createButton(this.options.give, () => {
        item.row.remove();
        this.total -= 1;
        this.input.focus();
      })
    );
  }

  wait(item) {
    item.row.className = "";
    item.bar.hidden = false;
    item.bar.value = 0;
    item.buttons.textContent = "";
    item.text.textContent = "順番を待っています";
    this.waiting.push(item);
  }
}

export function queueUploads(form, options) { new UploadQueue(form, options).connect(); }

// Appends the server's item to a list, and returns it.
export function appendItem(list, html) {
  const item = new DOMParser().parseFromString(`<ol>${html}</ol>`, "text/html").querySelector("li");
  list.append(document.importNode(item, true));
  return list.lastElementChild;
}
