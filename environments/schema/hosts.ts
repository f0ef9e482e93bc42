/** What a literal says of its machines: the Windows host, the Linux engine beside it, the NAT instance. Part of schema.ts. */
import { z } from "zod";
import { WEEKDAYS } from "../facts/cron";
import {
  address,
  certificateArn,
  cidr,
  imageId,
  instanceType,
  integer,
  logRetentionDays,
  securityGroupName,
  ssmParameter,
  weeklyCron,
  windowsPath,
} from "./fields";

const architecture = z.enum(["x86_64", "arm64"]);
/** A machine image: pinned by id (C-02, C-03), or the one that a public SSM parameter names on the day the instance is created. */
const image = z.union([z.strictObject({ id: imageId, architecture }), z.strictObject({ ssmParameter, architecture })], {
  error: "{ id, architecture } or { ssmParameter, architecture }",
});
export type Image = z.output<typeof image>;

/** What every machine has. */
export const host = { instanceType, image };

/** A security group takes 60 rules in a direction; two lists of 25 leave room for those of other stacks. */
const clientCidrs = z.array(cidr).max(25).default([]);
/** EC2's volumes of type gp3. */
const volumeGigabytes = integer(8, 16_384, "GB");

/** Files of the trading application, below the project's root unless they begin with a drive (windows-baseline.md, open points). */
const programs = z.strictObject({
  orderManager: windowsPath.default(String.raw`src\presentation\cli\run_order_processor.py`),
  dataCollector: windowsPath.default(String.raw`src\presentation\cli\run_data_collector.py`),
  mt5Terminal: windowsPath.default(String.raw`C:\Program Files\MetaTrader 5\terminal64.exe`),
});

/** Hosts that come and go with their load (WIN-043 … WIN-045, RMP-007, C-62). */
const scaling = z.strictObject({
  min: integer(0, 3, "hosts"),
  max: integer(1, 3, "hosts"),
  desired: integer(0, 3, "hosts"),
  /** A host is added above this, in percent over 2 periods of 300 s (WIN-044). */
  addAboveCpuPercent: integer(1, 100, "percent").default(70),
  /** A host is taken away below this, in percent over 5 periods of 300 s (WIN-045). */
  removeBelowCpuPercent: integer(0, 99, "percent").default(30),
});

/** The lease that a host must hold before its order manager starts, so that one account is never traded by two (C-62). */
const leaderGuard = z.strictObject({
  /** Time after which another host may take over from one that fell silent. */
  leaseSeconds: integer(15, 3600, "seconds").default(60),
  /** The lease is renewed this often. */
  renewSeconds: integer(1, 1799, "seconds").default(15),
});

/** The UI behind a load balancer with TLS and a web ACL, in place of its own port (C-14). */
const uiLoadBalancer = z.strictObject({
  /** Of a certificate in AWS Certificate Manager, in the environment's own region. */
  certificateArn,
  /** Requests that one address may make in five minutes. */
  requestsPerFiveMinutes: integer(10, 2_000_000_000, "requests").default(2000),
  /** Of what the web ACL refused. */
  logRetentionDays: logRetentionDays.default(30),
});

/** When the password of the automatic logon is changed (SEC-056): in a window of the first such day of each month, UTC. */
const logonRotation = z.strictObject({
  weekday: z.enum(WEEKDAYS),
  /** When the window opens. */
  hour: integer(0, 23, "hours"),
  /** The window is open for so long, at some time of which Secrets Manager begins; AWS lets it end within the day. */
  hours: integer(1, 24, "hours"),
});
export type LogonRotation = z.output<typeof logonRotation>;

export const windows = z.strictObject({
  /** WIN-001 … WIN-004, RMP-001. */
  ...host,
  /** WIN-007, C-04. */
  rootVolumeGigabytes: volumeGigabytes.default(30),
  /** The documented name without `sg-`, which AWS reserves (SEC-001, SEC-012, C-11). */
  securityGroup: securityGroupName,
  /** Who may open RDP, 3389 (SEC-002, SEC-003); empty: through Session Manager only. */
  adminCidrs: clientCidrs,
  /** Who may open the Streamlit UI: on 8501, or through the load balancer if there is one (SEC-004, SEC-005). */
  uiCidrs: clientCidrs,
  uiLoadBalancer: uiLoadBalancer.optional(),
  programs: programs.prefault({}),
  /** Absent: one instance. */
  scaling: scaling.optional(),
  leaderGuard: leaderGuard.optional(),
  /** Absent: the password stays what a person wrote into the secret, which only development may do. */
  logonRotation: logonRotation.optional(),
  /** The watchdog looks at the tasks this often (WIN-040, C-67). */
  watchdogIntervalSeconds: integer(60, 3600, "seconds").default(300),
  /** OBS-001, OBS-002, CST-024. */
  logRetentionDays: z.strictObject({ application: logRetentionDays.default(30), system: logRetentionDays.default(7) }).prefault({}),
});

export const linuxEngine = z.strictObject({
  /** LNX-002, LNX-004; the worker is of the same type (linux-engine.md, open points). */
  ...host,
  /** LNX-005. */
  rootVolumeGigabytes: volumeGigabytes.default(10),
  /** The documented `sg-ec2-trading-engine` without its prefix (SEC-018). */
  securityGroup: securityGroupName,
  /** A second machine beside the engine (LNX-006). */
  worker: z.boolean().default(false),
  /** Fixed addresses in the first private subnet (NET-017). Absent: whatever is free. */
  privateAddresses: z.strictObject({ engine: address, worker: address.optional() }).optional(),
  /** UTC (LNX-014). */
  nightlyBackup: weeklyCron.default("0 18 * * *"),
  /** Days that an archive of it is kept. Glacier Instant Retrieval is paid for 90 days at the least (DAT-004). */
  backupRetentionDays: integer(90, 3653, "days").default(365),
  /** UTC (LNX-015). */
  weeklyReport: weeklyCron.default("0 0 * * SAT"),
  /** C-45. */
  logRetentionDays: logRetentionDays.default(30),
});

/** Networks whose clients reach the Windows host itself, in its private subnet: through a load balancer they do not. */
export function privateClients({
  adminCidrs,
  uiCidrs,
  uiLoadBalancer,
}: Pick<z.output<typeof windows>, "adminCidrs" | "uiCidrs" | "uiLoadBalancer">): string[] {
  return [...new Set([...adminCidrs, ...(uiLoadBalancer ? [] : uiCidrs)])];
}
