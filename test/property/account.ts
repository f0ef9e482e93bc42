/** Random blocks of what an account has once, of what is spent, and of the web application. */
import fc from "fast-check";
import { CONFIG_RULES, DETECTOR_FEATURES, RECORDED_BUCKETS, STANDARDS } from "../../environments/schema/account";
import { LOG_RETENTION_DAYS, type EnvironmentLiteral } from "../../environments/schema";
import { WEB_TIERS } from "../../environments/schema/web";
import { between, optional, some, word } from "./basics";

type AccountWide = NonNullable<EnvironmentLiteral["accountWide"]>;
/** `part` keeps names of one kind apart. */
type Named = (part: string, maximum: number) => fc.Arbitrary<string>;

const days = between(1, 36_500);
const emails = (minLength: number) =>
  fc.uniqueArray(
    word(1, 20).map((text) => `${text}@example.com`),
    { minLength, maxLength: 10 },
  );
const percents = (maxLength: number) => fc.uniqueArray(between(1, 1000), { maxLength });

/** Told of one thing at the least and of ten at the most, of a forecast only where AWS has one. */
export const budgetTold = (name: fc.Arbitrary<string>) =>
  fc
    .record({
      name,
      timeUnit: optional(fc.constantFrom("DAILY" as const, "MONTHLY" as const, "QUARTERLY" as const, "ANNUALLY" as const)),
      actual: percents(9),
      forecast: fc.oneof(percents(9), fc.constant(undefined)),
      emails: optional(emails(0)),
    })
    .map(({ actual, forecast, ...rest }) => {
      const actualPercent = actual.length === 0 ? [100] : actual;
      const forecastPercent = rest.timeUnit === "DAILY" ? [] : forecast?.slice(0, 10 - actualPercent.length);
      return { ...rest, actualPercent, forecastPercent };
    });

const contact = optional(
  fc.record({
    name: word(1, 64),
    title: word(1, 50),
    email: word(1, 20).map((text) => `${text}@example.com`),
    phone: fc.constantFrom("+81 3 1234 5678", "0(3)1234-5678", "1"),
  }),
);
const existing = fc.constant({ existing: true as const });
/** Nothing, what is there already, or one's own. */
const ownOr = <T extends object>(own: fc.Arbitrary<T>) =>
  optional(
    fc.oneof({ weight: 1, arbitrary: existing }, { weight: 3, arbitrary: own.map((values) => ({ existing: false as const, ...values })) }),
  );

/** Users, people of Identity Center, or both; only users stay for more than an hour. */
const peopleRole = fc
  .record({
    users: fc.record({
      arns: some(["arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:user/ann", "arn:aws:iam::444455556666:user/desk/bob"], 1),
      mfaMinutes: optional(between(15, 720)),
    }),
    permissionSets: some(["Operations", "Look_Only", "a+b=c,d.e@f-g"], 1),
    sessionHours: optional(between(1, 12)),
    who: fc.constantFrom("users", "permissionSets", "both"),
  })
  .map(({ permissionSets, sessionHours, users, who }) => {
    if (who === "permissionSets") return { permissionSets };
    return who === "users" ? { users, sessionHours } : { users, permissionSets, sessionHours };
  });

/** What may be deleted is not locked. */
export const unlocked = (block: AccountWide): AccountWide =>
  block.trail?.existing === false ? { ...block, trail: { ...block.trail, lockDays: undefined } } : block;

export const accountWide = (named: Named, account: string): fc.Arbitrary<AccountWide> =>
  fc
    .record({
      settings: optional(
        fc.record({
          passwordLength: optional(between(14, 128)),
          contacts: optional(fc.record({ billing: contact, operations: contact, security: contact })),
        }),
      ),
      people: optional(fc.record({ operations: optional(peopleRole), readOnly: optional(peopleRole) })),
      trail: ownOr(
        fc
          .record({
            name: named("trail", 40),
            bucketName: named("trail-", 11),
            retentionDays: optional(days),
            locked: optional(fc.nat()),
            logRetentionDays: optional(fc.constantFrom(...LOG_RETENTION_DAYS)),
            insights: optional(fc.boolean()),
            dataEvents: optional(some(RECORDED_BUCKETS)),
            refusedCalls: optional(between(1, 100_000)),
          })
          .map(({ locked, ...trail }) => ({
            ...trail,
            lockDays: locked === undefined ? undefined : 1 + (locked % (trail.retentionDays ?? 731)),
          })),
      ),
      accessAnalyzer: ownOr(fc.record({ name: named("access", 40) })),
      guardDuty: ownOr(fc.record({ features: some(DETECTOR_FEATURES), criticalFrom: optional(between(5, 10)) })),
      config: ownOr(
        fc.record({
          name: named("recorder", 40),
          bucketName: named("config-", 11),
          aggregator: optional(named("regions", 40)),
          retentionDays: optional(days),
          rules: some(CONFIG_RULES),
          existingRole: optional(fc.boolean()),
        }),
      ),
      securityHub: ownOr(fc.record({ standards: some(STANDARDS, 1) })),
      inspector: ownOr(fc.record({ scans: some(["EC2", "ECR", "LAMBDA"] as const, 1) })),
      budget: optional(
        fc
          .record({
            told: budgetTold(named("account ", 40)),
            dollars: between(1, 1_000_000),
            action: optional(fc.record({ percent: optional(between(1, 1000)) })),
          })
          .map(({ told, ...rest }) => ({ ...told, ...rest })),
      ),
      anomalies: optional(
        fc.record({
          monitor: fc.oneof(
            fc.constant({ existing: true as const, arn: `arn:aws:ce::${account}:anomalymonitor/12345678-1234-1234-1234-123456789012` }),
            word(1, 255).map((text) => ({ existing: false as const, name: `m${text}` })),
          ),
          name: word(1, 255).map((text) => `a${text}`),
          thresholdDollars: between(1, 1_000_000),
        }),
      ),
      costAllocationTags: optional(some(["Environment", "Project", "cost-centre", "a:b"])),
      billingAlarm: optional(
        fc.record({
          name: named("Billing: ", 40),
          topicName: named("Billing", 40),
          dollars: between(1, 1_000_000),
          emails: emails(1),
        }),
      ),
    })
    // Security Hub reads what Config records.
    .map((values) => ({ ...values, securityHub: values.config ? values.securityHub : undefined }));

