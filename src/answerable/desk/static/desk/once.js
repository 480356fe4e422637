// <button data-once>: it says the opposite once it is pressed (Solve, Reopen), so the second click of a double click is none.
document.addEventListener("click", (event) => {
  if (event.detail > 1 && event.target.closest?.("[data-once]")) event.stopImmediatePropagation();
}, { capture: true });
