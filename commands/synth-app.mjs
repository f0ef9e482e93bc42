/** What cdktf.json calls (design 5.3). */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { runApp } from "./app.mjs";

await runApp(dirname(dirname(fileURLToPath(import.meta.url))));
