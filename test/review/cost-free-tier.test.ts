/** What the free tier's guard reads from a literal is what the estimate makes of the stack that is synthesised from it: nothing is forgotten. */
import { AGENT_METRICS, webCharges } from "../../environments/rules/web-charges";
import { dollarsFor } from "../../environments/facts/prices";
import { plannedStack } from "../../review/cost/synthesised";
import { freeTierUse, freeTierWords } from "../../review/cost/free-tier";
import { detailedLines } from "../../review/cost/lines";
import type { StackJson } from "../../terraform/assembly";
import { environment, GONE, type Base, type Edits } from "../environments/edits";
import { synthEnvironments } from "../helpers/synth";
import { cents } from "./cost-cases";

/** The agent of the web machine sends less than the literal assumes of a host. */
const AGENT: Edits = { "cost.usage.hostMetrics": AGENT_METRICS };
/** What the price table does not know, and the guard leaves out for that; the zone and the way out stand in no `web` stack. */
const LEFT_OUT = ["logs.delivered", "sns.request"];
const ELSEWHERE = ["dns.zone"];

const byItem = (
  entries: readonly { readonly item: string; readonly dollars: number | undefined }[],
): Record<string, number | "unknown"> => {
  const sums: Record<string, number | "unknown"> = {};
  for (const { item, dollars } of entries) {
    const before = sums[item] ?? 0;
    sums[item] = dollars === undefined || before === "unknown" ? "unknown" : before + dollars;
  }
  return Object.fromEntries(
    Object.entries(sums).flatMap(([item, sum]) => (sum === 0 ? [] : [[item, sum === "unknown" ? sum : cents(sum)]])),
  );
};

const VARIANTS: readonly (readonly [string, Base, Edits])[] = [
  ["personal, as it is written", "dev", {}],
  ["personal, around the clock", "dev", { schedule: GONE }],
  ["free, in a network of its own under its own keys", "staging", {}],
  ["edge alone", "dev", { "web.backend": GONE, "web.database": GONE, "web.backupBucket": GONE }],
  [
    "all that costs something",
    "dev",
    {
      "web.tier": "free",
      customerManagedKeys: true,
      "web.webAcl": { logRetentionDays: 90 },
      "web.backend.instanceType": "t3.small",
      "web.backend.rootVolumeGigabytes": 40,
      "web.backend.logRetentionDays": 60,
      "web.database.instanceClass": "db.t4g.micro",
      "web.database.multiAz": true,
      "web.database.allocatedStorageGigabytes": 50,
      "web.domain": { names: ["kabu.example.com"], zone: "example.com" },
    },
  ],
];

it.each(VARIANTS)("%s", (_, base, edits) => {
  const literal = environment(base, { ...AGENT, ...edits });
  const stack = `${base}-web`;
  const json = synthEnvironments({ environments: [literal], target: { kind: "aws" } })[stack] as StackJson;
  const { after, region } = plannedStack(stack, json);
  const parts = detailedLines([{ stack, region, resources: after }], literal).flatMap((line) => line.parts);
  const estimated = byItem(parts.map(({ item, dollars }) => ({ item, dollars })).filter(({ item }) => !LEFT_OUT.includes(item)));
  const read = byItem(
    webCharges(literal)
      .filter(({ path, item }) => !path.startsWith("network.nat") && !ELSEWHERE.includes(item))
      .map(({ item, amount }) => {
        const each = dollarsFor(item, literal.region);
        return { item, dollars: each === undefined ? undefined : amount * each };
      }),
  );
  expect(read).toEqual(estimated);
  expect(Object.keys(read).length).toBeGreaterThan(4);
});

describe("the shares beside the documents' own", () => {
  const shares = (edits: Edits) => freeTierUse(environment("dev", edits))!;

  it("are the documents' where nothing rests (CST-011, CST-012), and smaller where it does", () => {
    const rows = (edits: Edits) =>
      shares(edits)
        .shares.map(({ documented, share }) => [documented, share])
        .filter(([text]) => text);
    expect(rows({ schedule: GONE })).toEqual([
      ["CST-011: 730 of 750 hours free, 97 %", "97 %"],
      ["CST-012: 730 of 750 hours free, 97 %", "97 %"],
      // Three buckets, of which the documents have one.
      ["CST-013: 1 of 5 GB free, 20 %", "60 %"],
      ["OBS-012: 10 of 10 metrics free, 100 %", "100 %"],
      // Of 1000 GB in place of 50.
      ["CST-014: 3 of 50 GB free, 6 %", "0.3 %"],
    ]);
    expect(rows({})[0]).toEqual(["CST-011: 730 of 750 hours free, 97 %", "71 %"]);
  });
  it("say by plan who pays, and that nothing is free without one", () => {
    expect(freeTierWords(shares({}))).toMatch(
      /^No credits and no twelve months' allowances .*so the promise of \$0 is off: beside what is always free the web application costs \$\d+\.\d\d a month, and what has no known price \(RDS db\.t3\.micro\)\.$/,
    );
    const legacy = shares({ "web.freeTier": "legacy", "web.beyondFreeTierDollars": 0.95 });
    expect(freeTierWords(legacy)).toContain("above them the web application costs $0.95 a month.");
    expect(legacy.shares.every(({ isFree }) => isFree)).toBe(true);
    const credits = shares({ "web.freeTier": "credits", "web.database.instanceClass": "db.t4g.micro" });
    expect(freeTierWords(credits)).toMatch(/^The account has credits for six months .*: \$\d\d\.\d\d a month\.$/);
    expect(credits.shares.filter(({ isFree }) => isFree).map(({ what }) => what)).toContain("CloudWatch's alarms");
  });
  it("are none of a tier that nobody promises to be free", () => expect(freeTierUse(environment("prod"))).toBeUndefined());
});
