/** What a deploy of a frontend does, by itself; on an emulator: deploy.test.ts. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { planText } from "../../../commands/deploy-frontend/text";
import { CACHE_CONTROL, frontendFiles, keepingOf, namesItsContent, type FrontendFile } from "../../../delivery/frontend/files";
import { planFrontend, type StoredFile } from "../../../delivery/frontend/plan";

describe("names", () => {
  it.each([
    "assets/index-3f9a8b1c.js",
    "assets/index-BxK3a9Zq.css",
    "main.8f3a1b2c.chunk.js",
    "app-KX3ZQ7PA.js",
    "static/js/main.8f3a1b2c.js.map",
    "font-a1b2c3d4e5f6.woff2",
  ])("%s says what is in it", (key) => {
    expect([namesItsContent(key), keepingOf(key)]).toEqual([true, "forever"]);
  });

  // A year in browsers, if one passed.
  it.each([
    "favicon.ico",
    "icon-1024x1024.png",
    "report-20261130.pdf",
    "logo-monochrome.svg",
    "logo-version2.svg",
    "logo-Version2.svg",
    "logo-MyCompany.svg",
    "deadbeef1.js",
    "3f9a8b1c/app.js",
    "index-deadbeef.js",
    "app-3f9a8b1.js",
  ])("%s does not", (key) => {
    expect([namesItsContent(key), keepingOf(key)]).toEqual([false, "until-invalidated"]);
  });

  it("a page is asked for each time, whatever it is called", () => {
    expect(["index.html", "about/index.HTML", "page-3f9a8b1c.html"].map(keepingOf)).toEqual(["never", "never", "never"]);
  });
});

describe("a folder", () => {
  let folder: string;
  const put = (...names: readonly string[]) => {
    for (const name of names) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), name);
    }
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "frontend-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("is read with types, and with hashes as S3 gives them", () => {
    put("index.html", "a/b.woff2", ".well-known/security.txt", ".well-known/apple-app-site-association");
    expect(frontendFiles(folder).map(({ key, contentType, keeping }) => [key, contentType, keeping])).toEqual([
      [".well-known/apple-app-site-association", "application/json", "until-invalidated"],
      [".well-known/security.txt", "text/plain; charset=utf-8", "until-invalidated"],
      ["a/b.woff2", "font/woff2", "until-invalidated"],
      ["index.html", "text/html; charset=utf-8", "never"],
    ]);
    // echo -n index.html | md5sum
    expect(frontendFiles(folder).at(-1)!.md5).toBe("eacf331f0ffc35d4b482f1d15a887d3b");
  });

  it.each([
    [["a.html"], /has no index\.html: it is not the folder/],
    [["index.html", ".env"], /^Not for everybody to see, but below .*: \.env$/],
    [["index.html", ".git/config"], /: \.git\/config$/],
    [["index.html", "a.exe", "LICENSE"], /no content type is known for .*: LICENSE, a\.exe$/],
  ])("with %j is refused", (names, message) => {
    put(...names);
    expect(() => frontendFiles(folder)).toThrow(message);
  });

  it("must be one", () => {
    expect(() => frontendFiles(join(folder, "none"))).toThrow(/is no folder/);
  });
});

describe("a plan", () => {
  const now = new Date("2026-11-30T00:00:00Z");
  const options = { now, graceDays: 30 };
  const file = (key: string, md5 = "1"): FrontendFile => ({
    key,
    path: `/${key}`,
    md5,
    contentType: "text/plain",
    keeping: keepingOf(key),
  });
  const stored = (key: string, more: Partial<StoredFile> = {}): StoredFile => ({
    key,
    md5: "1",
    contentType: "text/plain",
    cacheControl: CACHE_CONTROL[keepingOf(key)],
    ...more,
  });
  const [asset, page, index, icon] = ["a-3f9a8b1c.js", "z.html", "index.html", "icon.png"] as const;
  const days = (count: number) => new Date(now.getTime() - count * 86_400_000);
  const keys = (list: readonly { readonly key: string }[]) => list.map(({ key }) => key);

  it("brings what pages refer to before the pages, index.html last", () => {
    const plan = planFrontend([file(index), file(asset), file(page), file(icon)], [], options);
    expect(keys(plan.uploads)).toEqual([asset, icon, page, index]);
    // What was not there is in no cache.
    expect(plan.invalidations).toEqual([]);
  });

  it("leaves what is as it should be", () => {
    expect(planFrontend([file(index), file(icon)], [stored(index), stored(icon)], options)).toEqual({
      uploads: [],
      unchanged: 2,
      retired: [],
      removals: [],
      invalidations: [],
    });
  });

  it.each<[string, Partial<StoredFile>]>([
    ["other content", { md5: "2" }],
    ["another type", { contentType: "binary/octet-stream" }],
    ["another header", { cacheControl: "" }],
    ["left over by an earlier build", { leftOver: days(1) }],
  ])("uploads what has %s, and lets CloudFront forget it if it keeps it", (_, more) => {
    const plan = planFrontend([file(index), file(icon)], [stored(index, more), stored(icon, more)], options);
    expect([keys(plan.uploads), plan.unchanged, plan.invalidations]).toEqual([[icon, index], 0, ["/icon.png"]]);
  });

  it("notes what no build needs, and removes it when its time is over: a day before, it stays", () => {
    const before = [stored(asset), stored("old-3f9a8b1c.js", { leftOver: days(29) }), stored("older.txt", { leftOver: days(30) })];
    const plan = planFrontend([file(index)], before, options);
    expect([keys(plan.retired), keys(plan.removals), plan.invalidations]).toEqual([[asset], ["older.txt"], ["/older.txt"]]);
  });

  it("refuses to change what browsers keep for a year", () => {
    expect(() => planFrontend([file(index), file(asset, "2")], [stored(asset)], options)).toThrow(
      /^Browsers keep these for a year.*: a-3f9a8b1c\.js\. A build/,
    );
  });

  it("one path stands for everything where there would be too many", () => {
    const changed = (count: number) => {
      const names = Array.from({ length: count }, (_, at) => `icon ${at}.png`);
      const plan = planFrontend(
        names.map((name) => file(name, "2")),
        names.map((name) => stored(name)),
        options,
      );
      return plan.invalidations;
    };
    expect(changed(100)).toHaveLength(100);
    expect(changed(1)).toEqual(["/icon%200.png"]);
    expect(changed(101)).toEqual(["/*"]);
  });

  it("is said in words", () => {
    const names = Array.from({ length: 22 }, (_, at) => file(`icon${at}.png`));
    const text = planText(planFrontend([...names, file(index)], [stored(index), stored(asset)], options), "dev in account 1");
    expect(text.split("\n")).toEqual([
      "The frontend of dev in account 1",
      "To be uploaded, in this order:",
      ...names.slice(0, 20).map(({ key }) => `  ${key}`),
      "  and 2 more",
      "Needed by no page of this build, left for those that are open:",
      "  a-3f9a8b1c.js",
      "1 file stands there already.",
    ]);
    expect(planText(planFrontend([file(index)], [stored(index)], options), "dev")).toBe(
      "The frontend of dev\nNothing changes: 1 file stands there already.",
    );
  });
});
