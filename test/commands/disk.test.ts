/** What a person reads about a disk that is full or a folder that may not be written. The errors are the system's own. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "..", "..");

/** What the app prints when it is to write somewhere. */
function synthesiseInto(output: string): { readonly status: number | null; readonly lines: readonly string[] } {
  const { status, stderr } = spawnSync(process.execPath, [join(root, "commands", "synth-app.mjs")], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, CDKTF_OUTDIR: output, ENVIRONMENTS: "dev" },
  });
  return { status, lines: stderr.trim().split("\n") };
}

/** `explained` of the error that an expression throws. */
function explainedOf(expression: string): string {
  const script = `import { explained } from "./commands/start/disk.mjs"; import fs from "node:fs"; try { ${expression} } catch (error) { process.stdout.write(explained(error)); }`;
  return spawnSync(process.execPath, ["--input-type=module", "--eval", script], { cwd: root, encoding: "utf8" }).stdout;
}

describe("a disk that cannot be written", () => {
  const folder = mkdtempSync(join(tmpdir(), "disk-"));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it("is said in one line of a synthesis, with the place", () => {
    const file = join(folder, "a-file");
    writeFileSync(file, "");
    expect(synthesiseInto(join(file, "cdktf.out"))).toEqual({
      status: 1,
      lines: [
        `${file}/cdktf.out cannot be written: a part of that path is a file (ENOTDIR). Give this user the folder, or work in a checkout of your own.`,
      ],
    });
  });

  // /dev/full is Linux's; root may write everywhere, so this one error is made.
  (process.platform === "linux" ? it : it.skip)("is said to be full, whoever found out", () => {
    const advice =
      "The disk is full. Free some space and run the same command again: npm run stop removes kept rehearsals, and node_modules/.cache may be deleted at any time.";
    expect(explainedOf('fs.writeFileSync("/dev/full", "x")')).toBe(advice);
    expect(explainedOf('throw new Error("terraform: write state: no space left on device")')).toBe(
      `terraform: write state: no space left on device\n\n${advice}`,
    );
    expect(explainedOf('throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC", path: "cdktf.out/stacks" })')).toBe(
      `cdktf.out/stacks cannot be written. ${advice}`,
    );
  });

  it("is told from one that this user may not write, and from any other error", () => {
    expect(explainedOf('throw Object.assign(new Error("EACCES"), { code: "EACCES", path: "/srv/checkout/cdktf.out" })')).toBe(
      "/srv/checkout/cdktf.out cannot be written: this user may not write there (EACCES). Give this user the folder, or work in a checkout of your own.",
    );
    expect(explainedOf('throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" })')).toBe("connect ECONNREFUSED");
    expect(explainedOf('throw new Error("There is no environment")')).toBe("There is no environment");
  });
});
