/** The shell scripts that runbooks send to Linux hosts, run with stand-ins for what a host has. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const scripts = resolve(__dirname, "..", "..", "hosts", "runbooks");
let folder: string;
let redis: Server;
beforeAll(async () => {
  redis = createServer((socket) => socket.on("error", () => {}).end());
  await new Promise<void>((done) => {
    redis.listen(0, "127.0.0.1", done);
  });
});
afterAll(() => redis.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "host-"));
  for (const path of ["bin", "etc/tss", "opt/tss/engine/.venv/bin", "var/log/tss"]) mkdirSync(join(folder, path), { recursive: true });
  settings((redis.address() as AddressInfo).port);
  writeFileSync(join(folder, "var/log/tss/trading-engine.log"), "x");
  program(
    "bin/systemctl",
    'case "$1" in is-active) [ "$2" = --quiet ] || echo active ;; *) echo "trading-engine.service loaded active running" ;; esac',
  );
  program("bin/journalctl", "echo 'nothing to warn of'");
  program("opt/tss/engine/.venv/bin/python", 'case "$3" in kill-switch) echo "kill switch: inactive" ;; health) echo "{}" ;; esac');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const settings = (port: number) => {
  writeFileSync(join(folder, "etc/tss/settings.json"), JSON.stringify({ cache: { host: "127.0.0.1", port } }));
};
function program(path: string, body: string) {
  writeFileSync(join(folder, path), `#!/bin/bash\n${body}\n`);
  chmodSync(join(folder, path), 0o755);
}
/** Not spawnSync: this process answers for Redis meanwhile. */
async function run(script: string): Promise<readonly [code: number, output: string]> {
  const child = spawn("bash", [join(scripts, script)], {
    env: { ...process.env, PATH: `${join(folder, "bin")}:${process.env.PATH}`, TSS_ROOT: folder, TSS_PATIENCE: "0" },
  });
  let output = "";
  child.stdout.on("data", (chunk) => (output += String(chunk)));
  const code = await new Promise<number>((done) => {
    child.once("close", (status) => {
      done(status ?? -1);
    });
  });
  return [code, output];
}

it.each(["daily-report.sh", "recovery-checks.sh"])("%s parses, and holds nothing that a document would fill in", (script) => {
  expect(spawnSync("bash", ["-n", join(scripts, script)]).status).toBe(0);
});

(process.platform === "linux" ? describe : describe.skip)("on Linux", () => {
  describe("the daily report", () => {
    it("shows all of it", async () => {
      const [code, output] = await run("daily-report.sh");
      expect(output.match(/^== .*$/gm)).toEqual([
        "== Units (OPS-037)",
        "== Processes (OPS-038)",
        "== Warnings of the last runs (OPS-039)",
        "== Disks (OPS-040)",
        "== Redis (OPS-041)",
      ]);
      expect(output).toContain("trading-engine.service loaded active running");
      expect(output).toMatch(/127\.0\.0\.1:\d+ answers/);
      // The start of a line: the arguments of this machine's own processes are in the report, whatever they say.
      expect([code, output.match(/^FAILED/gm)]).toEqual([0, null]);
    });

    it("says what it could not show, and shows the rest", async () => {
      settings(1);
      program("bin/journalctl", "echo 'no journal' >&2; exit 1");
      const [code, output] = await run("daily-report.sh");
      expect(code).toBe(1);
      expect(output).toMatch(/== Warnings of the last runs \(OPS-039\)\nFAILED: no journal\n== Disks[^]*== Redis \(OPS-041\)\nFAILED: /);
    });
  });

  describe("the checks after a recovery", () => {
    it("find a host well that is", async () => {
      expect(await run("recovery-checks.sh")).toEqual([0, "Units, log files and the services that trading needs are well\n"]);
    });

    it("name everything that is not", async () => {
      program("bin/systemctl", '[ "$2" = --quiet ] || echo failed; exit 3');
      program("opt/tss/engine/.venv/bin/python", '[ "$3" = kill-switch ] || { echo \'{"redis": false}\'; exit 1; }');
      utimesSync(join(folder, "var/log/tss/trading-engine.log"), 0, 0);
      const [code, output] = await run("recovery-checks.sh");
      expect([code, output.trim().split("\n")]).toEqual([
        1,
        [
          "unit trading-engine.service: failed",
          "unit heartbeat.timer: failed",
          "log files: nothing was written for ten minutes",
          'services: {"redis": false}',
        ],
      ]);
    });

    it.each([
      [
        "the kill switch is active",
        () => program("opt/tss/engine/.venv/bin/python", 'echo "kill switch: active: drill"; exit 10'),
        "kill switch: active: drill",
      ],
      ["the stop file exists", () => writeFileSync(join(folder, "etc/tss/stop"), ""), "etc/tss/stop exists"],
    ])("hold nothing against a host while %s", async (_, given, words) => {
      given();
      program("bin/systemctl", "exit 3");
      const [code, output] = await run("recovery-checks.sh");
      expect([code, output]).toEqual([0, expect.stringContaining(words)]);
    });

    it("do not take a switch that cannot be read for one that is on", async () => {
      program("opt/tss/engine/.venv/bin/python", "exit 11");
      expect((await run("recovery-checks.sh"))[0]).toBe(1);
    });
  });
});
