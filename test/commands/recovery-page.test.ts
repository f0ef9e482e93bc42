/** RPO and RTO, added up part by part (OPS-017, OPS-018, C-49). */
import {
  GOALS,
  meetsLoss,
  meetsRecovery,
  RECOVERY_PAGE,
  recoveryPage,
  recoveryTables,
  waysOf,
  type Way,
} from "../../commands/pages/recovery-page";
import { parseEnvironment } from "../../environments/reading/parse";
import { edited, GONE, WITHOUT_COPIES, type Base, type Edits } from "../environments/edits";

const ways = (base: Base, edits: Edits = {}) => waysOf(parseEnvironment(edited(base, edits), "environments/test.ts"));
const way = (all: readonly Way[], part: string, lost: Way["lost"]): Way => all.find((one) => one.part === part && one.lost === lost)!;
const of = (met: (one: Way) => boolean | undefined, all: readonly Way[]) =>
  Object.fromEntries(all.map((one) => [`${one.part}, ${one.lost}`, met(one)]));

it("production meets an RPO of an hour where its region stands, and says where it does not", () => {
  expect(of(meetsLoss, ways("prod"))).toEqual({
    "Orders table, the part alone": true,
    "Orders table, the region": false,
    "Trading buckets, the part alone": true,
    "Trading buckets, the region": undefined,
    "Database, the part alone": true,
    "Database, the region": undefined,
    "Hosts, the part alone": true,
    "What was put on a host by hand, the part alone": false,
  });
});

it("a daily backup may lose a day and all of its windows", () => {
  const edits = { "backup.table.startWindowMinutes": 90, "backup.table.completionWindowMinutes": 150 };
  expect(way(ways("prod", edits), "Orders table", "the region").loss).toBe(1440 + 90 + 150);
  expect(way(ways("dev"), "What was put on a host by hand", "the part alone").loss).toBe(1440 + 60 + 180);
});

it("what is not copied is lost with its region", () => {
  const alone = ways("prod", { ...WITHOUT_COPIES, "data.replication": GONE });
  for (const part of ["Orders table", "Trading buckets", "Database"])
    expect([part, way(alone, part, "the region").loss, meetsRecovery(way(alone, part, "the region"))]).toEqual([part, Infinity, false]);
  expect(way(ways("prod", { "data.rds.copyRetentionDays": GONE }), "Database", "the region").keptBy).toBe("nothing");
  expect(ways("dev", { backup: GONE }).map(({ part }) => part)).not.toContain("What was put on a host by hand");
});

it("an RTO is met by what is measured alone, and missed by what is too long already", () => {
  const steps = (...minutes: (number | undefined)[]): Way => ({
    part: "x",
    lost: "the part alone",
    keptBy: "y",
    steps: minutes.map((one) => ({ what: "z", minutes: one })),
  });
  expect(meetsRecovery(steps(60, GOALS.recovery - 60))).toBe(true);
  expect(meetsRecovery(steps(60, GOALS.recovery - 59))).toBe(false);
  expect(meetsRecovery(steps(60, undefined))).toBeUndefined();
  expect(meetsRecovery(steps(241, undefined))).toBe(false);
  expect(meetsRecovery(steps())).toBe(false);
});

it("what the recovery test measures is held to the RTO by it, and nothing else is said to meet it", () => {
  const met = (all: readonly Way[]) => all.filter((one) => meetsRecovery(one)).map(({ part, lost }) => `${part}, ${lost}`);
  expect(met(ways("prod"))).toEqual(["Hosts, the part alone"]);
  expect(met(ways("prod", { "backup.recoveryTest": GONE }))).toEqual([]);
  // The table comes back in time by the test, but nobody has measured how its readers are switched over.
  expect(way(ways("prod"), "Orders table", "the part alone").steps.map(({ minutes, tested }) => tested ?? minutes)).toEqual([
    0,
    true,
    undefined,
  ]);
});

it.each(["dev", "staging", "prod"] as const)("says of %s why a goal is not met, and of nothing else", (base) => {
  for (const one of ways(base)) {
    const met = meetsLoss(one) === true && meetsRecovery(one) === true;
    expect([one.part, one.lost, one.why === undefined]).toEqual([one.part, one.lost, met]);
  }
});

it("writes its tables between the marks, and nothing else", () => {
  const environment = parseEnvironment(edited("prod", {}), "environments/test.ts");
  const page = "before\n<!-- written by npm run docs -->\nwhat stood there\n<!-- end of what is written by npm run docs -->\nafter\n";
  const written = recoveryPage(page, [environment]);
  expect(written).toMatch(/^before\n/);
  expect(written).toMatch(/\nafter\n$/);
  expect(written).toContain(recoveryTables([environment]));
  expect(written).not.toContain("what stood there");
  expect(recoveryPage(written, [environment])).toBe(written);
  expect(() => recoveryPage("no marks", [environment])).toThrow(RECOVERY_PAGE);
});
