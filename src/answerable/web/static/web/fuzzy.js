// How well words fit what was typed, in any script: 0 not at all, more is better. Each part that was typed has to fit: as
// the beginning of a word, within one, as letters in their order, or with one letter wrong, missing or too many.
export const fold = (text) => text.toLocaleLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

function isNear(part, word) {
  if (part.length < 4 || word.length < part.length - 1) return false;
  const start = [...word].slice(0, part.length + 1);
  const letters = [...part];
  let i = 0;
  while (i < letters.length && letters[i] === start[i]) i += 1;
  const rest = letters.slice(i).join("");
  const after = (skip) => start.slice(i + skip).join("");
  const less = letters.slice(i + 1).join("");
  const isSwapped = letters[i] === start[i + 1] && letters[i + 1] === start[i];
  return after(1).startsWith(less) || after(0).startsWith(less) || after(1).startsWith(rest)
    || (isSwapped && after(2).startsWith(letters.slice(i + 2).join("")));
}

function inOrder(part, text) {
  let at = -1;
  for (const letter of part) {
    at = text.indexOf(letter, at + 1);
    if (at < 0) return false;
  }
  return true;
}

function scorePart(part, text, words) {
  if (words.some((word) => word === part)) return 10;
  if (words.some((word) => word.startsWith(part))) return 8;
  if (text.includes(part)) return 5;
  if (words.some((word) => isNear(part, word))) return 3;
  return part.length > 1 && inOrder(part, text) ? 1 : 0;
}

export function score(typed, offered) {
  const parts = fold(typed).split(/\s+/).filter(Boolean);
  const text = fold(offered);
  const words = text.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  let sum = 0;
  for (const part of parts) {
    const one = scorePart(part, text, words);
    if (!one) return 0;
    sum += one;
  }
  return parts.length ? sum / parts.length - Math.min(text.length, 60) / 1000 : 1;
}
