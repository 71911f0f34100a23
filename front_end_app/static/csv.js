// The page works without this file. With it: a file can be dropped, its header is looked at before
// it is sent, and sending shows how far it is.
"use strict";

const form = document.getElementById("csv");
const input = document.getElementById("file");
const drop = document.querySelector(".drop");
const told = document.getElementById("header");
const outcome = document.getElementById("outcome");
const progress = document.getElementById("progress");
const progressText = document.getElementById("progress-text");
const bar = document.getElementById("sent");
let sending = null;
let offered = "";

// The header, before anything is sent

function cells(line, separator) {
  const quoted = new RegExp(`("(?:[^"]|"")*"|[^${separator}]*)(?:${separator}|$)`, "g");
  return [...line.matchAll(quoted)].map((match) => match[1].replace(/^"|"$/g, "").replaceAll('""', '"').trim());
}

function headerCells(line, names) {
  const ways = [",", ";", "\t"].map((separator) => cells(line, separator));
  const found = (way) => way.filter((cell) => names.has(cell)).length;
  return ways.reduce((best, way) => (found(way) > found(best) ? way : best));
}

async function lookAtHeader() {
  told.textContent = "";
  told.classList.remove("wrong");
  const file = input.files[0];
  if (!file) return;
  const columns = JSON.parse(form.dataset.columns);
  const text = await file.slice(0, 65536).text();
  const present = new Set(headerCells(text.replace(/^\uFEFF/, "").split(/\r?\n/)[0], new Set(columns.map((c) => c.name))));
  const missing = columns.filter((column) => !column.optional && !present.has(column.name));
  told.classList.toggle("wrong", missing.length > 0);
  told.textContent = `${file.name}, ${size(file.size)}. ` + (missing.length
    ? `${missing.length === 1 ? "A column is" : `${missing.length} columns are`} missing: ${missing.map((c) => c.name).join(", ")}.`
    : "All the columns it needs are there.");
}

input.addEventListener("change", lookAtHeader);

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
  lookAtHeader();
});
// A file that misses the place would replace the page.
for (const type of ["dragover", "drop"]) {
  window.addEventListener(type, (event) => event.preventDefault());
}

// Sending, and what comes back

function size(bytes) {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
  return `${(bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)} MB`;
}

function show(text, part) {
  if (progressText.textContent !== text) progressText.textContent = text;
  if (part === null) bar.removeAttribute("value");
  else bar.value = part * 100;
}

function busy(is) {
  progress.hidden = !is;
  for (const button of document.querySelectorAll("button[type=submit]")) button.disabled = is;
  input.disabled = is;
}

function section(kind, title, text) {
  const box = document.createElement("section");
  const heading = document.createElement("h2");
  const words = document.createElement("p");
  box.className = kind;
  heading.textContent = title;
  words.textContent = text;
  box.append(heading, words);
  outcome.replaceChildren(box);
  outcome.focus();
  return box;
}

function offer(answer) {
  URL.revokeObjectURL(offered);
  offered = URL.createObjectURL(answer);
  const box = section("done", "Your file is ready", "It has the answers beside its rows.");
  const link = document.createElement("a");
  link.className = "button";
  link.href = offered;
  link.download = form.dataset.name;
  link.textContent = `Download ${form.dataset.name} (${size(answer.size)})`;
  const line = document.createElement("div");
  line.append(link);
  box.append(line);
}

async function explain(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const theirs = page.querySelector("#outcome > *");
  if (theirs) {
    for (const hint of theirs.querySelectorAll(".without-script")) hint.remove();
    outcome.replaceChildren(document.importNode(theirs, true));
    outcome.focus();
    return;
  }
  const words = [...page.querySelectorAll("main .lead, main .todo li")].map((one) => one.textContent);
  section("summary", page.querySelector("main h1")?.textContent || "This did not work", words.join(" "));
}

function send(address, file) {
  const request = new XMLHttpRequest();
  request.open("POST", address);
  request.responseType = "blob";
  request.setRequestHeader("Content-Type", "text/csv");
  request.setRequestHeader("X-CSRF-Token", form.elements.csrf_token.value);
  request.upload.addEventListener("progress", (event) => {
    show(`Sending: ${size(event.loaded)} of ${size(event.total)}`, event.loaded / event.total);
  });
  request.upload.addEventListener("load", () => show("All is sent. Waiting for the answers…", null));
  request.addEventListener("progress", (event) => {
    if (request.status !== 200) return;
    show(`Receiving: ${size(event.loaded)}`, event.lengthComputable ? event.loaded / event.total : null);
  });
  request.addEventListener("loadend", () => {
    sending = null;
    busy(false);
  });
  request.addEventListener("load", () => (request.status === 200 ? offer(request.response) : explain(request.response)));
  request.addEventListener("error", () => section("summary", "The connection broke", "Nothing came back. See that you are online, then try again."));
  request.addEventListener("abort", () => section("done", "Stopped", "Nothing was kept."));
  sending = request;
  request.send(file);
}

form.addEventListener("submit", (event) => {
  const file = input.files[0];
  if (!file) return;
  event.preventDefault();
  outcome.replaceChildren();
  show("Sending", 0);
  busy(true);
  send(event.submitter?.getAttribute("formaction") || form.action, file);
});

document.getElementById("stop").addEventListener("click", () => sending?.abort());

// The browser may have kept the choice when somebody came back.
lookAtHeader();
