// An article being written: who leaves the page before it is saved is asked whether they mean it.
const form = document.querySelector(".article-form");
let isChanged = form.hasAttribute("data-unsaved"); // what was refused is not saved yet

form.addEventListener("input", () => { isChanged = true; });
form.addEventListener("submit", () => { isChanged = false; });
addEventListener("beforeunload", (event) => { if (isChanged) event.preventDefault(); });
