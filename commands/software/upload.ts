/** Brings verified files into an environment's software bucket. */
import { HeadObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { CACHE, type Cache } from "./cache";
import { objectKey, type LockedEntry } from "./lock-files";

export interface Target {
  readonly client: S3Client;
  readonly bucket: string;
  /** Account that must own the bucket; S3 refuses otherwise. */
  readonly owner: string;
}

/**
 * Uploads one entry, unless the bucket holds it already.
 * @returns what was done, in a sentence
 */
export async function uploadEntry(target: Target, cache: Cache, entry: LockedEntry, signal?: AbortSignal): Promise<string> {
  const { client, bucket, owner } = target;
  const object = { Bucket: bucket, Key: objectKey(entry), ExpectedBucketOwner: owner };
  const checksum = Buffer.from(entry.sha256, "hex").toString("base64");
  if ((await checksumInBucket(target, object, signal)) === checksum) return `${entry.file}: there already`;

  const path = cache.path(entry);
  if (!existsSync(path)) throw new Error(`${CACHE}/${entry.file} is missing: npm run software -- fetch <environment>`);
  // Read once: what was verified is what is sent, and the client can send it again.
  const content = readFileSync(path);
  const found = createHash("sha256").update(content).digest("hex");
  if (found !== entry.sha256) throw new Error(`${CACHE}/${entry.file} is not what is locked: locked ${entry.sha256}, found ${found}`);
  try {
    await client.send(
      new PutObjectCommand({
        ...object,
        Body: content,
        ContentType: "application/octet-stream",
        ChecksumAlgorithm: "SHA256",
        ChecksumSHA256: checksum,
      }),
      { abortSignal: signal },
    );
  } catch (error) {
    if ((error as { name?: string }).name === "NoSuchBucket")
      throw new Error(`the bucket ${bucket} does not exist; the data stack makes it, deploy it first`, { cause: error });
    throw explained(error, bucket, owner);
  }
  return `${entry.file}: uploaded`;
}

async function checksumInBucket(
  { client, bucket, owner }: Target,
  object: { Bucket: string; Key: string },
  signal?: AbortSignal,
): Promise<string | undefined> {
  try {
    return (await client.send(new HeadObjectCommand({ ...object, ChecksumMode: "ENABLED" }), { abortSignal: signal })).ChecksumSHA256;
  } catch (error) {
    if ((error as { name?: string }).name === "NotFound") return undefined;
    throw explained(error, bucket, owner);
  }
}

/** A HEAD has no body, so that S3's reason does not come along. */
function explained(error: unknown, bucket: string, owner: string): unknown {
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return status === 403
    ? new Error(`S3 refuses access to ${bucket}: wrong credentials, missing rights, or account ${owner} does not own the bucket`, {
        cause: error,
      })
    : error;
}
