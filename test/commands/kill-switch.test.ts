/** What the kill switch's command says and how it ends; what it does: test/delivery/kill-switch. */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { exitCodeOf, progressLines, statusCodeOf, switchedText } from "../../commands/kill-switch/text";
import { killSwitchCommand } from "../../commands/kill-switch";
import type { HostReport, TradingHost } from "../../delivery/kill-switch/hosts";
import type { SwitchItem } from "../../delivery/kill-switch/item";
import type { Switched } from "../../delivery/kill-switch/switch";

const host = (name: string): TradingHost => ({ id: `i-${name}`, name, kind: "windows", state: "running" });
const report = (outcome: HostReport["outcome"], text = "stands still"): HostReport => ({ host: host("a"), outcome, text, seconds: 1.23 });
const item = (state: SwitchItem["state"]): SwitchItem => ({
  state,
  version: "3",
  updatedBy: "arn:x",
  updatedAt: "2026-11-29T14:00:00.000Z",
  reason: "why",
});
const switched = (more: Partial<Switched> = {}): Switched => ({
  item: item("active"),
  faults: [],
  notes: [],
  reports: [report("done")],
  ...more,
});

it.each<[number, "active" | "inactive", Partial<Switched>]>([
  [0, "active", {}],
  [0, "active", { reports: [report("off")] }],
  [2, "active", { reports: [report("done"), report("silent")] }],
  [2, "active", { reports: [report("failed")] }],
  [2, "active", { faults: ["The hosts could not be found"] }],
  [3, "active", { item: undefined }],
  [3, "active", { item: item("inactive") }],
  [0, "inactive", { item: item("inactive") }],
  [0, "inactive", { item: { state: "unset" } }],
  [2, "inactive", { item: item("inactive"), reports: [report("silent")] }],
  [3, "inactive", { item: item("active") }],
  [3, "inactive", { item: item("unclear") }],
])("exit code %i, where %s is wanted: %j", (code, wanted, more) => expect(exitCodeOf(switched(more), wanted)).toBe(code));

it.each<[number, SwitchItem | undefined]>([
  [0, { state: "unset" }],
  [0, item("inactive")],
  [10, item("active")],
  [11, item("unclear")],
  [11, undefined],
])("status ends with %i, as the hosts' own command, for %j", (code, now) => expect(statusCodeOf(switched({ item: now }))).toBe(code));

it("says who, since when, why, and each host by name", () => {
  const text = switchedText(
    switched({ notes: ["a note"], faults: ["a fault"], reports: [report("done"), report("silent", "no answer within 9 s")] }),
  );
  expect(text.split("\n").map((line) => line.replace(/ +/g, " "))).toEqual([
    "The kill switch is on: nothing may trade (since 2026-11-29T14:00:00.000Z, by arn:x, version 3, reason: why).",
    "a note",
    "host instance says seconds",
    expect.stringMatching(/^─+$/),
    "a i-a answered stands still 1.2",
    "a i-a NO ANSWER no answer within 9 s 1.2",
    "a fault",
  ]);
  expect(switchedText({ ...switched(), reports: [] })).toContain("No host was told anything");
});

it("shows a host as waiting until it has answered", () => {
  const one = report("done");
  expect(progressLines({ hosts: [one.host, host("b")], reports: [one] })).toEqual(["a (i-a): answered, stands still", "b (i-b): waiting"]);
});

it("starts as npm run starts it: without the provider's bindings, which plain Node cannot load", () => {
  const root = resolve(__dirname, "..", "..");
  const { status, stdout } = spawnSync(process.execPath, [join(root, "commands", "run.mjs"), "kill-switch", "--help"], {
    encoding: "utf8",
    cwd: root,
  });
  expect([status, stdout]).toEqual([0, expect.stringContaining("Usage: npm run kill-switch")]);
}, 60_000);

it("says where, and no tick stands before what is not as asked for", () => {
  const root = resolve(__dirname, "..", "..");
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "commands", "run.mjs"), "kill-switch", "dev", "status"], {
    encoding: "utf8",
    cwd: root,
    // Nobody answers there.
    env: { ...process.env, EMULATOR_ENDPOINT: "http://127.0.0.1:1" },
  });
  expect([status, stderr]).toEqual([11, expect.stringContaining("✖ Asking: dev in the emulator at http://127.0.0.1:1 [FAILED")]);
  expect(stdout).not.toContain("✔");
  expect(stdout).toMatch(/The item cannot be read/);
}, 60_000);

describe("arguments", () => {
  const run = (...words: string[]) =>
    killSwitchCommand({ root: "/nowhere" } as never)
      .exitOverride()
      .configureOutput({ writeErr: () => undefined })
      .parseAsync(words, { from: "user" });
  it.each([
    [["dev", "of"], /Allowed choices are on, off, status/],
    [["dev", "on", "--wait", "0"], /a whole number of seconds, 1 to 600/],
    [["dev", "on", "--wait", "601"], /a whole number of seconds, 1 to 600/],
    [["dev", "off", "--emergency"], /--emergency goes with on alone/],
    [["dev", "status", "--emergency"], /--emergency goes with on alone/],
  ])("%j is refused", async (words, message) => {
    await expect(run(...words)).rejects.toThrow(message);
  });

  it("off needs the environment's name, on does not", async () => {
    const { EMULATOR_ENDPOINT: before } = process.env;
    process.env.EMULATOR_ENDPOINT = "http://127.0.0.1:1";
    try {
      await expect(run("dev", "off")).rejects.toThrow(/pass --confirm dev/);
      await expect(run("dev", "off", "--confirm", "prod")).rejects.toThrow(/--confirm is "prod"/);
    } finally {
      if (before === undefined) delete process.env.EMULATOR_ENDPOINT;
      else process.env.EMULATOR_ENDPOINT = before;
    }
  });
});
