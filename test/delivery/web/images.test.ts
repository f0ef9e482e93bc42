/** What the registry says of an image, asked of a server that speaks ECR's protocol: an emulator takes every tag for pushed. */
import { asBadAs, findingsText, imageIn, scanned } from "../../../delivery/images/registry";
import { imageText, statusText } from "../../../commands/deploy-web/text";
import { answeringAws, type AnsweringAws } from "../../helpers/aws-answers";

interface Asked {
  readonly repositoryName: string;
  readonly imageIds: readonly { readonly imageTag?: string; readonly imageDigest?: string }[];
}
const digest = (of: string) => `sha256:${of.repeat(64)}`;
const INDEX = "application/vnd.oci.image.index.v1+json";
const done = (findingSeverityCounts: object) => ({
  imageScanStatus: { status: "COMPLETE" },
  imageScanFindingsSummary: { findingSeverityCounts },
});
const image = (of: string, more: object = {}) => ({
  imageDigest: digest(of),
  imageManifestMediaType: "application/vnd.oci.image.manifest.v1+json",
  ...more,
});
/** By tag or digest; a list is answered one after the other, its last for good. */
let images: Record<string, object[]>;
let ecr: AnsweringAws;

beforeAll(async () => {
  ecr = await answeringAws((body, { headers }) => {
    const { repositoryName, imageIds } = JSON.parse(body) as Asked;
    if (repositoryName !== "api") return { status: 400, body: { __type: "RepositoryNotFoundException" } };
    const left = images[imageIds[0]!.imageTag ?? imageIds[0]!.imageDigest!];
    if (!left) return { status: 400, body: { __type: "ImageNotFoundException" } };
    const found = left.length > 1 ? left.shift() : left[0];
    return { body: headers["x-amz-target"]!.includes("BatchGetImage") ? { images: [found] } : { imageDetails: [found] } };
  });
});
afterAll(() => {
  ecr.close();
});
const wait = (more: object = {}) => ({
  seconds: 5,
  signal: new AbortController().signal,
  onProgress: () => undefined,
  lookEvery: 1,
  ...more,
});

it("is not there", async () => {
  images = {};
  await expect(imageIn(ecr.aws, "api", "9.9.9")).rejects.toThrow("There is no image 9.9.9 in api: nobody has pushed it.");
  await expect(imageIn(ecr.aws, "nowhere", "1")).rejects.toThrow("There is no repository nowhere: a deploy of the environment makes it.");
});

it("is there, with what its scan found", async () => {
  images = { "1.0.0": [image("a", done({ HIGH: 2, LOW: 1 }))] };
  const found = await imageIn(ecr.aws, "api", "1.0.0");
  expect(found).toEqual({ repository: "api", digest: digest("a"), scan: { state: "done", findings: { HIGH: 2, LOW: 1 } } });
  expect(imageText(found, "1.0.0")).toBe(`  to be deployed        api, 1.0.0 (${digest("a")}): its scan found 2 high, 1 low`);
});

it("is an index: of the images in it the worst counts, and what attests them is none", async () => {
  const imageManifest = JSON.stringify({
    manifests: [
      { digest: digest("b"), platform: { os: "linux", architecture: "amd64" } },
      { digest: digest("c"), platform: { os: "linux", architecture: "arm64" } },
      { digest: digest("d"), platform: { os: "unknown", architecture: "unknown" } },
    ],
  });
  images = {
    "1.0.0": [image("a", { imageManifestMediaType: INDEX })],
    [digest("a")]: [{ imageManifest }],
    [digest("b")]: [image("b", done({ HIGH: 1 }))],
    [digest("c")]: [image("c", { imageScanStatus: { status: "IN_PROGRESS" } }), image("c", done({ HIGH: 3, CRITICAL: 1 }))],
  };
  const said: string[] = [];
  const found = await scanned(ecr.aws, "api", "1.0.0", wait({ onProgress: (words: string) => said.push(words) }));
  expect(found.scan.findings).toEqual({ CRITICAL: 1, HIGH: 3 });
  expect(said).toEqual(["waiting for the scan (IN_PROGRESS)"]);
});

it("is waited for as long as was said, and not where the registry cannot scan it, nor after Ctrl-C", async () => {
  images = { slow: [image("a")], odd: [image("a", { imageScanStatus: { status: "FAILED", description: "UnsupportedImageError" } })] };
  await expect(scanned(ecr.aws, "api", "slow", wait({ seconds: 0.05 }))).rejects.toThrow(
    "has not scanned api, slow, within 0.05 s: no scan of it is known",
  );
  await expect(scanned(ecr.aws, "api", "odd", wait())).rejects.toThrow("could not scan api, odd: UnsupportedImageError");
  await expect(scanned(ecr.aws, "api", "slow", wait({ signal: AbortSignal.abort(new Error("Interrupted")) }))).rejects.toThrow(
    "Interrupted",
  );
});

it("has so many findings as bad as that or worse", () => {
  const findings = { CRITICAL: 1, HIGH: 2, LOW: 4 };
  expect([asBadAs(findings, "CRITICAL"), asBadAs(findings, "HIGH"), asBadAs(findings, "LOW")]).toEqual([1, 3, 7]);
  expect([findingsText(findings), findingsText({})]).toEqual(["1 critical, 2 high, 4 low", "nothing"]);
});

it.each([
  [undefined, "nothing else"],
  [{ image: "r/api:1", insteadOf: "r/api:1" }, "nothing else"],
  [{ image: "r/api:2", insteadOf: "r/api:1" }, "api:2, which runs"],
  [{ image: "r/api:2", insteadOf: "r/api:0" }, "api:2, in place of api:0: the literal is the later decision"],
  [{ image: "r/api:2", insteadOf: "" }, "api:2, in place of none: the literal is the later decision"],
])("beside the literal %j stands: %s", (recorded, words) => {
  expect(statusText({ where: "dev", literal: "api:1", recorded }).split("\n").at(-1)).toBe(`  was deployed past it  ${words}`);
});
