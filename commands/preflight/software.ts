/** Host software as a preflight sees it: what the lock files name, and what is in the bucket. */
import { paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import { AwsError } from "../../delivery/aws";
import { accessOf, type Need, type Subject } from "../../delivery/preflight/need";
import type { Environment } from "../../environments/schema";
import { many } from "../../review/numbers";
import { traitsOf } from "../../stacks/catalogue";
import { isLocked, lockFilesOf, objectKey, readLockFile, WHEELS } from "../software/lock-files";

/** A row for each lock file of the hosts that are deployed; none where no stack makes hosts. */
export function hostSoftware(
  root: string,
  { name, data, linuxEngine, research, web }: Pick<Environment, "name" | "data" | "linuxEngine" | "research" | "web">,
  subject: Subject,
): Need[] {
  const hosts = subject.stacks.filter((stack) => traitsOf(stack.name).hasHosts);
  if (hosts.length === 0) return [];
  const bucket = data.softwareBucket.name;
  const { s3 } = subject.aws(accessOf(hosts[0]!.json, {}, subject.environment.region));
  let listed: Promise<ReadonlySet<string> | undefined> | undefined;
  return lockFilesOf({ linuxEngine, research, web }).map((file): Need => ({
    kind: "host software",
    name: file,
    stacks: hosts.map((stack) => stack.name),
    ask: async () => {
      const again = file === WHEELS.research ? "the notebook looks again when it starts" : "hosts look again every hour";
      const entries = readLockFile(root, file);
      const unlocked = entries.filter((entry) => !isLocked(entry)).map((entry) => entry.name);
      if (unlocked.length > 0)
        return { state: "missing", why: `not locked: ${unlocked.join(", ")}`, make: `npm run software -- lock ${name} (docs/software.md)` };
      const make = `npm run software -- fetch ${name}, then npm run software -- upload ${name}`;
      const there = await (listed ??= keysIn(s3, bucket));
      if (!there) return { state: "later", why: `the deploy makes the bucket; ${again}`, make };
      const wanting = entries.filter(isLocked).filter((entry) => !there.has(objectKey(entry)));
      if (wanting.length === 0) return { state: "there" };
      return {
        state: "later",
        why: `${bucket} lacks ${wanting.length} of ${many(entries.length, "file")}; ${again}`,
        make,
      };
    },
  }));
}

/** @returns undefined where there is no such bucket */
async function keysIn(client: S3Client, bucket: string): Promise<ReadonlySet<string> | undefined> {
  const keys = new Set<string>();
  try {
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: "software/" }))
      for (const { Key } of Contents) if (Key !== undefined) keys.add(Key);
    return keys;
  } catch (error) {
    const { name, message } = error as Error;
    if (name === "NoSuchBucket") return undefined;
    throw name === "AccessDenied" ? new AwsError(name, message, "s3:ListBucket") : error;
  }
}
