// Files that are sent one after the other with their progress; one that fails leaves the others and can be tried again.
// akiya.sending(form, options): form holds the file field, [data-sending] for the rows, and the token. Options: name (of the
// file field in the request), most (bytes of a file), largest (text for more), unit (枚…), show(html) for each arrival, tell.
(function () {
  "use strict";
  var SIGNED_OUT = "サインインの時間が切れました。別のタブでサインインしてから、もう一度試してください。";
  var LOST = "通信が切れました。電波や回線を確かめてから、もう一度試してください。";
  var FAILED = "サーバーで処理できませんでした。少し待ってから、もう一度試してください。";

  // What an answer that is not ours means to whoever sent something.
  function reason(status, address, largest) {
    if (/\/sign-in/.test(address)) { return SIGNED_OUT; }
    if (status === 413) { return largest; }
    if (status === 403 || status === 404) { return "この物件は、今は変更できません。画面を開き直してください。"; }
    return status === 400 ? SIGNED_OUT : FAILED;
  }

  // A form's token belongs to a session: after a new sign-in the page's forms need the new one.
  window.akiya.renewToken = function () {
    return fetch(location.href, { credentials: "same-origin" }).then(function (answer) { return answer.text(); }).then(function (text) {
      var fresh = new DOMParser().parseFromString(text, "text/html").querySelector("main [name=csrf_token]");
      if (!fresh) { return; }
      document.querySelectorAll("[name=csrf_token]").forEach(function (field) { field.value = fresh.value; });
    }).catch(function () { /* the next attempt says what is wrong */ });
  };

  // The answer of the server, or what its silence means, as {problems}.
  window.akiya.post = function (address, data) {
    return fetch(address, { method: "POST", body: data, headers: { Accept: "application/json" } }).then(function (answer) {
      return answer.json().catch(function () { return { problems: [reason(answer.status, answer.url, FAILED)] }; });
    }, function () { return { problems: [LOST] }; });
  };

  window.akiya.sending = function (form, options) {
    var input = form.querySelector("input[type=file]");
    var sending = form.querySelector("[data-sending]");
    var queue = [];
    var busy = false;
    var all = 0;
    var arrived = 0;

    function send(item, done) {
      var request = new XMLHttpRequest();
      var data = new FormData();
      data.append("csrf_token", form.querySelector("[name=csrf_token]").value);
      data.append(options.name, item.file, item.file.name);
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "application/json");
      request.upload.onprogress = function (event) {
        if (event.lengthComputable) { item.bar.value = event.loaded / event.total; }
      };
      request.upload.onload = function () {
        item.bar.removeAttribute("value");
        item.text.textContent = options.after;
      };
      request.onload = function () {
        var answer;
        try { answer = JSON.parse(request.responseText); } catch (error) { answer = { items: [], problems: [reason(request.status, request.responseURL, options.largest)] }; }
        done(answer);
      };
      request.onerror = request.onabort = function () { done({ items: [], problems: [LOST] }); };
      item.text.textContent = "送っています…";
      item.bar.value = 0;
      request.send(data);
    }

    function next() {
      var item = queue.shift();
      busy = Boolean(item);
      if (!item) { return; }
      if (item.file.size > options.most) {
        refuse(item, options.largest);
        sum();
        next();
        return;
      }
      send(item, function (answer) {
        if (answer.items.length) {
          answer.items.forEach(options.show);
          arrived += 1;
          item.row.remove();
        } else {
          refuse(item, answer.problems[0]);
        }
        sum();
        next();
      });
    }

    function sum() {
      var failed = sending.querySelectorAll(".sending-failed").length;
      options.tell(all + "枚中" + arrived + "枚を入れました。" + (queue.length ? "残り" + queue.length + "枚です。" : "") + (failed ? failed + "枚は入っていません。下の表示を確かめてください。" : ""));
    }

    function button(text, act) {
      var made = document.createElement("button");
      made.type = "button";
      made.className = "button button-quiet";
      made.textContent = text;
      made.addEventListener("click", act);
      return made;
    }

    function refuse(item, message) {
      item.row.className = "sending-failed";
      item.bar.hidden = true;
      item.text.textContent = message.replace(item.file.name + "：", "");
      item.buttons.append(
        button("もう一度送る", function () { window.akiya.renewToken().then(function () { wait(item); start(); }); }),
        button(options.give, function () { item.row.remove(); all -= 1; input.focus(); })
      );
    }

    function wait(item) {
      item.row.className = "";
      item.bar.hidden = false;
      item.bar.value = 0;
      item.buttons.textContent = "";
      item.text.textContent = "順番を待っています";
      queue.push(item);
    }

    function start() { if (!busy) { next(); } }

    form.addEventListener("submit", function (event) {
      if (!input.files.length) { return; }
      event.preventDefault();
      if (!busy && !sending.children.length) { all = arrived = 0; }
      Array.from(input.files).forEach(function (file) {
        var item = { file: file, row: document.createElement("li"), bar: document.createElement("progress"), text: document.createElement("span"), buttons: document.createElement("span") };
        var name = document.createElement("b");
        name.textContent = file.name;
        item.bar.max = 1;
        item.buttons.className = "sending-buttons";
        item.bar.setAttribute("aria-label", file.name);
        item.row.append(name, item.bar, item.text, item.buttons);
        sending.append(item.row);
        wait(item);
        all += 1;
      });
      input.value = "";
      start();
    });
    window.addEventListener("beforeunload", function (event) { if (busy) { event.preventDefault(); } });
  };
}());
