// The photos of a listing: sent one by one with their progress, put in order by dragging, described without a reload.
(function () {
  "use strict";

  var section = document.querySelector("[data-photos]");
  var form = section && section.querySelector("[data-photo-upload]");
  if (!form) { return; }
  var list = section.querySelector("[data-photo-list]");
  var told = section.querySelector("[data-photo-status]");
  var input = form.querySelector("input[type=file]");
  var sending = form.querySelector("[data-sending]");
  var SIGNED_OUT = "サインインの時間が切れました。別のタブでサインインしてから、もう一度試してください。";
  var LOST = "通信が切れました。電波や回線を確かめてから、もう一度試してください。";
  var FAILED = "サーバーで処理できませんでした。少し待ってから、もう一度試してください。";

  function tell(text) { told.textContent = text; }

  // What an answer that is not ours means to whoever sent something.
  function reason(status, address) {
    if (/\/sign-in/.test(address)) { return SIGNED_OUT; }
    if (status === 413) { return "ファイルが大きすぎます。1枚40MBまでにしてください。"; }
    if (status === 403 || status === 404) { return "この物件の写真は、今は変更できません。画面を開き直してください。"; }
    return status === 400 ? SIGNED_OUT : FAILED;
  }

  // A form's token belongs to a session: after a new sign-in the page's forms need the new one.
  function renew() {
    return fetch(location.href, { credentials: "same-origin" }).then(function (answer) { return answer.text(); }).then(function (text) {
      var fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-photo-upload] [name=csrf_token]");
      if (!fresh) { return; }
      document.querySelectorAll("[name=csrf_token]").forEach(function (field) { field.value = fresh.value; });
    }).catch(function () { /* the next attempt says what is wrong */ });
  }

  function post(address, data) {
    return fetch(address, { method: "POST", body: data, headers: { Accept: "application/json" } }).then(function (answer) {
      return answer.json().catch(function () { return { problems: [reason(answer.status, answer.url)] }; });
    }, function () { return { problems: [LOST] }; });
  }

  // ── sending: one after the other, in the order of choosing ──

  var queue = [];
  var busy = false;
  var all = 0;
  var arrived = 0;

  function send(item, done) {
    var request = new XMLHttpRequest();
    var data = new FormData();
    data.append("csrf_token", form.querySelector("[name=csrf_token]").value);
    data.append("photos", item.file, item.file.name);
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = function (event) {
      if (event.lengthComputable) { item.bar.value = event.loaded / event.total; }
    };
    request.upload.onload = function () {
      item.bar.removeAttribute("value");
      item.text.textContent = "変換しています…";
    };
    request.onload = function () {
      var answer;
      try { answer = JSON.parse(request.responseText); } catch (error) { answer = { items: [], problems: [reason(request.status, request.responseURL)] }; }
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
    send(item, function (answer) {
      if (answer.items.length) {
        answer.items.forEach(show);
        arrived += 1;
        item.row.remove();
      } else {
        refuse(item, answer.problems[0]);
      }
      var waiting = queue.length;
      var failed = sending.querySelectorAll(".sending-failed").length;
      tell(all + "枚中" + arrived + "枚を入れました。" + (waiting ? "残り" + waiting + "枚です。" : "") + (failed ? failed + "枚は入っていません。下の表示を確かめてください。" : ""));
      next();
    });
  }

  function show(html) {
    var made = new DOMParser().parseFromString("<ol>" + html + "</ol>", "text/html").querySelector("li");
    list.append(document.importNode(made, true));
    prepare(list.lastElementChild);
    section.querySelector("[data-photo-count]").textContent = list.children.length;
    var none = section.querySelector("[data-no-photo]");
    if (none) { none.remove(); }
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
      button("もう一度送る", function () { renew().then(function () { wait(item); start(); }); }),
      button("この写真はやめる", function () { item.row.remove(); all -= 1; input.focus(); })
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

  // ── order ──

  function ids() { return Array.from(list.children, function (item) { return item.dataset.photo; }); }

  var kept = ids();
  function keepOrder(message) {
    var wanted = ids();
    if (wanted.join() === kept.join()) { return; }
    var data = new FormData();
    data.append("csrf_token", form.querySelector("[name=csrf_token]").value);
    wanted.forEach(function (id) { data.append("photo", id); });
    post(list.dataset.order, data).then(function (answer) {
      if (answer.problems.length) {
        kept.forEach(function (id) { list.append(list.querySelector('[data-photo="' + id + '"]')); });
        tell(answer.problems[0]);
        renew();
      } else {
        kept = wanted;
        tell(message);
      }
    });
  }

  function place(item) { return (Array.from(list.children).indexOf(item) + 1) + "枚目にしました。"; }

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

  // ── one photo ──

  function describe(item) {
    var about = item.querySelector("[data-describe]");
    var status = about.querySelector("[role=status]");
    function keep() {
      status.textContent = "";
      post(about.action, new FormData(about)).then(function (answer) {
        status.textContent = answer.problems[0] || "保存しました。";
        status.classList.toggle("error", answer.problems.length > 0);
        if (answer.problems.length) { renew(); }
      });
    }
    about.addEventListener("change", keep);
    about.addEventListener("submit", function (event) { event.preventDefault(); keep(); });
  }

  function prepare(item) {
    var handle = document.createElement("span");
    handle.className = "photo-handle";
    handle.setAttribute("aria-hidden", "true");
    handle.title = "つかんで並べ替える";
    handle.textContent = "⠿";
    item.querySelector(".photo-thumb").append(handle);
    drag(item, handle);
    describe(item);
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
  }

  Array.from(list.children).forEach(prepare);
}());
