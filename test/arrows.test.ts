/** The rules of .dependency-cruiser.cjs fire; that the project itself keeps them is a check of its own (`npm run lint`). */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const root = join(__dirname, "..");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "arrows-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** @returns what is found in a project of these files */
function found(files: Readonly<Record<string, string>>): string {
  cpSync(join(root, ".dependency-cruiser.cjs"), join(folder, ".dependency-cruiser.cjs"));
  writeFileSync(join(folder, "tsconfig.json"), '{"compilerOptions":{"module":"CommonJS","moduleResolution":"Node10"}}');
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, "node_modules", "dependency-cruiser", "bin", "dependency-cruise.mjs"), "--config", ".dependency-cruiser.cjs", "."],
    { cwd: folder, encoding: "utf8", env: { ...process.env, NODE_PATH: join(root, "node_modules") } },
  );
  return stdout + stderr;
}

it("an arrow up, of a type only", () => {
  expect(
    found({
      "environments/a.ts": 'import type { B } from "../stacks/b";\nexport type A = B;\n',
      "stacks/b.ts": "export type B = string;\n",
    }),
  ).toContain("nothing-above-environments: environments/a.ts → stacks/b.ts");
});
it("a circle within a folder", () => {
  expect(
    found({
      "review/a.ts": 'import { b } from "./b";\nexport const a = () => b;\n',
      "review/b.ts": 'import { a } from "./a";\nexport const b = () => a;\n',
    }),
  ).toContain("no-circle: review/a.ts");
});
it("an arrow down passes", () => {
  expect(
    found({
      "stacks/b.ts": 'import type { A } from "../environments/a";\nexport type B = A;\n',
      "environments/a.ts": "export type A = string;\n",
    }),
  ).toContain("no dependency violations found");
});
