// The form works without this file: then its buttons send it, and it comes back with a block more or less.
"use strict";

const blocks = document.getElementById("blocks");
const template = document.getElementById("experience-template");
const MOST = 50;

function number(block, place) {
  const old = `experience-${block.dataset.number}-`;
  const own = `experience-${place}-`;
  for (const name of ["id", "for", "aria-describedby"]) {
    for (const element of block.querySelectorAll(`[${name}]`)) {
      element.setAttribute(name, element.getAttribute(name).replaceAll(old, own));
    }
  }
  for (const shown of block.querySelectorAll("[data-place]")) shown.textContent = String(place);
  block.querySelector(".remove").value = `remove-${place}`;
  block.dataset.number = String(place);
}

function arrange() {
  const all = [...blocks.children];
  const several = all.length > 1;
  all.forEach((block, at) => {
    number(block, at + 1);
    block.classList.toggle("several", several);
    block.querySelector("legend").classList.toggle("visually-hidden", !several);
    block.querySelector(".remove").hidden = !several;
  });
  document.querySelector(".add").disabled = all.length >= MOST;
}

document.getElementById("experiences").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.classList.contains("add")) {
    event.preventDefault();
    blocks.append(template.content.cloneNode(true));
    arrange();
    blocks.lastElementChild.querySelector("textarea").focus();
    blocks.lastElementChild.scrollIntoView({ block: "nearest" });
  } else if (button?.classList.contains("remove")) {
    event.preventDefault();
    const block = button.closest(".experience");
    const next = block.nextElementSibling || block.previousElementSibling;
    block.remove();
    arrange();
    next.querySelector("textarea").focus();
  }
});
