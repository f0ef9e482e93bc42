/** The command line starts without cdktf's providers: they take seconds to load, and cannot be imported the way in which it is bundled. */
import { build } from "esbuild";
import { resolve } from "node:path";

const root = resolve(__dirname, "..", "..");

it("no command imports what makes a resource", async () => {
  const { metafile } = await build({
    entryPoints: [resolve(root, "commands", "cli.ts")],
    absWorkingDir: root,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    jsx: "automatic",
    jsxImportSource: "preact",
    write: false,
    metafile: true,
    outdir: "out",
    logLevel: "silent",
  });
  const imported = Object.entries(metafile.inputs).flatMap(([file, { imports }]) =>
    imports.filter(({ path, external }) => external && /^@cdktf\/provider-/.test(path)).map(({ path }) => `${file}: ${path}`),
  );
  expect(imported).toEqual([]);
});
