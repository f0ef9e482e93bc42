/** What docs/environments.md shows; that it is current, test/literals/docs.test.ts looks after. */
import { environmentsTable } from "../../commands/pages/environments-table";
import { loadEnvironments } from "../fixtures/environments";
import { environment } from "./edits";

const rows = (page: string) => page.split("\n").filter((line) => line.startsWith("| `"));
const furtherQueue = {
  name: "Reports",
  visibilityTimeoutSeconds: 60,
  messageRetentionSeconds: 345_600,
  deadLetter: { name: "Reports_DLQ", maxReceiveCount: 3, visibilityTimeoutSeconds: 60 },
};
const rowOf = (page: string, path: string) => rows(page).filter((line) => line.startsWith(`| \`${path}\` |`));

it("shows a value that differs, defaults filled in, and not one that is equal", () => {
  const page = environmentsTable(loadEnvironments());
  expect(rowOf(page, "windows.instanceType")).toEqual(["| `windows.instanceType` | `t3.small` | `t3.medium` | `t3.medium` |"]);
  expect(rowOf(page, "deletionProtection")).toEqual(["| `deletionProtection` | `false` | `true` | `true` |"]);
  expect(rowOf(page, "data.replication.region")).toEqual(["| `data.replication.region` | – | – | `ap-northeast-3` |"]);
  expect(rowOf(page, "windows.adminCidrs")).toEqual(["| `windows.adminCidrs` | `0.0.0.0/0` | none | none |"]);
  expect(rowOf(page, "region")).toEqual([]);
  expect(rowOf(page, "windows.image.id")).toEqual([]);
});

it("shows each path once", () => {
  const paths = rows(environmentsTable(loadEnvironments())).map((line) => line.split(" | ")[0]);
  expect(new Set(paths).size).toBe(paths.length);
});

it("shows every value that differs, and none that does not, one edit at a time", () => {
  const base = environment("prod");
  for (const [path, value, expected] of [
    ["data.table.recoveryPeriodDays", 7, "| `data.table.recoveryPeriodDays` | `35` | `7` |"],
    ["data.buckets.rawMarketData.transitions[2].days", 400, "| `data.buckets.rawMarketData.transitions[2].days` | `365` | `400` |"],
    ["data.cache.parameters.timeout", "0", "| `data.cache.parameters.timeout` | `300` | `0` |"],
    ["tags.Owner", "ops", "| `tags.Owner` | – | `ops` |"],
    [
      "events.alertSubscriptions[1]",
      { protocol: "https", endpoint: "https://example.com/a|b" },
      "| `events.alertSubscriptions[1].endpoint` | – | `https://example.com/a\\|b` |",
    ],
    [
      "windows.uiCidrs",
      ["203.0.113.0/24", "198.51.100.0/24"],
      "| `windows.uiCidrs` | `203.0.113.0/24` | `203.0.113.0/24`, `198.51.100.0/24` |",
    ],
    ["events.queues.reports", furtherQueue, "| `events.queues.reports.visibilityTimeoutSeconds` | – | `60` |"],
    ["events.systemEventsTopic", "Other", "| `events.systemEventsTopic` | `TSS_SystemEventsTopic` | `Other` |"],
    [
      "linuxEngine",
      { securityGroup: "engine", instanceType: "t3.small", image: { id: "ami-0dafcef1", architecture: "x86_64" } },
      "| `linuxEngine.instanceType` | `t4g.small` | `t3.small` |",
    ],
  ] as const) {
    const page = environmentsTable([base, environment("prod", { [path]: value })]);
    const names = page.indexOf("\n## Names");
    expect(page.slice(0, names)).toContain(expected);
    expect(rows(page.slice(0, names)).every((line) => line.startsWith(`| \`${path}`))).toBe(true);
  }
});

it("says once what a name looks like that differs in account and suffix only", () => {
  const page = environmentsTable(loadEnvironments());
  expect(rowOf(page, "data.buckets.rawMarketData.name")).toEqual([
    "| `data.buckets.rawMarketData.name` | `tss-raw-market-data-<account><nameSuffix>` | all |",
  ]);
  expect(rowOf(page, "events.alertProcessingQueue.name")).toEqual([
    "| `events.alertProcessingQueue.name` | `AlertProcessingQueue<nameSuffix>` | staging, prod |",
  ]);
  expect(rowOf(page, "data.secrets.mt5.name")).toEqual([
    "| `data.secrets.mt5.name` | `TSS/mt5/demo-dev` | `TSS/mt5/demo-staging` | `TSS/mt5/live` |",
  ]);
});

it("depends on nothing but the environments", () =>
  expect(environmentsTable(loadEnvironments())).toBe(environmentsTable(loadEnvironments())));
