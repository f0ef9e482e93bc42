/** What a literal says of the web application (kabu-trade). Part of schema.ts. */
import { z } from "zod";
import { FREE_TIERS } from "../facts/free-tier";
import { webCache } from "./cache";
import { amount } from "./cost";
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
  pinnedImage,
  port,
  secretName,
  serviceImage,
  text,
  urlPath,
} from "./fields";
import { host } from "./hosts";
import { webService } from "./web-service";
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
  /** Redis'. */
  cacheImage: pinnedImage,
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

/** Left out: there is none. The API is a machine in the small tiers (`backend`), a service in the tier `standard`, or a host that exists already (`apiOrigin`). */
export const web = z.strictObject({
  /** Says how the buckets' objects age (C-28). */
  tier: z.enum(WEB_TIERS),
  /**
   * What the account has for nothing, which the small tiers are held to (CST-015, OPS-056): `credits`, opened on 2025-07-15 or later and less
   * than six months ago; `legacy`, opened before and less than twelve months ago; `none`: neither is left for it, so that the promise of $0 is
   * off. Present in these tiers.
   */
  freeTier: z.enum(FREE_TIERS).optional(),
  /** What it may cost a month beyond that: a database, for instance, brings two secrets. @default 0, as the documents promise */
  beyondFreeTierDollars: amount(1000, "US dollars").optional(),
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
  /** What answers below `/api/`, in the tier `standard`. @default `apiOrigin` */
  service: webService.optional(),
  /** The service's Redis; that of the small tiers runs on the machine (DAT-076). @default none */
  cache: webCache.optional(),
  /** A host that answers below `/api/`, by TLS, where there is neither (EDG-006, EDG-007, C-32). @default nothing: no path leads to an API */
  apiOrigin: hostName.optional(),
  /** Other origins whose pages may read the API's answers, such as https://tools.example.com (SEC-077). */
  corsOrigins: z
    .array(
      pattern(
        /^(https:\/\/[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+|http:\/\/localhost)(:[1-9]\d{0,4})?$/,
        "an origin such as https://tools.example.com, or http://localhost:5173, without a path",
      ),
    )
    .max(20, "at most twenty origins")
    .default([]),
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
