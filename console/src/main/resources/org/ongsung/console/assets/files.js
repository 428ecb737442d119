// Sends files one after another, shows how far they are, and tells what became of each; without this the form sends
// them all the same.
const form = document.getElementById("upload");
const bar = document.getElementById("upload-progress");
const state = document.getElementById("upload-state");
const after = document.getElementById("upload-after");
const login = document.getElementById("upload-login");
const cancel = document.getElementById("upload-cancel");
const button = form?.querySelector("button[type=submit]");
const text = state?.dataset;

// A request that cannot be taken back: what the server has whole it also gives its name.
let under = null;

const fill = (pattern, ...values) => pattern.replace(/\{(\d)\}/g, (_, at) => values[Number(at)]);

// Why an answer is no success; null where it is one. Only the upload's own answer is: a login page that the browser
// was sent to, or whatever a server in front says with a good status, is not.
const refusal = (answer) => {
  const type = answer.getResponseHeader("Content-Type") ?? "";
  if (answer.status === 200 && type.startsWith("application/json")) {
    return null;
  }
  if (new URL(answer.responseURL || location.href).pathname === new URL(login.href).pathname) {
    login.hidden = false;
    return text.expired;
  }
  const told = new DOMParser().parseFromString(answer.responseText, "text/html").querySelector(".problem .lead");
  if (told !== null) {
    return told.textContent;
  }
  return answer.status === 413 ? text.large : fill(text.unknown, answer.status);
};

// Gives null when the file is there, else why it is not.
const send = (file, show) =>
  new Promise((done) => {
    const fields = new FormData();
    fields.append("_csrf", form.elements._csrf.value);
    if (form.elements.replace.checked) {
      fields.append("replace", "yes");
    }
    fields.append("file", file);
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (sent) => show(sent.lengthComputable ? sent.loaded / sent.total : 0));
    request.upload.addEventListener("load", () => {
      under = null;
      cancel.disabled = true;
      state.textContent = fill(text.finishing, file.name);
    });
    request.addEventListener("load", () => done(refusal(request)));
    request.addEventListener("error", () => done(text.lost));
    request.addEventListener("abort", () => done(text.cancelled));
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    under = request;
    request.send(fields);
  });

const running = (now) => {
  button.disabled = now;
  form.elements.file.disabled = now;
  form.elements.replace.disabled = now;
  bar.hidden = !now;
  cancel.hidden = !now;
  (now ? cancel : button).focus();
};

const sendAll = async (files) => {
  for (const [at, file] of files.entries()) {
    bar.value = at / files.length;
    cancel.disabled = false;
    state.textContent = fill(text.sending, at + 1, files.length, file.name);
    const why = await send(file, (part) => {
      bar.value = (at + part) / files.length;
    });
    under = null;
    if (why !== null) {
      const told = fill(text.failed, file.name, why);
      return at === 0 ? told : `${told} ${fill(text.some, at)}`;
    }
  }
  return null;
};

cancel?.addEventListener("click", () => under?.abort());

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const files = [...form.elements.file.files];
  login.hidden = true;
  after.hidden = true;
  running(true);
  const told = await sendAll(files);
  if (told === null) {
    location.reload();
    return;
  }
  running(false);
  state.textContent = told;
  after.hidden = false;
});
