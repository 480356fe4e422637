// Where the places of a page stand in one line that scrolls, as on a telephone, the current one is in sight.
for (const place of document.querySelectorAll(".sidelist [aria-current]")) {
  const list = place.closest(".sidelist");
  const end = place.offsetLeft + place.offsetWidth - list.offsetLeft;
  if (end > list.clientWidth) list.scrollLeft = end - (list.clientWidth + place.offsetWidth) / 2;
}
