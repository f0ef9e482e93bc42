/** Copies of the web application's database: the real scripts, on a machine of stand-ins (web-machine.ts). */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { webFiles } from "../../constructs/hosts/bundle-files";
import { folder, write } from "./folder";
import { judged, run as verdict, systemdAnalyze } from "./linux-tools";
import { bareMachine, converge, publish, root, run, short, text, type Ran } from "./web-machine";

if (process.platform !== "linux") it.todo("runs the scripts (needs Linux: flock, GNU coreutils)");

(process.platform === "linux" ? describe : describe.skip)("copies of the web application's database for long keeping (OPS-025)", () => {
  const POSTGRES = `public.ecr.aws/docker/library/postgres:15@sha256:${"b".repeat(64)}`;
  const dump = { dump: { image: POSTGRES, target: "s3://kabu-trade-backups/database/", days: 31 } };
  const dumps = () => readdirSync(join(folder, "s3/kabu-trade-backups/database"));
  /** As systemd would, at its time. */
  function copy(): Ran {
    for (const one of ["run/dump", "tmp"]) mkdirSync(join(folder, one), { recursive: true });
    return run(root("opt/tss/host/dump.sh"), { RUNTIME_DIRECTORY: join(folder, "run/dump"), TMPDIR: join(folder, "tmp") });
  }
  const last = () => root("opt/tss/state/database-copied");
  const daysAgo = (days: number) => {
    const then = new Date(Date.now() - days * 86_400_000);
    utimesSync(last(), then, then);
  };
  const left = () => [...readdirSync(join(folder, "run", "dump")), ...readdirSync(join(folder, "tmp"))];

  beforeEach(() => {
    bareMachine();
    write("dump", "PGDMP tables");
    write("secret", JSON.stringify({ url: "postgresql+asyncpg://api:secret%2Fword@db.example:5433/kabu_trade?ssl=require" }));
    publish(dump);
  });

  it("are made by a timer, which is set anew when its time changes and taken away with the value", () => {
    expect(converge().calls.filter((line) => line.includes("dump.timer"))).toEqual([
      "systemctl enable kabu-trade-dump.timer",
      "systemctl restart kabu-trade-dump.timer",
    ]);
    expect(readFileSync(root("etc/systemd/system/kabu-trade-dump.timer"), "utf8")).toContain("OnCalendar=*-*-01 21:00:00 UTC\n");
    expect(converge().calls).toEqual(["docker image prune --all --force"]);

    publish(dump, { "units/kabu-trade-dump.timer": webFiles("week")["units/kabu-trade-dump.timer"]! });
    expect(converge().calls.filter((line) => line.includes("dump.timer"))).toEqual(["systemctl restart kabu-trade-dump.timer"]);
    expect(readFileSync(root("etc/systemd/system/kabu-trade-dump.timer"), "utf8")).toContain("OnCalendar=Sun *-*-* 21:00:00 UTC\n");

    publish();
    expect(converge().calls).toContain("systemctl disable kabu-trade-dump.timer");
    expect(existsSync(root("etc/systemd/system/kabu-trade-dump.service"))).toBe(false);
    expect(existsSync(join(folder, "enabled/kabu-trade-dump.timer"))).toBe(false);
    expect(existsSync(last())).toBe(false);
  });

  it("are read once more before they are kept, and leave nothing behind on the machine", () => {
    converge();
    const { code, output, calls } = copy();
    expect({ code, output }).toEqual({ code: 0, output: "a copy of 12 bytes is in s3://kabu-trade-backups/database/\n" });
    const confined = "--rm --interactive --log-driver none --user postgres --read-only --cap-drop ALL --security-opt no-new-privileges";
    expect(calls.map(short).map((line) => line.replace(/[0-9TZ-]{18}-[0-9a-f]{16}/, "<time>-<random>"))).toEqual([
      "aws secretsmanager get-secret-value --region ap-northeast-1 --secret-id kabu-trade/database-dev --query SecretString --output text",
      `docker ${confined} --env-file /run/dump/environment ${short(POSTGRES)} pg_dump --format=custom --no-password`,
      `docker ${confined} --network none ${short(POSTGRES)} pg_restore --list`,
      expect.stringMatching(
        /^aws s3 cp --region ap-northeast-1 --only-show-errors \S+\.dump s3:\/\/kabu-trade-backups\/database\/<time>-<random>\.dump$/,
      ),
    ]);
    expect(readFileSync(join(folder, "environment"), "utf8")).toBe(
      "PGHOST=db.example\nPGPORT=5433\nPGUSER=api\nPGPASSWORD=secret/word\nPGDATABASE=kabu_trade\nPGSSLMODE=require\n",
    );
    expect(readFileSync(join(folder, "environment-mode"), "utf8")).toBe("600\n");
    // No name is guessed from another, so that none is written over.
    copy();
    expect(dumps()).toHaveLength(2);
    expect(new Set(dumps().map((name) => name.slice(-21))).size).toBe(2);
    expect(left()).toEqual([]);
  });

  it.each([
    ["a database that does not answer", () => write("database-rests", "")],
    ["a copy that cannot be read", () => write("dump", "half of a")],
    ["an address without a password", () => write("secret", JSON.stringify({ url: "postgresql://api@db/kabu_trade" }))],
    ["an address with a line break", () => write("secret", JSON.stringify({ url: "postgresql://api:a%0APGHOST=x@db/kabu_trade" }))],
    ["a secret that nobody has filled in", () => write("secret", "{}")],
  ])("of %s are none: the unit fails", (_, spoil) => {
    converge();
    spoil();
    const { code, calls } = copy();
    expect(code).not.toBe(0);
    expect(calls.join("\n")).not.toContain("aws s3 cp");
    expect(left()).toEqual([]);
  });

  it("that fail are told by the next converge, which keeps the application from nothing", () => {
    converge();
    write("failed", "");
    const after = converge();
    expect(after.code).toBe(1);
    expect(after.output).toContain("the last copy of the database failed; see: journalctl --unit kabu-trade-dump");
    expect(after.calls).toContain("docker image prune --all --force");
  });

  it("that are overdue are asked for by the converge, which fails until there is one: of what failed, systemd knows nothing after a restart", () => {
    converge();
    // None yet, and none due: the first is waited for as long as any other.
    daysAgo(31.9);
    expect(converge()).toMatchObject({ code: 0, calls: ["docker image prune --all --force"] });
    daysAgo(32.1);
    for (const overdue of [converge(), converge()]) {
      expect(overdue).toMatchObject({
        code: 1,
        calls: ["docker image prune --all --force", "systemctl start kabu-trade-dump.service without waiting"],
      });
      expect(overdue.output).toMatch(
        /no copy of the database was made since \d{4}-\d\d-\d\d, and another one was asked for; see: journalctl/,
      );
    }
    write("database-rests", "");
    copy();
    expect(converge().code).toBe(1);
    rmSync(join(folder, "database-rests"));
    expect(copy()).toMatchObject({ code: 0 });
    expect(converge()).toMatchObject({ code: 0, calls: ["docker image prune --all --force"] });
  });

  it("are tried so often a day and no oftener, however long a try takes, and may write down that there is one", () => {
    const unit = text("units/kabu-trade-dump.service");
    const value = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(unit)![1]!;
    expect(["StartLimitIntervalSec", "TimeoutStartSec", "RestartSec"].map(value)).toEqual(["1d", "2h", "10min"]);
    expect(Number(value("StartLimitBurst")) * (120 + 10)).toBeLessThan(24 * 60);
    expect(value("ReadWritePaths")).toBe("/opt/tss/state");
  });

  judged("have units that systemd takes", systemdAnalyze(), (tool) => {
    write("opt/tss/host/dump.sh", text("dump.sh"), 0o755);
    for (const unit of ["kabu-trade-dump.service", "kabu-trade-dump.timer"])
      write(`units/${unit}`, text(`units/${unit}`).replaceAll("/opt/tss", join(folder, "opt/tss")));
    write("units/docker.service", "[Service]\nExecStart=/bin/true\n");
    const files = ["service", "timer"].map((kind) => join(folder, `units/kabu-trade-dump.${kind}`));
    expect(verdict(tool, ["verify", "--man=no", ...files]).output).not.toMatch(/kabu-trade-dump\.(service|timer):/);
    for (const when of ["week", "month"] as const) {
      const [, time] = /^OnCalendar=(.*)$/m.exec(Buffer.from(webFiles(when)["units/kabu-trade-dump.timer"]!).toString("utf8"))!;
      expect(verdict(tool, ["calendar", time!])).toMatchObject({ code: 0 });
    }
  });
});
