/** Locks of Terraform states in S3: an object beside the state, `<key>.tflock`, with who holds it. */
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Journal } from "./journal";
import { readStack, type Stack } from "../terraform/assembly";

/** What Terraform writes into a lock. */
export interface Lock {
  readonly ID: string;
  /** Such as `OperationTypeApply`. */
  readonly Operation: string;
  /** User and machine, `runner@fv-az1`. */
  readonly Who: string;
  /** ISO 8601. */
  readonly Created: string;
}

/** The backend's settings in `cdk.tf.json`. */
interface S3Backend {
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
  readonly access_key?: string;
  readonly secret_key?: string;
  readonly use_path_style?: boolean;
  readonly endpoints?: { readonly s3?: string };
}

/** @returns the lock of a stack's state; undefined when nobody holds it */
export async function lockOf({ name, folder }: Stack): Promise<Lock | undefined> {
  const backend = (readStack(folder).terraform?.backend as { readonly s3?: S3Backend } | undefined)?.s3;
  if (!backend) throw new Error(`The state of ${name} is not in S3.`);
  const { bucket, key, region, access_key: accessKeyId, secret_key: secretAccessKey, use_path_style: forcePathStyle, endpoints } = backend;
  const client = new S3Client({
    region,
    forcePathStyle,
    endpoint: endpoints?.s3,
    ...(accessKeyId && secretAccessKey && { credentials: { accessKeyId, secretAccessKey } }),
  });
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: `${key}.tflock` }));
    return JSON.parse(await Body!.transformToString()) as Lock;
  } catch (error) {
    if (error instanceof Error && error.name === "NoSuchKey") return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}

/** The clocks of S3's writer and of the journal are the same machine's; this is for their rounding. */
const ROUNDING_MILLISECONDS = 1000;

/** Whether a lock was left by the command that the journal speaks of. @param isAlive whether that command runs still */
export function isOwn({ Who, Created }: Lock, journal: Journal | undefined, who: string, isAlive: (pid: number) => boolean): boolean {
  if (!journal || Who !== who || isAlive(journal.pid)) return false;
  const created = Date.parse(Created);
  return (
    created >= Date.parse(journal.since) - ROUNDING_MILLISECONDS &&
    (journal.until === undefined || created <= Date.parse(journal.until) + ROUNDING_MILLISECONDS)
  );
}
