/** `npm run …` starts here: set-up, then the command line, bundled like the app. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { explained } from "./start/disk.mjs";
import { python, setUp } from "./start/set-up.mjs";

/** They run with credentials, only talk to GitHub, or only write files: what they do not need is not installed beside them. */
const WITHOUT_EMULATOR = [
  "alert",
  "cost",
  "deploy",
  "deploy:frontend",
  "destroy",
  "diff",
  "docs",
  "drift",
  "environment",
  "github",
  "manifests",
  "outputs",
  "preflight",
  "stop",
  "synth",
  "unlock",
];
const WITHOUT_TERRAFORM = ["alert", "cost", "environment", "github", "preflight"];

// A terminal that is closed sends SIGHUP, which commands answer as they do Ctrl-C. That nobody reads any more what they say must not end them
// before they are done with that: a Terraform whose output breaks off dies, and does not write its state.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error) => {
    if (!["EIO", "EPIPE"].includes(error.code)) throw error;
  });

let file;
try {
  await setUp({ emulator: !WITHOUT_EMULATOR.includes(process.argv[2]), terraform: !WITHOUT_TERRAFORM.includes(process.argv[2]) });
  const { bundle, root } = await import("./start/bundle.mjs");
  const { describeError } = await import("./start/places.mjs");
  file = await bundle(join(root, "commands", "cli.ts"));
  const { main } = await import(pathToFileURL(file).href).catch((error) => {
    const line = describeError(error, { root, file, code: readFileSync(file, "utf8") });
    if (!line) throw error;
    console.error(line);
    return { main: () => 1 };
  });
  rmSync(file);
  process.exitCode = await main(process.argv.slice(2), { root, python });
} catch (error) {
  console.error(`\n${explained(error)}`);
  process.exitCode = 1;
} finally {
  if (file) rmSync(file, { force: true });
}
