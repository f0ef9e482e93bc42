/** The web application's fields and rules. */
import { WEB_RULES } from "../../environments/rules/web";
import { GONE } from "./edits";
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
  { path: "web.domain", allowed: "an object", refused: [null, "kabu-trade.example.com"], accepted: [undefined] },
  { path: "web.domain.names", allowed: "at least one name", refused: [[]], accepted: [["example.com"]] },
  {
    path: "web.domain.names",
    allowed: "at most ten names",
    refused: [Array.from({ length: 11 }, (_, index) => `a${index}.example.com`)],
    accepted: [Array.from({ length: 10 }, (_, index) => `a${index}.example.com`)],
  },
  ...["names[0]", "zone"].map((field): Field => ({
    path: `web.domain.${field}`,
    allowed: "a host name of at most 253 characters",
    refused: [...NO_TEXT, "localhost", "*.example.com", "Example.com", "example.com."],
    accepted: ["example.com"],
  })),
  {
    path: "web.database",
    allowed: "an object with the keys id, instanceClass",
    refused: [null, "rds"],
    accepted: [undefined],
    base: "dev",
    with: { "web.backend.databaseSecret": GONE },
  },
  {
    path: "web.backend",
    allowed: "an object with the keys instanceType, image",
    refused: [null, "ec2"],
    accepted: [undefined],
    base: "dev",
    with: { "web.database": GONE },
  },
  {
    path: "web.backend.rootVolumeGigabytes",
    allowed: "a whole number of GB from 8 to 16384",
    refused: [null, 7, 16_385],
    accepted: [undefined, 8],
    base: "dev",
  },
  {
    path: "web.backend.swapMegabytes",
    allowed: "a whole number of MB from 256 to 8192",
    refused: [null, 255, 8193],
    accepted: [undefined, 256, 8192],
    base: "dev",
  },
  {
    path: "web.backend.apiImage",
    allowed: "latest",
    refused: [...NO_TEXT, "kabu-trade-api:latest", "kabu-trade-api"],
    accepted: ["kabu-trade-api-dev:none", "kabu-trade-api-dev:1.2.0", `kabu-trade-api-dev@sha256:${characters(64)}`],
    base: "dev",
  },
  {
    path: "web.backend.cacheImage",
    allowed: "an image with its registry and digest",
    refused: [
      ...NO_TEXT,
      "redis",
      "redis:7",
      "public.ecr.aws/docker/library/redis:7",
      `redis@sha256:${characters(64)}`,
      `public.ecr.aws/docker/library/redis@sha256:${characters(63)}`,
    ],
    accepted: [
      `public.ecr.aws/docker/library/redis@sha256:${characters(64)}`,
      `111122223333.dkr.ecr.ap-northeast-1.amazonaws.com/redis:7.4@sha256:${characters(64)}`,
    ],
    base: "dev",
  },
  { path: "web.backend.port", allowed: "a TCP port", refused: [null, 0, 65_536, "80"], accepted: [undefined, 80, 65_535], base: "dev" },
  {
    path: "web.backend.databaseSecret",
    allowed: "1 to 512 of A-Z, a-z, 0-9 and /_+=.@-",
    refused: [null, 5, "", "a b"],
    accepted: ["kabu-trade/url-dev"],
    base: "dev",
  },
  { path: "web.backend.logRetentionDays", allowed: "one of 1, 3, 5, 7", refused: [null, 31], accepted: [undefined, 90], base: "dev" },
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
const ADMINS = "web.backend.adminCidrs";
const addresses = (count: number) => Array.from({ length: count }, (_, index) => `203.0.113.${index}/32`);
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
    rule: "a name of the domain stands in the list once",
    base: "prod",
    refused: { "web.domain.names": ["example.com", "www.example.com", "example.com"] },
    path: "web.domain.names[2]",
    allowed: 'an entry that the list does not hold yet; "example.com" is web.domain.names[0]',
    accepted: { "web.domain.names": ["example.com", "www.example.com"] },
  },
  {
    rule: "the zone holds every name of the domain",
    base: "prod",
    refused: { "web.domain.names": ["example.com", "kabu.notexample.com"] },
    path: "web.domain.names[1]",
    allowed: "example.com, which is web.domain.zone, or a name below it",
    accepted: { "web.domain.names": ["example.com", "kabu.not.example.com"] },
  },
  {
    rule: "a machine serves the small tiers alone",
    base: "dev",
    refused: { "web.tier": "standard" },
    path: "web.tier",
    allowed: '"personal" or "free", because web.backend describes a machine',
    accepted: { "web.tier": "free" },
  },
  {
    rule: "one host answers for the API",
    base: "dev",
    refused: { "web.apiOrigin": "api.example.com" },
    path: "web.apiOrigin",
    allowed: "nothing, because web.backend answers below /api/",
    accepted: { "web.apiOrigin": "api.example.com", "web.backend": GONE, "web.database": GONE },
  },
  {
    rule: "a backend is told of the database exactly where there is one",
    base: "dev",
    refused: { "web.backend.databaseSecret": GONE },
    path: "web.backend.databaseSecret",
    allowed: "the name of a secret, because there is web.database",
    accepted: { "web.backend.databaseSecret": GONE, "web.database": GONE },
  },
  {
    rule: "a backend is told of the database exactly where there is one",
    base: "dev",
    refused: { "web.database": GONE },
    path: "web.database",
    allowed: "an object, because web.backend.databaseSecret is for its address",
    accepted: { "web.backend.databaseSecret": "kabu-trade/other-dev" },
  },
  {
    rule: "a database has a backend that reaches it",
    base: "dev",
    refused: { "web.backend": GONE },
    path: "web.backend",
    allowed: "an object, because there is web.database, which nothing else reaches",
    accepted: { "web.backend": GONE, "web.database": GONE },
  },
  {
    rule: "a network of administrators stands in the list once",
    base: "dev",
    refused: { [ADMINS]: ["203.0.113.7/32", "203.0.113.8/32", "203.0.113.7/32"] },
    path: `${ADMINS}[2]`,
    allowed: `an entry that the list does not hold yet; "203.0.113.7/32" is ${ADMINS}[0]`,
    accepted: { [ADMINS]: ["203.0.113.7/32", "203.0.113.8/32"] },
  },
  {
    // Development too.
    rule: "administrators come from addresses of their own",
    base: "dev",
    refused: { [ADMINS]: ["203.0.112.0/23"] },
    path: `${ADMINS}[0]`,
    allowed: "a network of /24 or narrower: SSH is open to administrators' own addresses only",
    accepted: { [ADMINS]: ["203.0.113.0/24"] },
  },
  {
    rule: "SSH leads to a public address, beside CloudFront's many",
    base: "dev",
    refused: { [ADMINS]: addresses(6) },
    path: ADMINS,
    allowed: "5 networks at the most: a security group takes 60 rules, and CloudFront's list counts as 55",
    accepted: { [ADMINS]: addresses(5) },
  },
  {
    rule: "SSH leads to a public address, beside CloudFront's many",
    base: "staging",
    refused: { [ADMINS]: addresses(1) },
    path: ADMINS,
    allowed: "an empty list: in a network of its own the machine has no public address",
    accepted: { [ADMINS]: [] },
  },
  {
    rule: "a backend without a public address has a way out",
    base: "staging",
    refused: { "network.nat": { kind: "none" } },
    path: "network.nat.kind",
    allowed: /^"instance" or "gateway", because web\.backend stands in a private subnet/,
    accepted: { "network.nat": { kind: "gateway" } },
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
