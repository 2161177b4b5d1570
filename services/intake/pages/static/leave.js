// Three presses of Shift within two seconds leave the page, without an entry in the browser's list for the page left.
"use strict";
const presses = [];
const leave = () => {
  document.documentElement.textContent = "";
  window.location.replace("/leave");
};
document.addEventListener("keydown", (event) => {
  if (event.key !== "Shift" || event.repeat) { if (event.key !== "Shift") presses.length = 0; return; }
  presses.push(event.timeStamp);
  if (presses.length > 3) presses.shift();
  if (presses.length === 3 && presses[2] - presses[0] < 2000) leave();
});
document.addEventListener("click", (event) => {
  if (event.target.closest && event.target.closest("#leave")) { event.preventDefault(); leave(); }
});
// A page that the browser kept in memory and shows again would show what was typed.
window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
