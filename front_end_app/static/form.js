// The form works without this file. With it, the arrow keys step a number up and down, and typing a
// value that is not listed lets go of the one that was chosen.
"use strict";

function readNumber(text) {
  const trimmed = text.trim().replace(",", ".");
  return trimmed === "" ? NaN : Number(trimmed);
}

function decimals(step) {
  return (step.split(".")[1] || "").length;
}

function stepBy(input, direction) {
  const current = readNumber(input.value);
  const start = readNumber(input.dataset.example || "0");
  if (input.value.trim() !== "" && Number.isNaN(current)) return;
  const next = Number.isNaN(current) ? start : current + direction * Number(input.dataset.step);
  const typed = (input.value.trim().split(/[.,]/)[1] || "").length;
  input.value = String(Number(next.toFixed(Math.max(typed, decimals(input.dataset.step)))));
}

document.addEventListener("keydown", (event) => {
  const input = event.target;
  const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
  if (!direction || !(input instanceof HTMLInputElement) || !input.dataset.step) return;
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  stepBy(input, direction);
});

document.addEventListener("input", (event) => {
  const input = event.target;
  if (!("other" in input.dataset) || input.value === "") return;
  const field = input.closest(".field");
  const list = field.querySelector("select");
  const another = input.closest(".choice")?.querySelector("input[type=radio]");
  if (list) list.value = "";
  if (another) another.checked = true;
});

document.addEventListener("change", (event) => {
  const chosen = event.target;
  const other = chosen.closest(".field")?.querySelector("[data-other]");
  if (!other || chosen === other || chosen.value === "") return;
  other.value = "";
});

document.getElementById("summary")?.focus();
