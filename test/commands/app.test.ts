/** The bundles that a synthesis keeps: a small project whose cdktf is a pretended package. */
import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const program = pathToFileURL(resolve(__dirname, "..", "..", "commands", "start", "app.mjs")).href;
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

const LOCK = join("node_modules", ".package-lock.json");
const CACHE = join("node_modules", ".cache", "trading-system");
const FILES: Readonly<Record<string, string>> = {
  "main.ts": `
    import { createRequire } from "node:module";
    import { word } from "cdktf";
    import { place } from "cdktf/place";
    import { value } from "./stacks/value";
    const loaded = Object.keys(createRequire(__filename).cache).filter((file) => file.includes("cdktf"));
    console.log(JSON.stringify({ value, word, place, bundled: loaded.length === 0 }));`,
  "stacks/value/index.ts": 'export { value } from "constructs/value";',
  "functions/README.md": "Bundled by themselves.",
  "constructs/value.ts": 'export const value: string = "first";',
  "environments/value.ts": 'export const value = "other";',
  "package.json": "{}",
  "tsconfig.json": '{ "compilerOptions": { "paths": { "constructs/*": ["./constructs/*"] } } }',
  [LOCK]: "{}",
  "node_modules/cdktf/package.json": "{}",
  "node_modules/cdktf/index.js": 'exports.word = "one";',
  "node_modules/cdktf/place.js": "exports.place = __filename;",
};

class SmallProject {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "app-")));

  constructor() {
    folders.push(this.folder);
    for (const [file, text] of Object.entries(FILES)) this.write(file, text);
    this.age("node_modules/cdktf/package.json", "node_modules/cdktf/index.js", "node_modules/cdktf/place.js");
  }

  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts);
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), text);
  }

  /** Files as if they had been installed some time ago. */
  age(...files: readonly string[]): void {
    for (const file of files) utimesSync(this.path(file), 1_700_000_000, 1_700_000_000);
  }

  /** What the app says, and whether its packages were bundled. */
  run(variables: NodeJS.ProcessEnv = {}): {
    readonly value: string;
    readonly word: string;
    readonly place: string;
    readonly bundled: boolean;
  } {
    const { stdout, stderr } = this.start(variables);
    if (stderr !== "") throw new Error(stderr);
    return JSON.parse(stdout);
  }

  start(variables: NodeJS.ProcessEnv = {}) {
    return spawnSync(process.execPath, this.command, { cwd: tmpdir(), encoding: "utf8", env: { ...process.env, ...variables } });
  }

  get command(): string[] {
    return ["--input-type=module", "-e", `await (await import(${JSON.stringify(program)})).runApp(${JSON.stringify(this.folder)});`];
  }

  kept(): string[] {
    return readdirSync(this.path(CACHE)).sort();
  }
}

/** Were it started, there would be an error. */
const withoutEsbuild = { ESBUILD_BINARY_PATH: process.execPath };

it("what was bundled once is not bundled again", () => {
  const project = new SmallProject();
  const first = project.run();
  expect(first).toEqual({ value: "first", word: "one", place: project.path("node_modules", "cdktf", "place.js"), bundled: true });
  expect(project.kept()).toEqual([expect.stringMatching(/^app-[0-9a-f]{64}$/), expect.stringMatching(/^packages-[0-9a-f]{64}$/)]);
  expect(project.run(withoutEsbuild)).toEqual(first);
  project.write("constructs/value.ts", 'export const value = "second";');
  expect(project.start(withoutEsbuild)).toMatchObject({ status: 1, stdout: "" });
});

it.each<[string, (project: SmallProject) => void, { readonly value?: string; readonly word?: string }]>([
  ["a source", (project) => project.write("constructs/value.ts", 'export const value = "second";'), { value: "second" }],
  [
    "a file that takes the place of another",
    (project) => project.write("stacks/value.ts", 'export const value = "second";'),
    { value: "second" },
  ],
  [
    "how names are resolved",
    (project) => project.write("tsconfig.json", FILES["tsconfig.json"]!.replace("./constructs", "./environments")),
    { value: "other" },
  ],
  ["a package, by hand", (project) => project.write("node_modules/cdktf/index.js", 'exports.word = "two";'), { word: "two" }],
  [
    "the installed packages, whose files are as long and as old as they were",
    (project) => {
      project.write("node_modules/cdktf/index.js", 'exports.word = "two";');
      project.age("node_modules/cdktf/index.js");
      project.write(LOCK, '{ "another": true }');
    },
    { word: "two" },
  ],
])("an edit counts at once: %s", (_, edit, expected) => {
  const project = new SmallProject();
  const first = project.run();
  edit(project);
  expect(project.run()).toEqual({ ...first, ...expected });
});

