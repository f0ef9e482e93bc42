/** What a literal says of the web application (kabu-trade). Part of schema.ts. */
import { z } from "zod";
import { webDatabase } from "./database";
import {
  bucketName,
  cidr,
  countryCode,
  hostName,
  integer,
  logRetentionDays,
  pattern,
  physicalName,
  port,
  secretName,
  serviceImage,
  text,
  urlPath,
} from "./fields";
import { host } from "./hosts";
import { imageParts } from "./services";

/** For whom it is: one user, several within the free tier, small-scale operation (EDG-001 … EDG-003). */
export const WEB_TIERS = ["personal", "free", "standard"] as const;

/** Nothing but what the application itself serves; nobody may frame it. */
const OWN_ONLY =
  "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; upgrade-insecure-requests";

/** API and cache on one machine of Amazon Linux 2023: the small tiers' (EDG-014 … EDG-020). */
const backend = z.strictObject({
  ...host,
  rootVolumeGigabytes: integer(8, 16_384, "GB").default(16),
  /** Beside the machine's memory. */
  swapMegabytes: integer(256, 8192, "MB").default(1024),
  /** The API's, in a repository that the stack makes: a tag that is never `latest`, or a digest; `none` until one is pushed. */
  apiImage: physicalName("repository", serviceImage, (image) => imageParts(image).repository),
  /** Redis', from any registry, by its digest: a tag there may move. */
  cacheImage: pattern(
    /^[a-z0-9][a-z0-9.-]*\.[a-z]{2,}(\/[a-z0-9][a-z0-9._-]*)+(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?@sha256:[0-9a-f]{64}$/,
    "an image with its registry and digest, such as public.ecr.aws/docker/library/redis:7.4.5-alpine@sha256: and 64 digits",
  ),
  /** On which the API speaks HTTP in its container. */
  port: port.default(8000),
  /** What brings the database to what an image wants, in a container of that image, before it runs: `["alembic", "upgrade", "head"]` (OPS-054). @default nothing */
  migrate: z.array(text(256)).max(16).default([]),
  /** What tells that the API is well: an answer that is no error. Else the old image runs again. */
  health: z
    .strictObject({
      path: urlPath.default("/api/health"),
      /** Until an image counts as not well. */
      seconds: integer(5, 600, "seconds").default(60),
    })
    .prefault({}),
  /** Who may open SSH, 22 (SEC-025, C-59); empty: through Session Manager only. There is no key pair: keys come by EC2 Instance Connect. */
  adminCidrs: z.array(cidr).default([]),
  /** Where the database's address with user and password is: an entry of Secrets Manager that a person fills in (SEC-059). Present exactly where there is a database. */
  databaseSecret: secretName.optional(),
  logRetentionDays: logRetentionDays.default(30),
});
export type WebBackend = z.output<typeof backend>;

/** Left out: there is none. The API is a machine of the small tiers (`backend`), or a host that exists already (`apiOrigin`); that of the tier `standard` is not built yet. */
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
  /** What answers below `/api/`, in the small tiers. @default `apiOrigin` */
  backend: backend.optional(),
  /** A host that answers below `/api/`, by TLS, where there is no backend (EDG-006, EDG-007, C-32). @default nothing: no path leads to an API */
  apiOrigin: hostName.optional(),
  /** Its PostgreSQL, which may stand in the default VPC too: nothing but the application's backend reaches it. @default none */
  database: webDatabase.optional(),
  /** Names of its own, by TLS 1.2 and newer (EDG-009, EDG-010). Left out: CloudFront's. */
  domain: z
    .strictObject({
      /** The first is the one that people are told; all stand in one certificate, which has room for ten. https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html */
      names: z.array(hostName).min(1, "at least one name").max(10, "at most ten names"),
      /** Public zone of Route 53 in the environment's account that holds them, such as example.com. */
      zone: hostName,
    })
    .optional(),
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
