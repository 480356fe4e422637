// <button commandfor="id" command="show-modal | close"> where the browser doesn't know it yet. Clicking a dialog's
// backdrop closes it when it has data-light.
if (!("commandForElement" in HTMLButtonElement.prototype)) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[commandfor]");
    const target = button && document.getElementById(button.getAttribute("commandfor"));
    if (!target) return;
    if (button.getAttribute("command") === "show-modal" && !target.open) target.showModal();
    if (button.getAttribute("command") === "close") target.close();
  });
}
document.addEventListener("click", (event) => {
  if (event.target.matches?.("dialog[data-light]")) event.target.close();
});
