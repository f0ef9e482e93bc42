/** Patterns of IAM: `*` is any text, `?` any one character. A reference such as `${aws_kms_key.key.arn}` stands for itself. */

type Token = { readonly kind: "any" | "one" } | { readonly kind: "text"; readonly text: string };

function tokens(pattern: string): Token[] {
  return [...pattern.matchAll(/\$\{[^}]*\}|\*+|[^]/gu)].map(([text]): Token =>
    text.startsWith("*") ? { kind: "any" } : text === "?" ? { kind: "one" } : { kind: "text", text },
  );
}

/** Compares two patterns token by token; `free` says what an `any` of each side may take in. */
function walk(a: readonly Token[], b: readonly Token[], bIsFree: boolean): boolean {
  const known = new Map<number, boolean>();
  const from = (i: number, j: number): boolean => {
    const key = i * (b.length + 1) + j;
    const before = known.get(key);
    if (before !== undefined) return before;
    known.set(key, false);
    const [left, right] = [a[i], b[j]];
    let result: boolean;
    if (left?.kind === "any") result = from(i + 1, j) || (right !== undefined && from(i, j + 1));
    else if (bIsFree && right?.kind === "any") result = from(i, j + 1) || (left !== undefined && from(i + 1, j));
    else if (!left || !right) result = !left && !right;
    else if (left.kind === "one") result = (right.kind === "one" || right.kind === "text") && from(i + 1, j + 1);
    else if (right.kind === "one") result = bIsFree && from(i + 1, j + 1);
    else result = left.kind === "text" && right.kind === "text" && left.text === right.text && from(i + 1, j + 1);
    known.set(key, result);
    return result;
  };
  return from(0, 0);
}

/** Whether every text of `inner` is one of `outer`. May say no where it is so in a roundabout way, never yes where it is not. */
export function covers(outer: string, inner: string): boolean {
  if (outer === "*" || outer === inner) return true;
  // Most patterns are plain names.
  return /[*?]/.test(outer) && walk(tokens(outer), tokens(inner), false);
}

/** Whether some text is one of both. */
export const meet = (a: string, b: string): boolean => a === b || (/[*?]/.test(a + b) && walk(tokens(a), tokens(b), true));