it("sources from a folder that is not looked at are not kept", () => {
  const project = new SmallProject();
  project.write("elsewhere/value.ts", 'export const value = "first";');
  project.write("constructs/value.ts", 'export { value } from "../elsewhere/value";');
  const first = project.run();
  project.write("elsewhere/value.ts", 'export const value = "second";');
  expect(project.run()).toEqual({ ...first, value: "second" });
});

it("a source that is edited while it is bundled is not kept under what it was", () => {
  const project = new SmallProject();
  const esbuild = require.resolve("esbuild/bin/esbuild");
  // The script itself is named by the variable: esbuild must not start it once more.
  project.write(
    "esbuild.sh",
    `#!/bin/sh\nunset ESBUILD_BINARY_PATH\necho 'export const value = "second";' > ${project.path("constructs", "value.ts")}\nexec node ${esbuild} "$@"\n`,
  );
  chmodSync(project.path("esbuild.sh"), 0o755);
  expect(project.run({ ESBUILD_BINARY_PATH: project.path("esbuild.sh") }).value).toBe("second");
  project.write("constructs/value.ts", FILES["constructs/value.ts"]!);
  expect(project.run().value).toBe("first");
});

it("packages that are being installed are not kept", () => {
  const project = new SmallProject();
  const soon = Date.now() / 1000 + 60;
  utimesSync(project.path("node_modules", "cdktf", "index.js"), soon, soon);
  expect(project.run().bundled).toBe(true);
  expect(project.kept()).toEqual([expect.stringMatching(/^app-/)]);
});

it.each<[string, (file: string) => void]>([
  ["cut off", (file) => truncateSync(file, statSync(file).size >> 1)],
  ["empty", (file) => truncateSync(file)],
  [
    "changed in one byte",
    (file) => {
      const content = readFileSync(file);
      content[content.length - 100]! ^= 1;
      writeFileSync(file, content);
    },
  ],
  [
    "a folder",
    (file) => {
      rmSync(file);
      mkdirSync(file);
    },
  ],
])("a kept bundle that is %s is made again", (_, damage) => {
  const project = new SmallProject();
  const first = project.run();
  for (const file of project.kept()) damage(project.path(CACHE, file));
  expect(project.run()).toEqual(first);
});

it.each<[string, (project: SmallProject) => void]>([
  ["there is no folder to keep anything in", (project) => project.write(CACHE, "a file")],
  ["npm did not install the packages", (project) => rmSync(project.path(LOCK))],
])("packages are loaded as they are installed where %s", (_, prepare) => {
  const project = new SmallProject();
  const first = project.run();
  rmSync(project.path(CACHE), { recursive: true });
  prepare(project);
  expect(project.run()).toEqual({ ...first, bundled: false });
  expect(existsSync(project.path(CACHE)) && statSync(project.path(CACHE)).isDirectory()).toBe(false);
});

it("a package that esbuild cannot bundle is loaded as it is installed", () => {
  const project = new SmallProject();
  project.write("node_modules/cdktf/index.js", 'exports.word = "one"; if (!exports) require("./addon.node");');
  project.write("node_modules/cdktf/addon.node", "no JavaScript");
  expect(project.run()).toMatchObject({ word: "one", bundled: false });
});

it("several at once do not disturb each other", async () => {
  const project = new SmallProject();
  const outputs = await Promise.all(
    Array.from(
      { length: 4 },
      () =>
        new Promise<string>((done, failed) => {
          const child = spawn(process.execPath, project.command, { stdio: ["ignore", "pipe", "pipe"] });
          let output = "";
          for (const stream of [child.stdout, child.stderr])
            stream.on("data", (text) => {
              output += text;
            });
          child.on("error", failed).on("close", () => {
            done(output);
          });
        }),
    ),
  );
  expect(outputs.map((output) => JSON.parse(output))).toEqual(Array(4).fill(project.run(withoutEsbuild)));
  expect(project.kept()).toHaveLength(2);
});

