// Small comforts on top of pages that work without any script.
(function () {
  "use strict";

  function file(tag, attributes) {
    return new Promise(function (resolve, reject) {
      var made = Object.assign(document.createElement(tag), attributes);
      made.onload = resolve;
      made.onerror = reject;
      document.head.append(made);
    });
  }
  // What a page needs only after a click. Scripts follow one another; a promise keeps what it has loaded.
  var loading = {};
  window.akiya = {
    load: function (scripts, styles) {
      var key = scripts.join(" ");
      if (!loading[key]) {
        loading[key] = Promise.all(styles.map(function (address) { return file("link", { rel: "stylesheet", href: address }); }).concat(
          scripts.reduce(function (before, address) { return before.then(function () { return file("script", { src: address }); }); }, Promise.resolve())
        ));
        loading[key].catch(function () { delete loading[key]; });
      }
      return loading[key];
    }
  };

  // The filters begin folded on a phone. On a wide window they show in any case (site.css), and are said to be open.
  var sheet = document.querySelector("[data-sheet]");
  if (sheet && window.matchMedia("(min-width: 48rem)").matches) { sheet.open = true; }

  var summary = document.querySelector("[data-focus]");
  if (summary) { summary.focus(); }

  document.querySelectorAll("[data-unsaved]").forEach(function (form) {
    var changed = document.querySelector("[data-focus]") !== null;
    form.addEventListener("input", function () { changed = true; });
    form.addEventListener("submit", function () { changed = false; });
    window.addEventListener("beforeunload", function (event) { if (changed && !form.dataset.kept) { event.preventDefault(); } });
  });

  // A link of the error summary opens the folded section its field lies in.
  document.addEventListener("click", function (event) {
    var link = event.target.closest(".error-summary a, .opens a");
    var field = link && document.querySelector(link.getAttribute("href"));
    if (!field) { return; }
    var section = field.closest("details");
    if (section) { section.open = true; }
    field.focus();
  });

  // Homes that were looked at are remembered in this browser alone: the newest first, at most a hundred.
  function seen() {
    try { return JSON.parse(localStorage.getItem("akiya.seen")) || []; } catch (error) { return []; }
  }
  var home = document.querySelector("[data-listing-page]");
  if (home) {
    var others = seen().filter(function (item) { return item.id !== home.dataset.listingPage; });
    others.unshift({ id: home.dataset.listingPage, title: home.dataset.listingTitle, url: location.pathname });
    try { localStorage.setItem("akiya.seen", JSON.stringify(others.slice(0, 100))); } catch (error) { /* not allowed */ }
  }
  document.querySelectorAll("[data-visited]").forEach(function (list) {
    seen().forEach(function (item) {
      var link = list.querySelector('[data-listing="' + CSS.escape(item.id) + '"] .card-title');
      if (!link) { return; }
      var mark = document.createElement("span");
      mark.className = "badge badge-seen";
      mark.textContent = list.dataset.visited;
      link.append(" ", mark);
    });
  });
  document.querySelectorAll("[data-last-seen]").forEach(function (line) {
    seen().slice(0, 3).forEach(function (item, place) {
      // Only paths of this site lead anywhere, whatever stands in the browser's storage.
      if (!/^\/(en\/)?listings\/\d+$/.test(item.url)) { return; }
      var link = document.createElement("a");
      link.href = item.url;
      link.textContent = item.title;
      if (place) { line.append("、"); }
      line.append(link);
      line.hidden = false;
    });
  });
  document.querySelectorAll("[data-copy]").forEach(function (item) {
    if (!navigator.clipboard) { return; }
    var told = item.querySelector("[data-copied]");
    item.hidden = false;
    item.querySelector("button").addEventListener("click", function () {
      navigator.clipboard.writeText(location.href).then(function () { told.textContent = told.dataset.copied; });
    });
  });

  document.querySelectorAll("[data-near-me]").forEach(function (item) {
    if (!navigator.geolocation) { return; }
    var told = item.querySelector("[role=status]");
    item.hidden = false;
    item.querySelector("button").addEventListener("click", function () {
      told.textContent = item.dataset.textAsking;
      navigator.geolocation.getCurrentPosition(function (found) {
        var url = new URL(item.dataset.search, location.href);
        // To about 100 m: the address may be shared.
        url.searchParams.set("near", found.coords.longitude.toFixed(3) + "," + found.coords.latitude.toFixed(3));
        url.searchParams.set("radius_km", "10");
        url.searchParams.set("sort", "distance");
        location.assign(url);
      }, function () { told.textContent = item.dataset.textError; }, { timeout: 15000, maximumAge: 300000 });
    });
  });

  document.querySelectorAll("[data-upload]").forEach(function (form) {
    var input = form.querySelector("input[type=file]");
    var told = form.querySelector("[data-chosen]");
    input.addEventListener("change", function () {
      var bytes = Array.from(input.files).reduce(function (sum, file) { return sum + file.size; }, 0);
      if (told) { told.textContent = input.files.length + "枚、" + (bytes / 1048576).toFixed(1) + "MBを選びました。"; }
    });
    form.addEventListener("submit", function () {
      var button = form.querySelector("button[type=submit]");
      button.disabled = true;
      button.textContent = "送っています…";
    });
  });
}());
