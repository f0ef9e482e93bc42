import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import { archive } from "../storage/archive";
import type { Bucket } from "../storage/bucket";
import type { Files } from "./host-files";

export interface BundleProps {
  /** Kind of machine, such as `windows`: first part of the bundle's key. */
  readonly kind: string;
  /** What runs there, by its path in the bundle. */
  readonly files: Files;
  /** Where machines fetch it. */
  readonly bucket: Bucket;
}

/** Files as one object of the software bucket, versioned by their content. */
export class Bundle extends Construct {
  readonly object: S3Object;
  /** In the bucket; says the content. */
  readonly key: string;
  /** Hexadecimal. */
  readonly sha256: string;

  constructor(scope: Construct, id: string, props: BundleProps) {
    super(scope, id);
    const { kind, files, bucket } = props;
    // Not compressed: it is small, and made anew by every synthesis.
    const { path, sha256 } = archive(kind, files, { level: 0 });
    const asset = new TerraformAsset(this, "zip", { path, assetHash: sha256 });
    this.sha256 = sha256;
    this.key = `bundles/${kind}-${sha256}.zip`;
    this.object = new S3Object(this, "object", {
      bucket: bucket.name,
      key: this.key,
      source: asset.path,
      // Hosts that are told of the new bundle must find it; those that are still on the old one must not lose it before.
      lifecycle: { createBeforeDestroy: true },
    });
  }
}
