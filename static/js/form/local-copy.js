// A copy of what is typed, in this tab's storage, while the server cannot be asked.

function typed(form) {
  const values = {};
  new FormData(form).forEach((value, name) => {
    if (name !== "csrf_token") { (values[name] = values[name] || []).push(value); }
  });
  return values;
}

function fill(form, values) {
  Array.from(form.elements).forEach((control) => {
    if (!control.name || control.name === "csrf_token" || control.type === "submit") { return; }
    const given = values[control.name] || [];
    if (control.type === "checkbox" || control.type === "radio") {
      control.checked = given.includes(control.value);
    } else if (given.length) {
      control.value = given[0];
    }
  });
}

export class LocalCopy {
  constructor(form) {
    this.form = form;
    this.key = `akiya.form:${form.dataset.account}:${form.action}`;
  }

  keep() {
    try {
      sessionStorage.setItem(this.key, JSON.stringify(typed(this.form)));
      this.form.dataset.kept = "here";
    } catch { /* full or not allowed */ }
  }

  forget() { try { sessionStorage.removeItem(this.key); } catch { /* not allowed */ } }

  // Fills the form with the copy. Returns whether there was one.
  restore() {
    let values;
    try { values = JSON.parse(sessionStorage.getItem(this.key)); } catch { return false; }
    if (values) { fill(this.form, values); }
    return Boolean(values);
  }
}
