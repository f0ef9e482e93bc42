import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { TerraformAsset } from "cdktf";
import type { Construct } from "constructs";
import { archive } from "../storage/archive";
import type { Bucket } from "../storage/bucket";
import type { Files } from "./host-files";

export interface BundleObject {
  readonly object: S3Object;
  /** In the bucket; says the content. */
  readonly key: string;
  /** Hexadecimal. */
  readonly sha256: string;
}

/**
 * Files as one object of the software bucket, versioned by their content, as children `zip` and `object` of a construct.
 * @param kind of machine: first part of the key
 */
export function bundleObject(scope: Construct, { kind, files, bucket }: { kind: string; files: Files; bucket: Bucket }): BundleObject {
  // Not compressed: it is small, and made anew by every synthesis.
  const { path, sha256 } = archive(kind, files, { level: 0 });
  const asset = new TerraformAsset(scope, "zip", { path, assetHash: sha256 });
  const key = `bundles/${kind}-${sha256}.zip`;
  const object = new S3Object(scope, "object", {
    bucket: bucket.name,
    key,
    source: asset.path,
    // Hosts that are told of the new bundle must find it; those that are still on the old one must not lose it before.
    lifecycle: { createBeforeDestroy: true },
  });
  return { object, key, sha256 };
}
