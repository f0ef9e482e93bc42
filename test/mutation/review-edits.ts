/** Runs the app on the example literals with single edits, as quickly as can be: the edited file exists only in esbuild's memory. */
import { build, type Plugin } from "esbuild";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Finding } from "../../review/model";
import type { StackJson } from "../../terraform/assembly";
import { edited, type Edit } from "../edits/edit";
import { Sources } from "../edits/sources";
import { withExamples } from "../helpers/examples";
import { findingsOf } from "./findings";
import { root, WarmProcess } from "./warm-process";

const sources = new Sources(root);

/** What the app says: its stacks, or why it refuses. */
export interface Synthesis {
  readonly stacks: ReadonlyMap<string, StackJson>;
  readonly refusal?: string;
}

/** The app in a process of its own, for one synthesis after the other. */
export class SynthesisProcess extends WarmProcess<
  { readonly program: string; readonly variables: Readonly<Record<string, string>> },
  { readonly refusal?: string }
> {
  constructor() {
    super("app-process.mjs");
  }

  /** @throws Error where what is edited is not found, or the edited program does not compile */
  async synthesise(environments: readonly string[], edit?: Edit): Promise<Synthesis> {
    const folder = mkdtempSync(join(tmpdir(), "review-mutation-"));
    const program = await bundle(edit);
    try {
      const outdir = join(folder, "out");
      const { refusal } = await this.ask({
        program,
        variables: {
          CDKTF_OUTDIR: outdir,
          ENVIRONMENTS: environments.join(","),
          EMULATOR_ENDPOINT: "",
          IMAGES: "",
          PLATFORM: "",
          DELETION_PROTECTION: "",
          BOOTSTRAP_STATE: "",
        },
      });
      if (refusal !== undefined) return { stacks: new Map(), refusal };
      const names = readdirSync(join(outdir, "stacks")).sort();
      return {
        stacks: new Map(
          names.map((name) => [name, JSON.parse(readFileSync(join(outdir, "stacks", name, "cdk.tf.json"), "utf8")) as StackJson]),
        ),
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
      rmSync(program, { force: true });
    }
  }
}

let bundles = 0;

async function bundle(edit?: Edit): Promise<string> {
  // Below the project, so that packages and the project's own files are found.
  const folder = join(root, "node_modules", ".cache", "trading-system");
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `review-mutation-${process.pid}-${bundles++}.cjs`);
  const made = edit && edited(sources, edit);
  const plugin: Plugin = {
    name: "edit",
    setup(builder) {
      if (made)
        builder.onLoad({ filter: /\.ts$/ }, ({ path }) =>
          path === join(root, made.file) ? { contents: made.text, loader: "ts" } : undefined,
        );
    },
  };
  await build({
    entryPoints: [join(root, "main.ts")],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    packages: "external",
    logLevel: "silent",
    plugins: [withExamples(root), plugin],
  });
  return outfile;
}

/** What a review of all stacks finds, without a provider. */
export const review = (before: Synthesis, after: Synthesis): Finding[] => findingsOf(before.stacks, after.stacks);
