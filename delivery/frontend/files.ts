/** A built frontend on this machine: which files it has, what each is for a browser, and how long one may be kept. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";

/** How long browsers and CloudFront keep a file. */
export type Keeping = "forever" | "until-invalidated" | "never";

export interface FrontendFile {
  /** Where it stands in the bucket, such as `assets/index-3f9a8b1c.js`. */
  readonly key: string;
  readonly path: string;
  /** As S3 gives the ETag of what it encrypts by itself. https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html */
  readonly md5: string;
  readonly contentType: string;
  readonly keeping: Keeping;
}

/**
 * CloudFront obeys them within the limits of CachingOptimized: one second to a year (constructs/web/distribution.ts). Browsers ask again for
 * whatever has the same name in the next build.
 */
export const CACHE_CONTROL: Readonly<Record<Keeping, string>> = {
  forever: "public, max-age=31536000, immutable",
  "until-invalidated": "public, max-age=0, s-maxage=86400, must-revalidate",
  never: "no-cache",
};

/** Browsers are told not to guess (`nosniff`), so a type that is wrong breaks a page. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".avif": "image/avif",
  ".css": "text/css; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".gif": "image/gif",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".mp4": "video/mp4",
  ".otf": "font/otf",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webm": "video/webm",
  ".webmanifest": "application/manifest+json",
  ".webp": "image/webp",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
  ".xml": "application/xml",
};

/**
 * The files of a folder, in the order of their names.
 * @throws Error for a folder that is no built frontend, and for files that nobody may see or a browser would not understand
 */
export function frontendFiles(folder: string): FrontendFile[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new Error(`${folder} is no folder.`);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => ({ path, key: relative(folder, path).split(sep).join("/") }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  if (!files.some(({ key }) => key === "index.html"))
    throw new Error(`${folder} has no index.html: it is not the folder that a build of the frontend has written.`);
  const hidden = files.filter(({ key }) => key.split("/").some((part) => part.startsWith(".") && part !== ".well-known"));
  if (hidden.length > 0) throw new Error(`Not for everybody to see, but below ${folder}: ${listed(hidden)}`);
  const unknown = files.filter(({ key }) => contentTypeOf(key) === undefined);
  if (unknown.length > 0)
    throw new Error(`Of an ending that no content type is known for (delivery/frontend/files.ts has the list): ${listed(unknown)}`);
  return files.map(({ key, path }) => ({
    key,
    path,
    md5: createHash("md5").update(readFileSync(path)).digest("hex"),
    contentType: contentTypeOf(key)!,
    keeping: keepingOf(key),
  }));
}

/** Files without an ending are those that a standard asks for, below `.well-known/`. */
const contentTypeOf = (key: string): string | undefined =>
  CONTENT_TYPES[extname(key).toLowerCase()] ?? (/^\.well-known\/[^.]+$/.test(key) ? "application/json" : undefined);

export function keepingOf(key: string): Keeping {
  if (extname(key).toLowerCase() === ".html") return "never";
  return namesItsContent(key) ? "forever" : "until-invalidated";
}

/**
 * Whether a name has a hash of the content in it, as bundlers write it: `index-3f9a8b1c.js`, `index-BxK3a9Zq.css`, `main.8f3a1b2c.chunk.js`. A word that
 * only looks like one must not pass, because browsers would keep the file for a year: letters and digits, either hexadecimal or with a capital
 * after the first letter. A hash that happens to have no digit is taken for a word, which only costs a question.
 */
export const namesItsContent = (key: string): boolean =>
  (key.split("/").at(-1) ?? "")
    .split(/[.-]/)
    .slice(1)
    .some((part) => part.length >= 8 && /\d/.test(part) && (/^(?=.*[a-f])[0-9a-f]+$/.test(part) || /^\w.*[A-Z]/.test(part)));

const listed = (files: readonly { readonly key: string }[]): string => files.map(({ key }) => key).join(", ");
