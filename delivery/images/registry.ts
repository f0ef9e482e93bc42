/** Images in an account's registry: whether one is there, and what its scan found (OPS-055). */
import { AwsError, at, listAt, textAt, type Answered, type Aws } from "../aws";

/** Findings by their severity, such as `{ CRITICAL: 1, HIGH: 3 }`. */
export type Findings = Readonly<Record<string, number>>;

export interface PushedImage {
  readonly repository: string;
  readonly digest: string;
  /** `none`: the registry scans it not, or has not begun. */
  readonly scan:
    { readonly state: "done"; readonly findings: Findings } | { readonly state: "running" | "none" | "failed"; readonly why: string };
}

/** From the worst on, as ECR words them. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanFinding.html */
export const SEVERITIES = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNDEFINED"] as const;
export type Severity = (typeof SEVERITIES)[number];

const isDigest = (version: string): boolean => version.startsWith("sha256:");
/** An index of images, with what attests them: registries scan the images in it. */
const INDEX = /^application\/vnd\.(oci\.image\.index\.v1|docker\.distribution\.manifest\.list\.v2)\+json$/;

/** @param version a tag or a digest. @throws Error when the account has no such image */
export async function imageIn(aws: Aws, repository: string, version: string): Promise<PushedImage> {
  const found = await described(aws, repository, version);
  const digest = textAt(found, "imageDigest");
  if (!INDEX.test(textAt(found, "imageManifestMediaType"))) return { repository, digest, scan: scanOf(found) };
  const scans = await Promise.all(
    (await imagesOf(aws, repository, digest)).map(async (one) => scanOf(await described(aws, repository, one))),
  );
  return { repository, digest, scan: worstOf(scans) };
}

async function described(aws: Aws, repository: string, version: string): Promise<Answered> {
  try {
    const answer = await aws.json("ecr", "DescribeImages", {
      repositoryName: repository,
      imageIds: [isDigest(version) ? { imageDigest: version } : { imageTag: version }],
    });
    return listAt(answer, "imageDetails")[0] ?? {};
  } catch (error) {
    if (error instanceof AwsError && ["ImageNotFoundException", "RepositoryNotFoundException"].includes(error.code))
      throw new Error(
        error.code === "ImageNotFoundException"
          ? `There is no image ${version} in ${repository}: nobody has pushed it.`
          : `There is no repository ${repository}: a deploy of the environment makes it.`,
        { cause: error },
      );
    throw error;
  }
}

/** Digests of the images in an index, without what attests them, whose platform is unknown. https://docs.docker.com/build/metadata/attestations/attestation-storage/ */
async function imagesOf(aws: Aws, repository: string, digest: string): Promise<string[]> {
  const answer = await aws.json("ecr", "BatchGetImage", { repositoryName: repository, imageIds: [{ imageDigest: digest }] });
  const index = JSON.parse(textAt(listAt(answer, "images")[0], "imageManifest") || "{}") as unknown;
  return listAt(index, "manifests")
    .filter((one) => textAt(one, "platform", "os") !== "unknown")
    .map((one) => textAt(one, "digest"));
}

function scanOf(found: Answered): PushedImage["scan"] {
  const [status, why] = [textAt(found, "imageScanStatus", "status"), textAt(found, "imageScanStatus", "description")];
  // ACTIVE is that of enhanced scanning, which goes on as long as the image stands.
  if (status === "COMPLETE" || status === "ACTIVE")
    return { state: "done", findings: (at(found, "imageScanFindingsSummary", "findingSeverityCounts") ?? {}) as Findings };
  if (status === "IN_PROGRESS" || status === "PENDING") return { state: "running", why: status };
  return status === "" ? { state: "none", why: "no scan of it is known" } : { state: "failed", why: why || status };
}

/** Of all images of an index: what is not done counts before what is. */
function worstOf(scans: readonly PushedImage["scan"][]): PushedImage["scan"] {
  const open = (["failed", "running", "none"] as const).flatMap((state) => scans.filter((scan) => scan.state === state))[0];
  if (open || scans.length === 0) return open ?? { state: "none", why: "its index names no image" };
  const findings: Record<string, number> = {};
  for (const scan of scans)
    if (scan.state === "done")
      for (const [severity, count] of Object.entries(scan.findings)) findings[severity] = Math.max(findings[severity] ?? 0, count);
  return { state: "done", findings };
}

export interface ScanWait {
  /** Until the scan counts as not made. */
  readonly seconds: number;
  readonly signal: AbortSignal;
  readonly onProgress: (words: string) => void;
  /** Between two looks, in milliseconds. @default 5000 */
  readonly lookEvery?: number;
}

/** Waits until the registry has scanned it. @throws Error when it does not in time, or cannot; the signal's reason */
export async function scanned(
  aws: Aws,
  repository: string,
  version: string,
  wait: ScanWait,
): Promise<PushedImage & { scan: { state: "done" } }> {
  const deadline = Date.now() + wait.seconds * 1000;
  for (;;) {
    wait.signal.throwIfAborted();
    const image = await imageIn(aws, repository, version);
    if (image.scan.state === "done") return { ...image, scan: image.scan };
    if (image.scan.state === "failed") throw new Error(`The registry could not scan ${repository}, ${version}: ${image.scan.why}.`);
    if (Date.now() > deadline)
      throw new Error(`The registry has not scanned ${repository}, ${version}, within ${wait.seconds} s: ${image.scan.why}.`);
    wait.onProgress(`waiting for the scan (${image.scan.why})`);
    await new Promise((resolve) => {
      setTimeout(resolve, wait.lookEvery ?? 5000);
    });
  }
}

/** For a line: `1 critical, 3 high`, or that there is none. */
export const findingsText = (findings: Findings): string =>
  SEVERITIES.filter((severity) => (findings[severity] ?? 0) > 0)
    .map((severity) => `${findings[severity]} ${severity.toLowerCase()}`)
    .join(", ") || "nothing";

/** How many findings are as bad as that or worse. */
export const asBadAs = (findings: Findings, severity: Severity): number =>
  SEVERITIES.slice(0, SEVERITIES.indexOf(severity) + 1).reduce((sum, one) => sum + (findings[one] ?? 0), 0);
