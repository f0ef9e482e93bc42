import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { Annotations, Fn, type ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { Grantee } from "../identity/role";
import type { Bucket } from "../storage/bucket";
import { Bundle, type BundleProps } from "./bundle";
import type { Files } from "./host-files";

export interface HostBundleProps extends BundleProps {
  /** Path of the SSM parameter that says what a host is to be, such as `/tss/prod/windows`. */
  readonly parameterName: string;
  /** What the host's programs need to know of the stacks; at most some 3,900 characters of JSON. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * The software of a kind of host, versioned by its content, and the manifest that hosts converge to (design 12).
 *
 * A changed file gives a new object, a new hash in the manifest and a new association; no instance changes. The hash travels
 * by another way than the bundle, so that whoever can write to the bucket cannot slip in a bundle.
 */
export class HostBundle extends Bundle {
  /** Changes with the bundle and with the settings. */
  readonly manifestHash: string;
  /** A host's first boot finds what it needs. */
  readonly ready: ITerraformDependable;
  private readonly bucket: Bucket;
  private readonly parameterArn: string;

  constructor(scope: Construct, id: string, props: HostBundleProps) {
    super(scope, id, props);
    const { kind, files, bucket, parameterName, settings } = props;
    const unlocked = unlockedNames(files);
    if (unlocked.length > 0) {
      Annotations.of(this).addWarning(
        `Not locked yet, so that hosts of kind ${kind} will refuse to install it: ${unlocked.join(", ")}. Run: npm run software -- lock ${String(settings.environment)}`,
      );
    }
    const manifest = new SsmParameter(this, "manifest", {
      name: parameterName,
      description: `What hosts of kind ${kind} are to be: their bundle and their settings`,
      type: "String", // it holds no secret, only names of some
      tier: "Standard",
      insecureValue: JSON.stringify({ bundle: { bucket: this.object.bucket, key: this.object.key, sha256: this.sha256 }, settings }),
    });
    this.parameterArn = manifest.arn;
    this.manifestHash = Fn.sha256(manifest.insecureValue);
    this.ready = manifest;
    this.bucket = bucket;
  }

  /** Reads the manifest, bundles and software. */
  grantFetch(grantee: Grantee): void {
    grantee.grant({ actions: ["ssm:GetParameter"], resources: [this.parameterArn] });
    this.bucket.grantRead(grantee);
  }
}

/** Entries of the bundle's lock files that have no hash: see docs/software.md. */
function unlockedNames(files: Files): string[] {
  return Object.entries(files)
    .filter(([file]) => file.endsWith("software.json") || file.endsWith("wheels.json"))
    .flatMap(
      ([, content]) => (JSON.parse(new TextDecoder().decode(content)) as { entries: { name: string; sha256: string | null }[] }).entries,
    )
    .filter(({ sha256 }) => sha256 === null)
    .map(({ name }) => name);
}
