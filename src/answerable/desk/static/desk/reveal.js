// What must be done first is shown: a server's HX-Trigger {"reveal": {"id": "tasks"}}, or a link with data-reveal.
function reveal(id) {
  const place = document.getElementById(id);
  if (!place) return;
  place.scrollIntoView({ block: "center" });
  place.focus({ preventScroll: true });
  place.classList.remove("revealed");
  requestAnimationFrame(() => place.classList.add("revealed"));
}
document.addEventListener("reveal", ({ detail }) => reveal(detail.id));
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-reveal]");
  if (!link) return;
  event.preventDefault();
  reveal(link.hash.slice(1));
});
