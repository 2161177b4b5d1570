// Fetches the next page in place of the browser, so that its Back button works although no page is kept by the browser.
// The pages one comes from stay in this window's memory alone, and are gone when it is closed or left.
"use strict";
const kept = new Map();
let here = 0;
let latest = 0;
const shown = (page) => {
  document.documentElement.lang = page.lang;
  document.documentElement.dir = page.dir;
  document.title = page.title;
  document.documentElement.replaceChild(page.body, document.body);
};
const keep = () => kept.set(here, {
  body: document.body, title: document.title, lang: document.documentElement.lang, dir: document.documentElement.dir,
});
const focus = () => {
  window.scrollTo(0, 0);
  const first = document.querySelector("[role=alert]") || document.querySelector("main");
  first.tabIndex = -1;
  first.focus();
};
history.replaceState({ step: 0 }, "");
document.addEventListener("submit", async (event) => {
  const form = event.target;
  const button = event.submitter;
  if (!form.matches("[data-step]") || event.defaultPrevented) return;
  const address = button && button.hasAttribute("formaction") ? button.formAction : form.action;
  // Sending is left to the browser: a reload then shows the receipt again, and Back an empty form.
  if (address.endsWith("/send")) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  const body = new URLSearchParams(new FormData(form, button));
  let answer;
  try {
    answer = await fetch(address, { method: "POST", body });
    if (answer.redirected) { window.location.href = answer.url; return; }
  } catch (error) {
    // No network: the browser says so itself, and what was typed stays.
    delete form.dataset.busy;
    form.removeAttribute("data-step");
    form.requestSubmit(button);
    return;
  }
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  delete form.dataset.busy;
  keep();
  here = ++latest;
  history.pushState({ step: here }, "");
  shown({ body: document.adoptNode(next.body), title: next.title, lang: next.documentElement.lang, dir: next.documentElement.dir });
  focus();
});
window.addEventListener("popstate", (event) => {
  // Going to a place within the page makes an entry without a state: it is the same page.
  if (!event.state) { history.replaceState({ step: here }, ""); return; }
  const wanted = event.state.step;
  if (wanted === here) return;
  if (!kept.has(wanted)) { window.location.reload(); return; }
  keep();
  here = wanted;
  shown(kept.get(wanted));
  focus();
});
