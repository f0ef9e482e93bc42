/** Which commit a review compares with, in real repositories of their own. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkOut, describeHead, forgetCheckOut, resolveBase } from "../../review/planning/base";

describe("the base of a review", () => {
  const root = mkdtempSync(join(tmpdir(), "base-"));
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false", ...args], {
      cwd: root,
      encoding: "utf8",
    }).trim();
  const commit = (text: string) => {
    writeFileSync(join(root, "file"), text);
    git("add", "-A");
    git("commit", "-q", "-m", text);
    return git("rev-parse", "HEAD");
  };
  let fork: string;
  let head: string;
  beforeAll(() => {
    git("init", "-q", "-b", "main");
    writeFileSync(join(root, "package-lock.json"), "{}");
    fork = commit("one");
    git("checkout", "-q", "-b", "work");
    head = commit("two");
    git("checkout", "-q", "main");
    commit("somebody else went on");
    git("checkout", "-q", "work");
  });
  afterAll(() => {
    rmSync(root, { recursive: true });
  });

  it("is where the work left main, so that what others did since is not shown as undone", () => {
    expect(resolveBase(root)).toEqual({ name: "main", commit: fork });
    expect(resolveBase(root, "main")).toEqual({ name: "main", commit: fork });
    expect(resolveBase(root, "HEAD")).toEqual({ name: "HEAD", commit: head });
  });

  it("refuses what is no commit, with what to do", () => {
    expect(() => resolveBase(root, "no-such")).toThrow('There is no commit "no-such" to compare with. Name one with --base');
    expect(() => resolveBase(tmpdir())).toThrow("this folder is no git repository");
    git("checkout", "-q", "--orphan", "alone");
    git("commit", "-q", "-m", "alone");
    expect(() => resolveBase(root, "main")).toThrow("have no commit in common");
    git("checkout", "-q", "work");
  });

  it("says when there is more than the commit", () => {
    expect(describeHead(root)).toBe(head);
    writeFileSync(join(root, "file"), "not committed");
    expect(describeHead(root)).toBe(`${head}+changes`);
    git("checkout", "-q", "--", "file");
  });

  it("is checked out beside the work, which stays as it is, and leaves nothing in git's list", async () => {
    const folder = join(root, ".rehearsal", "base");
    await checkOut(root, { name: "main", commit: fork }, folder, new AbortController().signal);
    expect(readFileSync(join(folder, "file"), "utf8")).toBe("one");
    expect(git("rev-parse", "HEAD")).toBe(head);
    expect(git("worktree", "list").split("\n")).toHaveLength(2);
    forgetCheckOut(root, folder);
    expect(existsSync(folder)).toBe(false);
    expect(git("worktree", "list").split("\n")).toHaveLength(1);
  });
});
