// An article being written: who leaves the page before what they typed is kept is asked whether they mean it.
const form = document.querySelector(".article-form");
let isLost = form.hasAttribute("data-unsaved"); // what was refused and could not be kept

form.addEventListener("input", () => { isLost = true; });
form.addEventListener("submit", () => { isLost = false; });
form.closest("answer-draft").addEventListener("answer:draft-saved", () => {
  isLost = false;
  form.querySelector("[data-discard]").hidden = false;
});
addEventListener("beforeunload", (event) => { if (isLost) event.preventDefault(); });
