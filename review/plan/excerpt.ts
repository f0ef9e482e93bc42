/** Long values, cut to what a reviewer can look at. */
import { isBase64 } from "../json-values";

/** Characters of a text that are shown. */
const SHOWN = 2000;
/** Before the first difference, so that it is seen where it stands. */
const LEAD = 200;
/** What one JSON value may take on the page. */
const LONGEST_VALUE = 8000;

/** Both sides of a change, cut around their first difference. */
export function excerpts(before: unknown, after: unknown): { readonly before: unknown; readonly after: unknown } {
  const from =
    typeof before === "string" && typeof after === "string" && Math.max(before.length, after.length) > SHOWN
      ? Math.max(0, firstDifference(before, after) - LEAD)
      : 0;
  return { before: excerpt(before, from), after: excerpt(after, from) };
}

function excerpt(value: unknown, from: number): unknown {
  if (typeof value === "string") return excerptOfText(value, from);
  if (typeof value !== "object" || value === null) return value;
  const text = JSON.stringify(value);
  if (text.length <= LONGEST_VALUE) return value;
  return excerptOfText(text, 0);
}

function excerptOfText(text: string, from: number): string {
  if (/[\u0000-\u0008\u000E-\u001F\uFFFD]/.test(text)) return `(binary, ${text.length} characters)`;
  if (text.length <= SHOWN) return text;
  if (isBase64(text, SHOWN)) return `(base64, ${text.length} characters)`;
  const start = from === 0 ? 0 : edge(text, from);
  const end = edge(text, Math.min(text.length, start + SHOWN));
  return `${start > 0 ? "… " : ""}${text.slice(start, end)}${end < text.length ? " …" : ""} (${text.length} characters in all)`;
}

/** Never in the middle of a character of two units. */
function edge(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff ? index - 1 : index;
}

function firstDifference(one: string, other: string): number {
  let index = 0;
  while (index < one.length && one[index] === other[index]) index += 1;
  return index;
}