it("a few that were made before stay, for who goes back; no more", () => {
  const project = new SmallProject();
  for (const value of ["a", "b", "c", "d", "e"]) {
    project.write("constructs/value.ts", `export const value = "${value}";`);
    project.run();
  }
  expect(project.kept().map((name) => name.split("-")[0])).toEqual(["app", "app", "app", "app", "packages"]);
  project.write("constructs/value.ts", 'export const value = "d";');
  expect(project.run(withoutEsbuild).value).toBe("d");
});

describe("what is wrong in a source is one line with its place", () => {
  const say = (text: string, edit: (project: SmallProject) => void = () => undefined) => {
    const project = new SmallProject();
    project.write("environments/value.ts", text);
    project.write("constructs/value.ts", 'export { value } from "../environments/value";');
    edit(project);
    return project.start();
  };

  it.each([
    ["what is no TypeScript", "export const value = ;", 'environments/value.ts:1:22: Unexpected ";"'],
    ["a bracket that is left open", "export const value = {\n  cpu: 1;\n};", 'environments/value.ts:2:9: Expected "}" but found ";"'],
    [
      "an unknown name",
      "const base = {\n  cpu: twoThousand,\n};\nexport const value = base.cpu;",
      "environments/value.ts:2:8: twoThousand is not defined: write a value, or declare or import the name",
    ],
    [
      "a name that another file does not export",
      'import { figures } from "./figures";\nexport const value = figures;',
      'environments/value.ts:1:10: No matching export in "environments/figures.ts" for import "figures"',
    ],
    [
      "a file that is not there",
      'import { figures } from "./others";\nexport const value = figures;',
      'environments/value.ts:1:25: Could not resolve "./others"',
    ],
    [
      "a key of nothing",
      "const a: any = {};\n\nexport const value = a.b.c;",
      "environments/value.ts:3:26: Cannot read properties of undefined (reading 'c')",
    ],
  ])("%s", (_, text, line) => {
    expect(
      say(text, (project) => {
        project.write("environments/figures.ts", "export const other = 1;");
      }),
    ).toMatchObject({ status: 1, stdout: "", stderr: `${line}\n` });
  });

  it("an unknown name in a bundle that is imported, as commands are", () => {
    const project = new SmallProject();
    project.write("environments/value.ts", "export const value = {\n  cpu: twoThousand,\n};");
    const script = `
      const { build, describeError } = await import(${JSON.stringify(pathToFileURL(resolve(dirname(fileURLToPath(program)), "places.mjs")).href)});
      const { readFileSync } = await import("node:fs");
      const [root, file] = [${JSON.stringify(project.folder)}, ${JSON.stringify(project.path("node_modules", "command.mjs"))}];
      await build({ entryPoints: [root + "/environments/value.ts"], outfile: file, absWorkingDir: root, bundle: true, format: "esm", sourcemap: "inline" });
      await import(file).catch((error) => console.log(describeError(error, { root, file, code: readFileSync(file, "utf8") })));`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { cwd: tmpdir(), encoding: "utf8" });
    expect([stdout, stderr]).toEqual([
      "environments/value.ts:2:8: twoThousand is not defined: write a value, or declare or import the name\n",
      "",
    ]);
  });

  it("a key that stands twice, which is no error", () => {
    expect(say("export const value = {\n  cpu: 1,\n  cpu: 2,\n}.cpu;")).toMatchObject({
      status: 0,
      stderr: 'environments/value.ts:3:3: Duplicate key "cpu" in object literal\n',
      stdout: expect.stringContaining('"value":2') as unknown,
    });
  });

  it("what a package throws stays as it is", () => {
    const { status, stderr } = say('export const value = "first";', (project) => {
      project.write("node_modules/cdktf/index.js", 'throw new Error("broken package");');
    });
    expect([status, stderr]).toEqual([1, expect.stringMatching(/Error: broken package\n\s+at /)]);
  });
});