type WebDatabase = NonNullable<NonNullable<EnvironmentLiteral["web"]>["database"]>;

type WebCache = NonNullable<NonNullable<EnvironmentLiteral["web"]>["cache"]>;

export const web = (
  named: Named,
  database: fc.Arbitrary<WebDatabase>,
  cache: fc.Arbitrary<WebCache>,
): fc.Arbitrary<NonNullable<EnvironmentLiteral["web"]>> =>
  fc
    .record({
      tier: fc.constantFrom(...WEB_TIERS),
      frontendBucket: fc.record({ name: named("front-", 11) }),
      backupBucket: optional(fc.record({ name: named("web-backup-", 11) })),
      accessLogBucket: fc.record({ name: named("web-logs-", 11), expirationDays: days }),
      contentSecurityPolicy: optional(
        fc.constantFrom("default-src 'self'", "default-src 'none'; script-src 'self' https://cdn.example.com"),
      ),
      apiOrigin: optional(word(1, 20).map((text) => `${text}.example.com`)),
      domain: optional(
        fc.uniqueArray(fc.constantFrom("example.com", "www.example.com", "a.b.example.com"), { minLength: 1 }).map((names) => ({
          names,
          zone: "example.com",
        })),
      ),
      countries: optional(some(["JP", "DE", "US"])),
      webAcl: optional(fc.record({ requestsPerFiveMinutes: optional(between(10, 2_000_000_000)) })),
      errorAlarmPercent: optional(between(1, 99)),
      database: optional(database),
      cache: optional(cache),
      service: optional(
        fc
          .record({
            image: fc
              .tuple(named("kabu-service-", 20), fc.constantFrom("none", "1.2.0"))
              .map(([name, tag]) => `${name.toLowerCase()}:${tag}`),
            size: fc.constantFrom(
              { cpu: 256 as const, memory: 512 },
              { cpu: 512 as const, memory: 1024 },
              { cpu: 4096 as const, memory: 16_384 },
            ),
            architecture: optional(fc.constantFrom("arm64" as const, "x86_64" as const)),
            port: optional(between(1, 65_535)),
            replicas: optional(between(0, 5)),
            scaling: optional(fc.record({ min: between(1, 3), max: between(3, 9) })),
            startSeconds: optional(between(0, 300)),
            environment: optional(fc.constant({ LOG_LEVEL: "info" })),
            databaseSecret: named("kabu/service-url/", 20),
            logRetentionDays: optional(fc.constantFrom(1 as const, 30 as const)),
          })
          .map(({ size, replicas, ...rest }) => ({ ...rest, ...size, replicas: rest.scaling ? undefined : replicas })),
      ),
      backend: optional(
        fc.record({
          instanceType: fc.constantFrom("t3.micro", "t3.small"),
          image: fc.constant({
            ssmParameter: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
            architecture: "x86_64" as const,
          }),
          rootVolumeGigabytes: optional(between(8, 100)),
          swapMegabytes: optional(between(256, 8192)),
          apiImage: fc.tuple(named("kabu-api-", 20), fc.constantFrom("none", "1.2.0")).map(([name, tag]) => `${name.toLowerCase()}:${tag}`),
          cacheImage: fc.constant(`public.ecr.aws/docker/library/redis@sha256:${"a".repeat(64)}`),
          migrate: optional(fc.array(fc.constantFrom("alembic", "upgrade", "head"), { maxLength: 3 })),
          health: optional(fc.record({ path: optional(fc.constantFrom("/health", "/api/ready")), seconds: optional(between(5, 600)) })),
          port: optional(between(1, 65_535)),
          databaseSecret: named("kabu/url/", 20),
          logRetentionDays: optional(fc.constantFrom(1 as const, 30 as const)),
        }),
      ),
    })
    .map(({ apiOrigin, backend: machine, cache: redis, database: own, service: tasks, ...values }) => {
      const backend = values.tier === "standard" ? undefined : machine;
      const service = values.tier === "standard" ? tasks : undefined;
      // One person's does not grow, and without an API nobody reaches it.
      const growing = values.tier === "personal" ? undefined : own?.maxAllocatedStorageGigabytes;
      return {
        ...values,
        freeTier: values.tier === "standard" ? undefined : ("none" as const),
        apiOrigin: (backend ?? service) ? undefined : apiOrigin,
        backend: backend && { ...backend, databaseSecret: own && backend.databaseSecret },
        service: service && { ...service, databaseSecret: own && service.databaseSecret },
        cache: service && redis,
        database: (backend ?? service) && own && { ...own, maxAllocatedStorageGigabytes: growing },
      };
    });
