// A form that comes back with mistakes is gone on with at the first of them, wherever on the page it stands.
const MISTAKEN = 422;

function show(within) {
  const field = within.querySelector('form[method="post" i] [aria-invalid="true"]:not([type="hidden"])');
  const folded = field?.closest("details:not([open])");
  if (folded) folded.open = true;
  field?.focus();
}

const main = document.querySelector("main");
if (main) show(main);
document.addEventListener("htmx:afterSettle", ({ target, detail }) => {
  if (detail.xhr?.status === MISTAKEN) show(target);
});
