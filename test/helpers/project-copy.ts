/** A copy of the project as a repository of its own, in which tests may edit and commit. */
import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { edited, type Edit } from "../edits/edit";
import { Sources } from "../edits/sources";
import { exampleFiles } from "./examples";

export class ProjectCopy {
  readonly folder = mkdtempSync(join(tmpdir(), "copy-"));
  /** Of every command. At first those of somebody whose AWS profile does not exist: no command that a test runs may need one. */
  variables: NodeJS.ProcessEnv = { ...process.env, AWS_PROFILE: "no-such-profile" };

  /**
   * @param root the checkout that is copied
   * @param literals whose environments it has: the tests' examples, whose values tests may count on, or the checkout's own
   * @throws when its own set-up fails
   */
  constructor(root = resolve(__dirname, "..", ".."), literals: "examples" | "own" = "examples") {
    // The copy shares the packages of this checkout; were they another lock file's, its own set-up would install them once more.
    const { status, stderr } = spawnSync(process.execPath, [join(root, "commands", "run.mjs"), "--help"], { cwd: root, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], { cwd: root, encoding: "utf8" })
      .trim()
      .split("\n")
      // In a copy of a copy the link to Python's packages is in git's list, too.
      .filter((file) => statSync(join(root, file), { throwIfNoEntry: false })?.isFile());
    for (const file of files) {
      mkdirSync(dirname(this.path(file)), { recursive: true });
      copyFileSync(join(root, file), this.path(file));
    }
    if (literals === "examples") for (const [file, text] of Object.entries(exampleFiles(root))) writeFileSync(this.path(file), text);
    symlinkSync(join(root, ".venv"), this.path(".venv"));
    // Package by package: bundles are written below node_modules, and look upwards for the project's files.
    const cache = join("node_modules", ".cache", "trading-system");
    mkdirSync(this.path(cache), { recursive: true });
    for (const name of readdirSync(join(root, "node_modules")))
      if (name !== ".cache") symlinkSync(join(root, "node_modules", name), this.path("node_modules", name));
    for (const name of readdirSync(join(root, cache)))
      if (/^checkov-|\.sha256$/.test(name)) symlinkSync(join(root, cache, name), this.path(cache, name));
    this.git("init", "-q", "-b", "main");
  }

  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts);
  }

  read(file: string): string {
    return readFileSync(this.path(file), "utf8");
  }

  git(...args: readonly string[]): string {
    return execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false", ...args], {
      cwd: this.folder,
      encoding: "utf8",
    }).trim();
  }

  commit(message: string): void {
    this.git("add", "-A");
    this.git("commit", "-q", "-m", message);
  }

  /** @throws when the file does not hold the text: the test is stale then */
  edit(file: string, from: string, to: string): void {
    const text = this.read(file);
    if (!text.includes(from)) throw new Error(`${file} no longer holds ${JSON.stringify(from)}`);
    writeFileSync(
      this.path(file),
      text.replace(from, () => to),
    );
  }

  /** @throws when what the edit names is not there */
  change(edit: Edit): void {
    const { file, text } = edited(new Sources(this.folder, "own"), edit);
    writeFileSync(this.path(file), text);
  }

  /** Every match in every one of the files. @throws when there is none */
  replace(files: readonly string[], from: RegExp, to: string): void {
    const texts = files.map((file) => [file, this.read(file)] as const);
    const changed = texts
      .map(([file, text]) => [file, text.replace(from, to)] as const)
      .filter(([, text], index) => text !== texts[index]![1]);
    if (changed.length === 0) throw new Error(`nothing in ${files.join(", ")} is ${String(from)}`);
    for (const [file, text] of changed) writeFileSync(this.path(file), text);
  }

  append(file: string, text: string): void {
    appendFileSync(this.path(file), text);
  }

  /** `npm run <args>`, to its end. */
  run(...args: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
    return spawnSync(process.execPath, [this.path("commands", "run.mjs"), ...args], {
      cwd: this.folder,
      encoding: "utf8",
      env: this.variables,
    });
  }

  start(...args: readonly string[]): ChildProcess {
    return spawn(process.execPath, [this.path("commands", "run.mjs"), ...args], {
      cwd: this.folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: this.variables,
    });
  }

  /** What a review that ended must not leave: its folders, and its worktree in git's list. */
  leftovers(): readonly string[] {
    const rehearsals = this.path(".rehearsal");
    return [
      ...(existsSync(rehearsals) ? readdirSync(rehearsals).filter((name) => name.startsWith("review-")) : []),
      ...this.git("worktree", "list").split("\n").slice(1),
    ];
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
