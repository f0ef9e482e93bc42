/** The web application's fields and rules. */
import { WEB_RULES } from "../../environments/rules/web";
import { characters, NO_NUMBER, NO_TEXT, testFields, type Field } from "./field-cases";
import { testRules, type Case } from "./rule-cases";

const FIELDS: readonly Field[] = [
  { path: "web", allowed: "an object", refused: [null, true, "personal"], accepted: [undefined] },
  {
    path: "web.tier",
    allowed: '"personal", "free", "standard"',
    refused: [undefined, null, "none", "Personal", ""],
    accepted: ["personal", "free", "standard"],
  },
  ...["frontendBucket", "accessLogBucket", "backupBucket"].map((bucket): Field => ({
    path: `web.${bucket}.name`,
    allowed: "3 to 63 of a-z, 0-9 and -",
    refused: [...NO_TEXT, "ab", "Kabu", "a.b", "-ab"],
    accepted: ["abc", characters(63)],
  })),
  { path: "web.backupBucket", allowed: "an object", refused: [null, "kabu-trade-backups"], accepted: [undefined] },
  {
    path: "web.accessLogBucket.expirationDays",
    allowed: "a whole number of days from 1 to 36500",
    refused: [...NO_NUMBER, 0, 36_501],
    accepted: [1, 36_500],
  },
  {
    path: "web.contentSecurityPolicy",
    allowed: "1 to 1000 characters on one line",
    refused: [null, 5, "", "default-src\n'self'", "default-src ${x}", characters(1001)],
    accepted: [undefined, "default-src 'none'"],
  },
  {
    path: "web.apiOrigin",
    allowed: "a host name of at most 253 characters",
    refused: [
      null,
      5,
      "",
      "localhost",
      "https://api.example.com",
      "api.example.com/v1",
      "API.example.com",
      "a_b.example.com",
      "203.0.113.1",
      "-a.example.com",
    ],
    accepted: [undefined, "a.jp", "api.example.com"],
  },
  {
    path: "web.database",
    allowed: "an object with the keys id, instanceClass",
    refused: [null, "rds"],
    accepted: [undefined],
    base: "dev",
  },
  {
    path: "web.database.maxAllocatedStorageGigabytes",
    allowed: "a whole number of GB from 20 to 65536",
    refused: [null, 19, 65_537],
    accepted: [undefined, 22],
    base: "dev",
    with: { "web.tier": "free" },
  },
  // Nothing copies it to a second region.
  { path: "web.database.copyRetentionDays", allowed: "no such key", refused: [7], accepted: [], base: "dev" },
  {
    path: "web.countries[0]",
    allowed: "a country's code of two capital letters",
    refused: [null, "jp", "JPN", "J"],
    accepted: ["JP", "US"],
    with: { "web.countries": ["JP"] },
  },
  {
    path: "web.webAcl.requestsPerFiveMinutes",
    allowed: "a whole number of requests from 10 to 2000000000",
    refused: [null, 9, 2_000_000_001, "10"],
    accepted: [undefined, 10, 2_000_000_000],
  },
  {
    path: "web.errorAlarmPercent",
    allowed: "a whole number of percent from 1 to 99",
    refused: [null, 0, 100, 1.5],
    accepted: [undefined, 1, 99],
  },
];

const POLICY = "web.contentSecurityPolicy";
const CASES: readonly Case[] = [
  {
    rule: "the content security policy has something to fall back to",
    base: "dev",
    refused: { [POLICY]: "script-src 'self'" },
    path: POLICY,
    allowed: /^a policy with default-src/,
    accepted: { [POLICY]: "script-src 'self'; default-src 'none'" },
  },
  ...["'unsafe-inline'", "'unsafe-eval'", "*", "https:", "data:"].map((source): Case => ({
    rule: "only development runs scripts from anywhere",
    base: "staging",
    refused: { [POLICY]: `default-src 'self'; script-src 'self' ${source}` },
    path: POLICY,
    allowed: `scripts from named hosts, by hash or 'self' alone, without ${source}, because stage is staging`,
    accepted: { [POLICY]: `default-src 'self'; script-src 'self' https://cdn.example.com; style-src ${source}` },
  })),
  {
    rule: "only development runs scripts from anywhere",
    base: "prod",
    refused: { [POLICY]: "default-src * 'unsafe-inline'" },
    path: POLICY,
    allowed: /without \* and 'unsafe-inline', because stage is production$/,
    accepted: { [POLICY]: "default-src *; script-src 'none'" },
  },
  {
    rule: "only development runs scripts from anywhere",
    base: "prod",
    // Browsers take the first of two.
    refused: { [POLICY]: "default-src 'self'; SCRIPT-SRC 'Unsafe-Inline'; script-src 'self'" },
    path: POLICY,
    allowed: /without 'unsafe-inline'/,
    accepted: { [POLICY]: "default-src 'self'; script-src 'self'; script-src 'unsafe-inline'" },
  },
  {
    rule: "a database for one person stays as large as it is",
    base: "dev",
    refused: { "web.database.maxAllocatedStorageGigabytes": 100 },
    path: "web.database.maxAllocatedStorageGigabytes",
    allowed: "nothing, because web.tier is personal",
    accepted: { "web.database.maxAllocatedStorageGigabytes": 100, "web.tier": "free" },
  },
  {
    rule: "a country stands in the list once",
    base: "prod",
    refused: { "web.countries": ["JP", "US", "JP"] },
    path: "web.countries[2]",
    allowed: 'an entry that the list does not hold yet; "JP" is web.countries[0]',
    accepted: { "web.countries": ["JP", "US"] },
  },
];

describe("fields", () => {
  testFields(FIELDS);
});
describe("rules", () => {
  testRules(WEB_RULES, CASES);
});
