// Forms that are sent without leaving the page, and what an answer that is not ours means to the person who sent one.

const SIGNED_OUT = "サインインの時間が切れました。別のタブでサインインしてから、もう一度試してください。";
const NOT_NOW = "この物件は、今は変更できません。画面を開き直してください。";
export const LOST = "通信が切れました。電波や回線を確かめてから、もう一度試してください。";
const FAILED = "サーバーで処理できませんでした。少し待ってから、もう一度試してください。";

// `largest` is the text for a request that is too large.
export function failureText(status, address, largest) {
  if (/\/sign-in/.test(address)) { return SIGNED_OUT; }
  if (status === 413) { return largest; }
  if (status === 403 || status === 404) { return NOT_NOW; }
  return status === 400 ? SIGNED_OUT : FAILED;
}

// A form's token belongs to a session: after a new sign-in the page's forms need the new one.
export function renewToken() {
  return fetch(location.href, { credentials: "same-origin" }).then((answer) => answer.text()).then((text) => {
    const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("main [name=csrf_token]");
    if (!fresh) { return; }
    document.querySelectorAll("[name=csrf_token]").forEach((field) => { field.value = fresh.value; });
  }).catch(() => { /* the next attempt says what is wrong */ });
}

// Resolves to the answer of the server, or what its silence means, as {problems}.
export function post(address, data) {
  return fetch(address, { method: "POST", body: data, headers: { Accept: "application/json" } }).then(
    (answer) => answer.json().catch(() => ({ problems: [failureText(answer.status, answer.url, FAILED)] })),
    () => ({ problems: [LOST] })
  );
}

// Says next to a form whether it was saved. Returns whether it was; otherwise its token is renewed for the next attempt.
export function showSaved(status, problems) {
  status.textContent = problems[0] || "保存しました。";
  status.classList.toggle("error", problems.length > 0);
  if (problems.length) { renewToken(); }
  return problems.length === 0;
}
