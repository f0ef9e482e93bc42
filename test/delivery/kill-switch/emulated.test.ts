/** The kill switch thrown on an emulator, with real processes in place of the trading programs; the hosts' own code reads the item. */
import { readFileSync, writeFileSync } from "node:fs";
import { hostNames } from "../../../constructs/hosts/host-names";
import { tell, findHosts } from "../../../delivery/kill-switch/hosts";
import { readItem, writeOver } from "../../../delivery/kill-switch/item";
import { lookAtSwitch, releaseSwitch, throwSwitch, type Switched, type Switching } from "../../../delivery/kill-switch/switch";
import { environment as literal } from "../../environments/edits";
import { Machines } from "./machines";

jest.setTimeout(120_000);

const environment = literal("staging");
const { windows, engine, worker } = hostNames(environment) as Record<"windows" | "engine" | "worker", string>;
const table = environment.data.table.name;
/** No program takes that long to hear of it here; told apart from "never". */
const SOON = 15_000;

let machines: Machines;
const switching = (more: Partial<Switching> = {}): Switching => ({
  aws: machines.aws,
  environment,
  reason: "test",
  waitSeconds: 30,
  signal: new AbortController().signal,
  onProgress: () => undefined,
  ...more,
});
const outcomes = ({ reports }: Switched) => Object.fromEntries(reports.map(({ host, outcome }) => [host.name, outcome]));
const ALL_DONE = { [windows]: "done", [engine]: "done", [worker]: "done" };
const nothingTrades = async () => expect(await machines.tradesWithin(1500)).toBe(0);
const everythingTrades = () =>
  machines.until(() => machines.trading().every((name) => Date.now() - (machines.trades(name).at(-1) ?? 0) < 500));

beforeAll(async () => {
  machines = await Machines.open(environment);
});
afterAll(async () => {
  await machines.close();
});
beforeEach(async () => {
  await machines.reset();
});

it("on, while the watchdog runs: item first, all hosts stand still, and nothing trades afterwards", async () => {
  const started = Date.now();
  const seen: string[] = [];
  const switched = await throwSwitch(
    switching({ onProgress: ({ item, hosts, reports }) => seen.push(`${item?.state} ${hosts.length} ${reports.length}`) }),
  );
  expect(switched).toMatchObject({ item: { state: "active", version: "1", reason: "test" }, faults: [], notes: [] });
  expect(switched.item!.updatedBy).toMatch(/^arn:aws:/);
  expect(outcomes(switched)).toEqual(ALL_DONE);
  expect(switched.reports.map(({ text }) => text)).toEqual(["stands still", "stands still", "stands still"]);
  expect(seen[0]).toBe("active 0 0");
  expect(seen.at(-1)).toBe("active 3 3");
  expect(machines.lastTrade() - started).toBeLessThan(SOON);
  process.stderr.write(`Nothing traded ${machines.lastTrade() - Date.parse(switched.item!.updatedAt!)} ms after the item was written.\n`);
  await nothingTrades();
  // A start by hand, a converge and a boot, all the same: it stays down.
  machines.run(engine, "systemctl", "start", "trading-engine.service");
  await nothingTrades();
  expect(await readItem(machines.aws, table)).toEqual(switched.item);
});

it("off turns everything back, and the hosts start by themselves once the item lets them", async () => {
  const on = await throwSwitch(switching());
  const off = await releaseSwitch(switching({ reason: "over" }));
  expect(off).toMatchObject({ item: { state: "inactive", version: "2", reason: "over" }, faults: [] });
  expect(outcomes(off)).toEqual(ALL_DONE);
  await everythingTrades();
  expect(machines.exists(engine, "root/etc/tss/stop")).toBe(false);
  expect(on.item!.version).toBe("1");
});

it("a host that is ready trades no sooner than the item says off", async () => {
  await throwSwitch(switching());
  const hosts = await findHosts(machines.aws, environment);
  for (const host of hosts)
    await tell(machines.aws, host, { environment, action: "ready", waitSeconds: 30, signal: new AbortController().signal });
  await nothingTrades();
  await releaseSwitch(switching());
  await everythingTrades();
});

it("a host that does not answer is named, the others stand still, and it starts nothing once it looks", async () => {
  machines.put(engine, "hangs");
  const switched = await throwSwitch(switching({ waitSeconds: 8 }));
  expect(outcomes(switched)).toEqual({ ...ALL_DONE, [engine]: "silent" });
  expect(switched.reports.find(({ host }) => host.name === engine)!.text).toBe("no answer within 8 s");
  // What ran there goes on: that is for the person who reads it. Whatever starts it anew is refused.
  machines.run(engine, "end", "trading-engine.service");
  machines.run(engine, "systemctl", "start", "trading-engine.service");
  await nothingTrades();
  const off = await releaseSwitch(switching({ waitSeconds: 8 }));
  expect(off.item!.state).toBe("active");
  expect(off.faults).toEqual([expect.stringContaining("The switch stays on")]);
  await nothingTrades();
  expect((await releaseSwitch(switching(), [engine])).item!.state).toBe("inactive");
});

it("a host that Systems Manager does not reach for a while stops when it is back", async () => {
  machines.put(windows, "offline");
  expect(outcomes(await throwSwitch(switching({ waitSeconds: 10 })))[windows]).toBe("silent");
  machines.remove(windows, "offline");
  await machines.until(() => Date.now() - machines.lastTrade() > 2000);
  await nothingTrades();
});

