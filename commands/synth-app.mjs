/** What cdktf.json calls (design 3). */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { runApp } from "./start/app.mjs";
import { explained } from "./start/disk.mjs";

try {
  await runApp(dirname(dirname(fileURLToPath(import.meta.url))));
} catch (error) {
  if (!(error instanceof Error && "code" in error)) throw error;
  console.error(explained(error));
  process.exitCode = 1;
}
