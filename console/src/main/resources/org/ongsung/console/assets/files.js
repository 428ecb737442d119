// Sends files with their progress shown; without this the form sends them all the same.
const form = document.getElementById("upload");
const bar = document.getElementById("upload-progress");
const state = document.getElementById("upload-state");

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const request = new XMLHttpRequest();
  const button = form.querySelector("button");
  const over = (good) => {
    button.disabled = false;
    if (good) {
      location.reload();
    } else {
      bar.hidden = true;
      state.textContent = state.dataset.failed;
    }
  };
  request.upload.addEventListener("progress", (sent) => {
    if (sent.lengthComputable) {
      bar.value = sent.loaded / sent.total;
      state.textContent = `${Math.floor((100 * sent.loaded) / sent.total)}%`;
    }
  });
  request.addEventListener("load", () => over(request.status < 400));
  request.addEventListener("error", () => over(false));
  bar.hidden = false;
  bar.value = 0;
  button.disabled = true;
  request.open("POST", form.action);
  request.send(new FormData(form));
});
