/** `npm run …` starts here: set-up, then the command line, bundled like the app. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { python, setUp } from "./set-up.mjs";

/** They run with credentials, or only talk to GitHub: what they do not need is not installed beside them. */
const WITHOUT_EMULATOR = ["deploy", "destroy", "drift", "environment", "github", "unlock"];
const WITHOUT_TERRAFORM = ["environment", "github"];

await setUp({ emulator: !WITHOUT_EMULATOR.includes(process.argv[2]), terraform: !WITHOUT_TERRAFORM.includes(process.argv[2]) });
const { bundle, root } = await import("./bundle.mjs");
const file = await bundle(join(root, "commands", "cli.ts"));
try {
  const { main } = await import(pathToFileURL(file).href);
  rmSync(file);
  process.exitCode = await main(process.argv.slice(2), { root, python });
} finally {
  rmSync(file, { force: true });
}
