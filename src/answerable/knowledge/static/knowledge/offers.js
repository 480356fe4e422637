// <div data-offers="/help/offers/" data-language="en" aria-live="polite">: articles that may already answer what
// somebody types in the fields `subject` and `text` of its form; looked for when they pause. Without scripts: nothing.
const PAUSE_MS = 600;
const SHORTEST = 3;
const LONGEST = 400;

for (const place of document.querySelectorAll("[data-offers]")) {
  const form = place.closest("form");
  let pause = 0;
  let asked = "";

  const ask = async () => {
    const text = ["subject", "text"].map((name) => form.elements[name]?.value ?? "").join("\n").trim().slice(-LONGEST);
    if (text === asked) return;
    asked = text;
    let html = "";
    if (text.length >= SHORTEST) {
      const body = new URLSearchParams({ text, language: place.dataset.language, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
      try {
        const response = await fetch(place.dataset.offers, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
        if (!response.ok) return;
        html = (await response.text()).trim();
      } catch (error) {
        console.debug("No articles could be looked for:", error);
        return;
      }
    }
    // What is the same stays as it is: a screen reader says it once.
    if (text !== asked || html === place.dataset.shown) return;
    place.dataset.shown = html;
    place.replaceChildren(document.createRange().createContextualFragment(html));
  };

  form.addEventListener("input", ({ target }) => {
    if (target.name !== "subject" && target.name !== "text") return;
    clearTimeout(pause);
    pause = setTimeout(ask, PAUSE_MS);
  });
}
