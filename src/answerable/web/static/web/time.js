// Keeps <time data-ago>, <time data-lasting> and .clock[data-due] true while a page stays open; the server wrote the first words.
import { t, words } from "./words.js";

const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
const DATE_AFTER_SECONDS = 7 * 86400;

// The patterns come from the server (web/words.py), as browsers know Georgian and Kazakh only sometimes.
function say(patterns, number) {
  const place = words.time.plurals[number < 200 ? number : 100 + (number % 100)];
  return patterns[place].replace("%s", String(number));
}

export function ago(seconds, style = "long") {
  if (seconds < 60) return t("just_now");
  const [unit, size] = UNITS.find(([, size]) => seconds >= size);
  return say(words.time.ago[style][unit], Math.floor(seconds / size));
}

export function duration(seconds) {
  const whole = Math.abs(Math.round(seconds));
  const place = UNITS.findIndex(([, size]) => whole >= size);
  if (place < 0) return say(words.time.units.minute, 0);
  const [unit, size] = UNITS[place];
  const parts = [say(words.time.units[unit], Math.floor(whole / size))];
  if (unit === "day" || unit === "hour") {
    const [smaller, smallerSize] = UNITS[place + 1];
    const second = Math.floor((whole % size) / smallerSize);
    if (second) parts.push(say(words.time.units[smaller], second));
  }
  return parts.join(" ");
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function refresh(now = Date.now()) {
  for (const element of document.querySelectorAll("time[data-ago]")) {
    const seconds = (now - Date.parse(element.dateTime)) / 1000; // what lies ahead keeps the server's words
    if (seconds > -60 && seconds < DATE_AFTER_SECONDS) write(element, ago(seconds, element.dataset.ago || "long"));
  }
  for (const element of document.querySelectorAll("time[data-lasting]")) {
    write(element, duration((now - Date.parse(element.dateTime)) / 1000));
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
