/** States of bases that were made before: whoever plans again and again on one base waits for each once. They hold what the base's code says. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A base has some twenty stacks. */
const MOST = 200;

export class KeptStates {
  private readonly code: string;

  /**
   * @param folder where they lie; one that cannot be written keeps nothing
   * @param source folder of the code that makes them: what other code made is not taken
   */
  constructor(
    private readonly folder: string,
    source: string,
  ) {
    const hash = createHash("sha256");
    for (const name of readdirSync(source).sort())
      hash
        .update(`${name}\0`)
        .update(readFileSync(join(source, name)))
        .update("\0");
    this.code = hash.digest("hex");
  }

  /** @param of everything that the state follows from */
  async get(of: readonly string[], make: () => Promise<string>): Promise<string> {
    const file = join(
      this.folder,
      `${createHash("sha256")
        .update(JSON.stringify([this.code, ...of]))
        .digest("hex")}.tfstate`,
    );
    try {
      const text = readFileSync(file, "utf8");
      const now = new Date();
      utimesSync(file, now, now);
      return text;
    } catch {
      // not there yet
    }
    const text = await make();
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      // In one step, so that a killed command leaves no half of one.
      const unfinished = `${file}.${process.pid}`;
      writeFileSync(unfinished, text, { mode: 0o600 });
      renameSync(unfinished, file);
      this.forget();
    } catch {
      // a folder that is not ours to write
    }
    return text;
  }

  /** Those that were asked for the longest ago. */
  private forget(): void {
    const files = readdirSync(this.folder)
      .map((name) => ({ path: join(this.folder, name), used: statSync(join(this.folder, name)).mtimeMs }))
      .sort((a, b) => b.used - a.used);
    for (const { path } of files.slice(MOST)) rmSync(path, { force: true });
  }
}
