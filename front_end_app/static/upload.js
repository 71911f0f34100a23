// The form works without this file. With it, a file can be dropped, sending shows how far it is, and who
// has to sign in again meanwhile need not choose the file again.
"use strict";

const form = document.getElementById("new-training");
const input = document.getElementById("file");
const drop = document.querySelector(".drop");
const chosen = document.getElementById("chosen");
const outcome = document.getElementById("outcome");
const progress = document.getElementById("progress");
const progressText = document.getElementById("progress-text");
const bar = document.getElementById("sent");
let sending = null;

function size(bytes) {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
  return `${(bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)} MB`;
}

function tell() {
  const file = input.files[0];
  chosen.textContent = file ? `${file.name}, ${size(file.size)}` : "";
}

input.addEventListener("change", tell);

for (const type of ["dragenter", "dragover"]) {
  drop.addEventListener(type, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
}
for (const type of ["dragleave", "drop"]) {
  drop.addEventListener(type, () => drop.classList.remove("over"));
}
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  if (!event.dataTransfer.files.length) return;
  input.files = event.dataTransfer.files;
  tell();
});
// A file that misses the place would replace the page.
for (const type of ["dragover", "drop"]) {
  window.addEventListener(type, (event) => event.preventDefault());
}

function show(text, part) {
  if (progressText.textContent !== text) progressText.textContent = text;
  if (part === null) bar.removeAttribute("value");
  else bar.value = part * 100;
}

function busy(is) {
  progress.hidden = !is;
  form.querySelector("button[type=submit]").disabled = is;
}

function say(title, text) {
  const box = document.createElement("section");
  const heading = document.createElement("h2");
  const words = document.createElement("p");
  box.className = "summary";
  heading.textContent = title;
  words.textContent = text;
  box.append(heading, words);
  outcome.replaceChildren(box);
  outcome.focus();
}

// What comes back is a page. The next step takes this one's place; of this one, what was wrong does.
function take(request) {
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const same = page.getElementById("new-training");
  if (!same) {
    if (request.status >= 400) {
      const words = [...page.querySelectorAll("main .lead, main .todo li")].map((one) => one.textContent);
      say(page.querySelector("main h1")?.textContent || "This did not work", words.join(" "));
      return;
    }
    document.title = page.title;
    document.body.className = page.body.className;
    document.querySelector(".spread").replaceWith(document.importNode(page.querySelector(".spread"), true));
    document.querySelector(".colophon")?.remove();
    const colophon = page.querySelector(".colophon");
    if (colophon) document.querySelector(".sheet").append(document.importNode(colophon, true));
    history.pushState(null, "", request.responseURL);
    const main = document.getElementById("main");
    window.scrollTo(0, 0);
    main.focus();
    return;
  }
  for (const id of ["again", "outcome"]) {
    document.getElementById(id).replaceChildren(...document.importNode(page.getElementById(id), true).childNodes);
  }
  form.elements.csrf_token.value = same.elements.csrf_token.value;
  (document.querySelector("#again [autofocus]") || document.querySelector("#again input") || outcome).focus();
}

function send(body) {
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.upload.addEventListener("progress", (event) => {
    show(`Sending: ${size(event.loaded)} of ${size(event.total)}`, event.loaded / event.total);
  });
  request.upload.addEventListener("load", () => show("All is sent. Looking at what is in it…", null));
  request.addEventListener("loadend", () => {
    sending = null;
    busy(false);
  });
  request.addEventListener("load", () => take(request));
  request.addEventListener("error", () => say("The connection broke", "Nothing came back. See that you are online, then try again."));
  request.addEventListener("abort", () => say("Stopped", "Nothing was kept."));
  sending = request;
  request.send(body);
}

form.addEventListener("submit", (event) => {
  // A link is looked at by the server; the browser waits for that by itself.
  if (!input.files[0]) return;
  event.preventDefault();
  outcome.replaceChildren();
  for (const field of form.querySelectorAll(".wrong")) {
    field.classList.remove("wrong");
    for (const error of field.querySelectorAll(".error")) error.remove();
  }
  show("Sending", 0);
  busy(true);
  send(new FormData(form));
});

document.getElementById("stop").addEventListener("click", () => sending?.abort());
// Back from the next step, which has no page of its own.
window.addEventListener("popstate", () => location.reload());

tell();
