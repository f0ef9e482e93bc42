/** The programs that check workflows. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pythonWith } from "../charts/tools";

export const root = resolve(__dirname, "..", "..");
const goModule = join(__dirname, "actionlint");

/** Built from source once, pinned by go.sum; undefined without Go. */
export function actionlint(): string | undefined {
  if (spawnSync("go", ["version"]).status !== 0) return undefined;
  const digest = createHash("sha256")
    .update(readFileSync(join(goModule, "go.sum")))
    .digest("hex")
    .slice(0, 12);
  const program = join(root, "node_modules", ".cache", "trading-system", `actionlint-${digest}`);
  if (existsSync(program)) return program;
  mkdirSync(dirname(program), { recursive: true });
  const own = mkdtempSync(`${program}-`);
  try {
    const { status, stderr } = spawnSync(
      "go",
      ["build", "-trimpath", "-o", join(own, "actionlint"), "github.com/rhysd/actionlint/cmd/actionlint"],
      {
        cwd: goModule,
        encoding: "utf8",
        env: { ...process.env, GOWORK: "off", GOFLAGS: "-mod=readonly -buildvcs=false", CGO_ENABLED: "0" },
      },
    );
    if (status !== 0) throw new Error(`actionlint could not be built:\n${stderr}`);
    renameSync(join(own, "actionlint"), program);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
  return program;
}

/** Path of zizmor, installed when it is not there. */
export const zizmor = (): string => join(dirname(pythonWith("zizmor")), process.platform === "win32" ? "zizmor.exe" : "zizmor");
