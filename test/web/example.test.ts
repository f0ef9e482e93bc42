/** The example application is what the web application's machine expects of an image (docs/web.md): its health, its port, its migration, its tests. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { environment as literal } from "../environments/edits";

const folder = resolve(__dirname, "..", "fixtures", "web-api");
const text = (file: string) => readFileSync(join(folder, file), "utf8");
const { health, migrate, port } = literal("dev").web!.backend!;

it("answers the path by which its health is asked, and speaks on the port", () => {
  expect([...text("app.py").matchAll(/@api\.get\("(.*)"\)/g)].map(([, path]) => path)).toEqual([health.path, "/api/watchlist"]);
  expect(text("Dockerfile")).toContain(`"--port", "${port}"]`);
});

it("brings the program of the migration, and one migration", () => {
  expect(
    text("requirements.txt")
      .split("\n")
      .map((line) => line.split("==")[0]),
  ).toContain(migrate[0]);
  expect(text("migrations/versions/0001_watchlist.py")).toMatch(/^down_revision = None$/m);
});

it("is tested by the stage of that name, does not run as root, and names each package's version", () => {
  expect(text("Dockerfile")).toMatch(/^FROM base AS test\nRUN python -m unittest$/m);
  expect(text("Dockerfile").split("\nFROM ").at(-1)).toContain("\nUSER 1000\n");
  expect(
    text("requirements.txt")
      .trimEnd()
      .split("\n")
      .filter((line) => !/^[\w[\]-]+==[\d.]+$/.test(line)),
  ).toEqual([]);
});

it("is Python that compiles", () => {
  const check = "import ast, sys\nfor name in sys.argv[1:]: ast.parse(open(name).read(), name)";
  const files = ["app.py", "test_app.py", "migrations/env.py", "migrations/versions/0001_watchlist.py"].map((file) => join(folder, file));
  expect(spawnSync("python3", ["-c", check, ...files], { encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
});
