/** What a literal says of the place for analysis, backtests and model work. Part of schema.ts. */
import { z } from "zod";
import { codeCommitRepository, integer, logRetentionDays, notebookType, securityGroupName, weeklyCron } from "./fields";

/** A notebook of SageMaker in the private subnets, without the Internet and without root (RES-001 … RES-007; docs/research.md). */
export const research = z.strictObject({
  /** RES-002. */
  instanceType: notebookType,
  /** The documented `sg-sagemaker` without its prefix (RES-006). */
  securityGroup: securityGroupName,
  /** What stays of the notebook while it is stopped (research.md, open points). */
  volumeGigabytes: integer(5, 16_384, "GB").default(20),
  /** It stops once nobody has used it for so long; a terminal that is open is use. */
  idleMinutes: integer(15, 1440, "minutes").default(60),
  /** It stops at this time too, whatever runs on it, UTC: by default on Friday at 23:00 in Tokyo. */
  weekendStop: weeklyCron.default("0 14 * * FRI"),
  /** Redis takes its connections (SEC-022). Whoever may connect may write too: the cache knows no users (design 11). */
  cache: z.boolean().default(false),
  /** The Linux engine takes SSH from it (SEC-018). */
  engineSsh: z.boolean().default(false),
  /** Cloned at each start, read only: a repository of CodeCommit of this account and region, the only kind that is reached without the Internet. */
  codeRepository: codeCommitRepository.optional(),
  /** Of the log that SageMaker and the notebook's own programs write. */
  logRetentionDays: logRetentionDays.default(30),
});
