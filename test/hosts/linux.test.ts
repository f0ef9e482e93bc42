/** What the Linux engine and worker run: units and user data, by the judges of their own formats. What the scripts do: linux-converge.test.ts. */
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { linuxBoot, USER_DATA_LIMIT } from "../../constructs/hosts/boot";
import { engineFiles } from "../../constructs/hosts/bundle-files";
import { cloudInit, judged, run, systemdAnalyze, type Tool } from "./linux-tools";
import { folder, write } from "./folder";

const engine = resolve(__dirname, "..", "..", "hosts", "linux", "engine");
const text = (path: string) => readFileSync(join(engine, path), "utf8");
const units = readdirSync(join(engine, "units"));
const services = units.filter((unit) => unit.endsWith(".service"));
const timers = units.filter((unit) => unit.endsWith(".timer"));
const scripts = readdirSync(engine).filter((file) => file.endsWith(".sh"));
const times = { nightlyBackup: "0 18 * * *", weeklyReport: "0 0 * * SAT" };
const bundleFiles = engineFiles(times);
const boot = linuxBoot({ parameterName: "/tss/dev/engine", region: "ap-northeast-1" });

/** Settings of a unit: every value of every key, without sections. */
function settingsOf(unit: string): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const line of text(`units/${unit}`).split("\n")) {
    const match = /^(\w+)=(.*)$/.exec(line);
    if (match) (found[match[1]!] ??= []).push(match[2]!);
  }
  return found;
}

describe("user data", () => {
  const check = (tool: Tool, content: string) => run(tool, ["schema", "--config-file", write("user-data.yaml", content)]);

  judged("is cloud-config, as a template and rendered", cloudInit(), (tool) => {
    expect(check(tool, text("cloud-init.yaml"))).toMatchObject({ code: 0 });
    expect(check(tool, boot.userData)).toMatchObject({ code: 0 });
    // The check is worth something.
    expect(check(tool, boot.userData.replace(/^runcmd:[^]*/m, "runcmd: 5\n"))).toMatchObject({ code: 1 });
  });

  it("holds the script and nothing else, with every placeholder filled", () => {
    const keys = [...boot.userData.matchAll(/^(\w+):/gm)].map((match) => match[1]);
    expect(keys).toEqual(["write_files", "runcmd"]);
    expect(boot.userData).not.toMatch(/@[A-Z_]+@/);
    expect(boot.userData).toContain('[/opt/tss/fetch.sh, "/tss/dev/engine", "ap-northeast-1"]');
    const script = boot.userData.split("content: |\n")[1]!.split("\nruncmd:")[0]!.replace(/^ {6}/gm, "");
    expect(`${script}\n`).toBe(text("fetch.sh"));
  });

  it("leaves room below EC2's limit", () => expect(Buffer.byteLength(boot.userData)).toBeLessThan(USER_DATA_LIMIT / 2));

  it("has nothing that an SSM document would take for its own parameter", () => expect(text("fetch.sh")).not.toContain("{{"));
});

describe.each(scripts)("%s", (script) => {
  it("is valid for bash and stops at the first error", () => {
    expect(spawnSync("bash", ["-n", join(engine, script)], { encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
    expect(text(script)).toMatch(/^#!\/bin\/bash\n# /);
    expect(text(script)).toMatch(/^set -euo pipefail$/m);
    if (spawnSync("which", ["shellcheck"]).status === 0)
      expect(spawnSync("shellcheck", [join(engine, script)], { encoding: "utf8" }).stdout).toBe("");
  });
});

describe("units", () => {
  judged("are valid for systemd, and the services are well confined", systemdAnalyze(), (tool) => {
    for (const program of ["opt/tss/engine/.venv/bin/python", "opt/tss/host/backup.sh", "opt/tss/host/weekly-report.sh"])
      write(program, "#!/bin/sh\n", 0o755);
    for (const unit of units) {
      write(`units/${unit}`, new TextDecoder().decode(bundleFiles[`units/${unit}`]).replaceAll("/opt/tss", join(folder, "opt", "tss")));
    }
    const path = (unit: string) => join(folder, "units", unit);
    expect(run(tool, ["verify", "--man=no", ...units.map(path)])).toEqual({ code: 0, output: "" });
    for (const service of services) {
      // In tenths of systemd's points: up to 2.0.
      expect(run(tool, ["security", "--offline=true", "--threshold=20", path(service)])).toMatchObject({ code: 0 });
    }
    write("units/trading-engine.service", `${readFileSync(path("trading-engine.service"), "utf8")}\n[Service]\nRestrat=always\n`);
    expect(run(tool, ["verify", "--man=no", path("trading-engine.service")]).output).toContain("Restrat");
  });

  judged("run at their times", systemdAnalyze(), (tool) => {
    for (const timer of timers) {
      const [, calendar] = /^OnCalendar=(.*)$/m.exec(new TextDecoder().decode(bundleFiles[`units/${timer}`]))!;
      expect(run(tool, ["calendar", calendar!])).toMatchObject({ code: 0 });
    }
  });

  it.each([
    ["heartbeat", "*-*-* *:*:00 UTC"],
    ["nightly-backup", "*-*-* 18:00:00 UTC"],
    ["weekly-report", "Sat *-*-* 00:00:00 UTC"],
  ])("%s runs at %s", (name, calendar) => {
    const timer = new TextDecoder().decode(bundleFiles[`units/${name}.timer`]);
    expect(timer).toContain(`OnCalendar=${calendar}\n`);
    expect(timer).not.toMatch(/@\w+@/);
    expect(services).toContain(`${name}.service`);
  });

  it.each(services)("%s is confined", (service) => {
    expect(settingsOf(service)).toMatchObject({
      User: ["tss"],
      Group: ["tss"],
      NoNewPrivileges: ["yes"],
      CapabilityBoundingSet: [""],
      ProtectSystem: ["strict"],
      ProtectHome: ["yes"],
      PrivateTmp: ["yes"],
      PrivateDevices: ["yes"],
      RestrictAddressFamilies: ["AF_INET AF_INET6 AF_UNIX"],
      SystemCallFilter: ["@system-service", "~@privileged"],
    });
    // The state directory alone is writable.
    expect(settingsOf(service)).not.toHaveProperty("ReadWritePaths");
  });

  it.each(services)("%s writes to a log that the CloudWatch agent reads", (service) => {
    const [output] = settingsOf(service).StandardOutput!;
    expect(output).toBe(`append:/var/log/tss/${service.replace(".service", ".log")}`);
    expect(text("cloudwatch-agent.json")).toContain(`"file_path": "${output!.replace("append:", "")}"`);
  });

  it.each(["trading-engine.service", "data-collector.service"])("%s is tried again for ever", (service) => {
    expect(settingsOf(service)).toMatchObject({
      Restart: ["always"],
      RestartSec: ["10"],
      StartLimitIntervalSec: ["0"],
      WantedBy: ["multi-user.target"],
    });
  });

  it("the engine waits for the kill switch, and obeys the stop file", () => {
    expect(settingsOf("trading-engine.service")).toMatchObject({
      ExecStartPre: ["/opt/tss/engine/.venv/bin/python -m tss_host kill-switch"],
      ConditionPathExists: ["!/etc/tss/stop"],
    });
  });

  it("the heartbeat is the engine's", () => {
    expect(settingsOf("heartbeat.service").ExecCondition).toEqual(["/usr/bin/systemctl is-active --quiet trading-engine.service"]);
  });
});
