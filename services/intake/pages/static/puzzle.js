// Solves an ALTCHA puzzle (https://altcha.org, version 1): finds the number whose hash with the salt is the one given; then sends.
"use strict";
const place = document.getElementById("puzzle");
const form = document.getElementById("waiting");
const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
const solve = async ({ algorithm, challenge, salt, signature, maxNumber }) => {
  const text = new TextEncoder();
  for (let number = 0; number <= maxNumber; number += 1) {
    if (hex(await crypto.subtle.digest(algorithm, text.encode(salt + number))) === challenge) {
      return btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
    }
  }
  return "";
};
// Without a secure connection browsers have no hashes: one waits and presses the button.
if (place && form && window.crypto && crypto.subtle) {
  solve(JSON.parse(place.dataset.puzzle)).then((solution) => {
    place.textContent = place.dataset.words;
    form.elements.solution.value = solution;
    form.submit();
  });
}
