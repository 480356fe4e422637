// What scripts say, translated by the server (web/words.py): t("saved", "12:04").
const element = document.getElementById("words");
export const words = element ? JSON.parse(element.textContent) : {};

export const language = document.documentElement.lang || "en";

export function t(name, value) {
  const text = words[name] ?? name;
  return value === undefined ? text : text.replace("%s", () => value);
}
