// The page of a training works without this file, and then loads itself anew. With it, the part that
// changes is fetched, and the whole page only when the training has ended.
"use strict";

const live = document.getElementById("live");
const told = document.getElementById("told");
const lost = document.getElementById("lost");
const EVERY = 1000;
const AT_MOST = 15000;
let wait = EVERY;

function step(part) {
  return part.querySelector("[aria-current=step]")?.firstChild.textContent.trim() ?? "";
}

function put(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = page.querySelector(".how-far");
  if (!fresh) return false;
  const now = step(fresh);
  if (now && now !== step(live)) told.textContent = now;
  live.replaceChildren(document.importNode(fresh, true));
  const badge = document.querySelector(".about-it .badge");
  badge.textContent = fresh.dataset.word;
  badge.className = `badge is-${fresh.dataset.status}`;
  const share = live.querySelector("progress").value;
  document.title = document.title.replace(/^(\d+ % )?/, share ? `${share} % ` : "");
  return true;
}

async function look() {
  try {
    const answer = await fetch(live.dataset.address, { cache: "no-store" });
    // Somebody is asked to sign in, or it has ended: both are the whole page's matter.
    if (answer.redirected || answer.headers.get("Bouquet-Ended") === "1") {
      location.reload();
      return;
    }
    lost.hidden = answer.ok && put(await answer.text());
  } catch {
    lost.hidden = false;
  }
  wait = lost.hidden ? EVERY : Math.min(wait * 2, AT_MOST);
  setTimeout(next, wait);
}

function next() {
  if (!document.hidden) look();
  else document.addEventListener("visibilitychange", look, { once: true });
}

if (live) setTimeout(next, EVERY);

// The list of trainings: as long as one of them runs, it is fetched anew from time to time.

async function lookAtList() {
  const list = document.getElementById("list");
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("list");
    // Whoever is on a link in it would lose their place.
    if (fresh && !list.contains(document.activeElement)) list.replaceWith(document.importNode(fresh, true));
  } catch {
    // The next time, then.
  }
  setTimeout(nextOfList, 5 * EVERY);
}

function nextOfList() {
  const list = document.getElementById("list");
  if (!("running" in list.dataset)) return;
  if (!document.hidden) lookAtList();
  else document.addEventListener("visibilitychange", lookAtList, { once: true });
}

if (document.getElementById("list")) setTimeout(nextOfList, 5 * EVERY);