it("the Sunday start while the switch is on: a machine that was stopped then starts nothing", async () => {
  const { id } = (await findHosts(machines.aws, environment)).find(({ name }) => name === windows)!;
  machines.run(windows, "end-all");
  await machines.power(id, false);
  try {
    const switched = await throwSwitch(switching());
    expect(switched.reports.find(({ host }) => host.name === windows)).toMatchObject({ outcome: "off", text: "the machine is stopped" });
    expect(machines.exists(windows, "AXIA_Order_Manager.disabled")).toBe(false);
  } finally {
    await machines.power(id, true);
  }
  // Nobody told it anything: its own look at the item is what counts.
  machines.startAll();
  await nothingTrades();
  expect(machines.exists(windows, "AXIA_Monitor.pid")).toBe(true);
});

it("a host that cannot stop says what runs still", async () => {
  machines.put(engine, "stubborn");
  const switched = await throwSwitch(switching());
  expect(outcomes(switched)).toEqual({ ...ALL_DONE, [engine]: "failed" });
  expect(switched.reports.find(({ host }) => host.name === engine)!.text).toMatch(/^still runs: trading-engine\.service active/);
});

it("two at once: one writes, the other says so, nothing is overwritten, and all stand still", async () => {
  const [a, b] = await Promise.all([throwSwitch(switching({ reason: "a" })), throwSwitch(switching({ reason: "b" }))]);
  const item = await readItem(machines.aws, table);
  expect([a.item, b.item]).toEqual([item, item]);
  expect(item.version).toBe("1");
  expect([...a.notes, ...b.notes]).toEqual([expect.stringContaining("It was on already")]);
  expect([...a.faults, ...b.faults]).toEqual([]);
  expect([outcomes(a), outcomes(b)]).toEqual([ALL_DONE, ALL_DONE]);
  await nothingTrades();
  await releaseSwitch(switching());
  await everythingTrades();
});

it("the table gone: fails closed and says so; in an emergency the hosts are stopped nevertheless, and do not start again", async () => {
  await machines.dropTable();
  await expect(throwSwitch(switching())).rejects.toThrow(/^The kill switch is NOT on: table .* --emergency stops the hosts without it\.$/);
  expect(await machines.tradesWithin(500)).toBeGreaterThan(0);
  const switched = await throwSwitch(switching(), true);
  expect(switched.item).toBeUndefined();
  expect(switched.faults).toEqual([expect.stringContaining("The item is NOT written")]);
  expect(outcomes(switched)).toEqual(ALL_DONE);
  await nothingTrades();
  machines.startAll();
  await nothingTrades();
  await expect(releaseSwitch(switching())).rejects.toThrow("Nothing was changed");
  expect((await lookAtSwitch(switching())).faults).toEqual([expect.stringContaining("which every host takes for on")]);
});

it("interrupted: the item stays written, every host was told, none is waited for", async () => {
  const stop = new AbortController();
  const switched = await throwSwitch(
    switching({
      signal: stop.signal,
      onProgress: ({ item }) => {
        if (item) stop.abort();
      },
    }),
  );
  expect((await readItem(machines.aws, table)).state).toBe("active");
  expect(switched.reports.map(({ outcome, text }) => [outcome, text.split(":")[0]])).toEqual(Array(3).fill(["silent", "not waited for"]));
  await machines.until(() => Date.now() - machines.lastTrade() > 2000);
  await nothingTrades();
});

it("what an operator had stopped stays stopped when the switch is off again", async () => {
  const file = machines.path(engine, "root", "etc", "tss", "stop");
  machines.run(engine, "systemctl", "stop", "trading-engine.service", "data-collector.service");
  machines.makeFolder(engine, "root/etc/tss");
  writeFileSync(file, "kill switch of mine\n");
  await throwSwitch(switching());
  const off = await releaseSwitch(switching());
  expect(off.reports.find(({ host }) => host.name === engine)!.text).toMatch(
    /^ready, but nothing starts: .*\/stop is an operator's, and stays$/,
  );
  expect(readFileSync(file, "utf8")).toBe("kill switch of mine\n");
  await machines.until(() => Date.now() - (machines.trades(windows).at(-1) ?? 0) < 500);
  expect(Date.now() - machines.trades(engine).at(-1)!).toBeGreaterThan(1000);
});

it("off never overwrites a switch that was thrown anew meanwhile", async () => {
  await throwSwitch(switching());
  const read = await readItem(machines.aws, table);
  let thrown = false;
  const off = await releaseSwitch(
    switching({
      onProgress: ({ hosts }) => {
        if (hosts.length === 0 || thrown) return;
        thrown = true;
        void writeOver(machines.aws, table, read, { active: true, reason: "again", updatedBy: "x", updatedAt: new Date().toISOString() });
      },
    }),
  );
  expect(off).toMatchObject({
    item: { state: "active", reason: "again", version: "2" },
    faults: [expect.stringContaining("changed by somebody else")],
  });
  await nothingTrades();
});

it("status changes nothing and says what each host does", async () => {
  const before = await lookAtSwitch(switching());
  expect(before).toMatchObject({ item: { state: "unset" }, faults: [] });
  expect(before.reports.map(({ text }) => text)).toEqual([
    "runs: AXIA_Monitor, AXIA_Order_Manager, AXIA_MT5",
    "runs: trading-engine.service active, data-collector.service active",
    "runs: trading-engine.service active, data-collector.service active",
  ]);
  await throwSwitch(switching());
  expect((await lookAtSwitch(switching())).reports.map(({ text }) => text)).toEqual([
    "stands still",
    "stands still (stopped by the kill switch)",
    "stands still (stopped by the kill switch)",
  ]);
});
