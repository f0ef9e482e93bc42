/** What cdktf.json calls: bundles our own sources and runs them in this process (design 5.3). */
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { bundle, root } from "./bundle.mjs";

const file = await bundle(join(root, "main.ts"), "cjs");
try {
  createRequire(import.meta.url)(file);
} finally {
  rmSync(file);
}
