/** Pages that are generated from the literals say what they say now; after an edit of a literal this is the only test that fails. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { AZURE_PICTURED, generatedPages, leftPages } from "../../commands/docs";
import { loadAzure } from "../../environments/azure";
import { loadEnvironments } from "../../environments/index";
import { synthEnvironments } from "../helpers/synth";

const root = resolve(__dirname, "..", "..");

// All stacks of all environments, synthesised and drawn.
jest.setTimeout(5 * 60_000);

it("the generated pages are current", async () => {
  const environments = loadEnvironments();
  const pages = await generatedPages(
    root,
    environments,
    synthEnvironments({ environments, target: { kind: "aws" } }) as Parameters<typeof generatedPages>[2],
    synthEnvironments({ environments: [], azure: [loadAzure(AZURE_PICTURED)], target: { kind: "aws" } }) as Parameters<
      typeof generatedPages
    >[3],
  );
  const stale = Object.entries(pages)
    .filter(([file, text]) => !existsSync(join(root, file)) || readFileSync(join(root, file), "utf8") !== text)
    .map(([file]) => file);
  const left = leftPages(root, pages);
  if (stale.length + left.length > 0)
    throw new Error(
      `${[...stale, ...left].join(", ")}: not what environments/*.ts say now. Run \`npm run docs\` and commit what it writes.`,
    );
});
