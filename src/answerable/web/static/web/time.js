// Keeps <time data-ago> and .clock[data-due] true while the page stays open. The server wrote the first words.
import { language, t } from "./words.js";

const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
const DATE_AFTER_SECONDS = 7 * 86400;
const relative = Object.fromEntries(["long", "short"].map((style) => [
  style, new Intl.RelativeTimeFormat(language, { numeric: "always", style }),
]));
const units = Object.fromEntries(UNITS.map(([unit]) => [
  unit, new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }),
]));

export function ago(seconds, style = "long") {
  if (Math.abs(seconds) < 60) return t("just_now");
  const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size);
  return relative[style].format(Math.trunc(seconds / size), unit);
}

export function duration(seconds) {
  const whole = Math.abs(Math.round(seconds));
  const place = UNITS.findIndex(([, size]) => whole >= size);
  if (place < 0) return units.minute.format(0);
  const [unit, size] = UNITS[place];
  const parts = [units[unit].format(Math.floor(whole / size))];
  if (unit === "day" || unit === "hour") {
    const [smaller, smallerSize] = UNITS[place + 1];
    const second = Math.floor((whole % size) / smallerSize);
    if (second) parts.push(units[smaller].format(second));
  }
  return parts.map((part) => part.replaceAll(" ", "\u00a0")).join(" ");
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function refresh(now = Date.now()) {
  for (const element of document.querySelectorAll("time[data-ago]")) {
    const seconds = (Date.parse(element.dateTime) - now) / 1000;
    if (Math.abs(seconds) < DATE_AFTER_SECONDS) write(element, ago(seconds, element.dataset.ago || "long"));
  }
  for (const clock of document.querySelectorAll(".clock[data-due]")) {
    const left = (Date.parse(clock.dataset.due) - now) / 1000;
    const state = left < 0 ? "late" : left <= Number(clock.dataset.soon) ? "soon" : "calm";
    if (clock.dataset.state !== state) clock.dataset.state = state;
    const pattern = left < 0 ? clock.dataset.late : clock.dataset.within;
    write(clock.querySelector("time"), pattern.replace("%s", () => duration(left)));
  }
}

setInterval(refresh, 15000);
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
