/** What a literal says of the web application (kabu-trade). Part of schema.ts. */
import { z } from "zod";
import { webDatabase } from "./database";
import { bucketName, countryCode, hostName, integer, logRetentionDays, text } from "./fields";

/** For whom it is: one user, several within the free tier, small-scale operation (EDG-001 … EDG-003). */
export const WEB_TIERS = ["personal", "free", "standard"] as const;

/** Nothing but what the application itself serves; nobody may frame it. */
const OWN_ONLY =
  "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; upgrade-insecure-requests";

/** Left out: there is none. What serves the API is a host that exists already (`apiOrigin`); the tiers' own backends are not built yet. */
export const web = z.strictObject({
  /** Says how the buckets' objects age (C-28). */
  tier: z.enum(WEB_TIERS),
  /** The built frontend (DAT-055); not versioned, because its source is (DAT-058, C-29). */
  frontendBucket: z.strictObject({ name: bucketName }),
  /** Backups of the application's data, where it has any (DAT-056, DAT-057, C-33). */
  backupBucket: z.strictObject({ name: bucketName }).optional(),
  /** Who asked for what: logs of the distribution and of the buckets. */
  accessLogBucket: z.strictObject({ name: bucketName, expirationDays: integer(1, 36_500, "days") }),
  /** What the browser may load and run, as the header of this name says it. https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Content-Security-Policy */
  contentSecurityPolicy: text(1000).default(OWN_ONLY),
  /** What answers below `/api/`, by TLS (EDG-006, EDG-007, C-32). @default nothing: no path leads to an API */
  apiOrigin: hostName.optional(),
  /** Its PostgreSQL, which may stand in the default VPC too: nothing but the application's backend reaches it. @default none */
  database: webDatabase.optional(),
  /** Countries that may use it, everybody where there are none. */
  countries: z.array(countryCode).default([]),
  /** A web ACL at the edge, which costs some dollars a month (SEC-078); requests are those that one address may make in five minutes. */
  webAcl: z
    .strictObject({
      requestsPerFiveMinutes: integer(10, 2_000_000_000, "requests").default(2000),
      /** Of what it refused, in us-east-1. */
      logRetentionDays: logRetentionDays.default(30),
    })
    .optional(),
  /** Of the answers, over a minute, those with a status of 5xx (OBS-033). */
  errorAlarmPercent: integer(1, 99, "percent").default(5),
});
