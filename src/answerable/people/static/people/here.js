// Fills [data-guess="time-zone"] and [data-guess="country"] with what the browser knows, while nobody has chosen.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
// Where a browser's language names no country, the zone of the countries we know best does.
const HOMES = { "Europe/Riga": "LV", "Asia/Tbilisi": "GE", "Asia/Almaty": "KZ", "Asia/Qyzylorda": "KZ", "Europe/Vilnius": "LT", "Europe/Tallinn": "EE", "Europe/London": "GB", "Europe/Berlin": "DE" };
const region = navigator.languages.map((language) => new Intl.Locale(language).region).find(Boolean);
const guesses = { "time-zone": zone, country: HOMES[zone] ?? region };

for (const select of document.querySelectorAll("select[data-guess]")) {
  const guess = guesses[select.dataset.guess];
  const untouched = ["", "UTC"].includes(select.value);
  if (guess && untouched && [...select.options].some((option) => option.value === guess)) select.value = guess;
}
