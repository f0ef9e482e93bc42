/** A frontend deployed on an emulator: what stands in the bucket afterwards, what CloudFront was asked, and what is left of it when it is stopped. */
import { GetObjectTaggingCommand, HeadObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Aws, textAt } from "../../../delivery/aws";
import { deployFrontend } from "../../../delivery/frontend/deploy";
import { CACHE_CONTROL, frontendFiles } from "../../../delivery/frontend/files";
import { planFrontend, type FrontendPlan } from "../../../delivery/frontend/plan";
import { FrontendStore } from "../../../delivery/frontend/store";
import { environment as literal } from "../../environments/edits";
import { EmulatedAccount } from "../../helpers/emulated-account";

const environment = literal("dev");
const { account, region } = environment;
const bucket = environment.web!.frontendBucket.name;
const fixture = resolve(__dirname, "..", "..", "fixtures", "web");
const START = new Date("2026-11-30T00:00:00Z");
const later = (days: number) => new Date(START.getTime() + days * 86_400_000);
const DISTRIBUTION = `<DistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><CallerReference>r</CallerReference><Origins><Quantity>1</Quantity><Items><Origin><Id>o</Id><DomainName>example.com</DomainName></Origin></Items></Origins><DefaultCacheBehavior><TargetOriginId>o</TargetOriginId><ViewerProtocolPolicy>https-only</ViewerProtocolPolicy></DefaultCacheBehavior><Comment></Comment><Enabled>true</Enabled></DistributionConfig>`;

let emulated: EmulatedAccount;
let aws: Aws;
let distribution: string;
let folder: string;

beforeAll(async () => {
  emulated = await EmulatedAccount.open(environment);
  await emulated.emulator.createBucket(bucket, region);
  const credentials = { accessKeyId: account, secretAccessKey: "x" };
  aws = new Aws({ region, endpoint: emulated.emulator.endpoint, credentials });
  distribution = textAt(await aws.post("cloudfront", "CreateDistribution", "/2020-05-31/distribution", DISTRIBUTION), "Distribution", "Id");
  folder = join(mkdtempSync(join(tmpdir(), "frontend-")), "build");
  cpSync(fixture, folder, { recursive: true });
});
afterAll(async () => {
  aws.dispose();
  rmSync(folder, { recursive: true });
  await emulated.close();
});

const storeOf = (signal = new AbortController().signal) => new FrontendStore(aws, bucket, account, signal);
const planned = async (now: Date): Promise<FrontendPlan> =>
  planFrontend(frontendFiles(folder), await storeOf().stored(), { now, graceDays: 30 });
async function deployed(now: Date, store = storeOf(), stop = new AbortController()): Promise<{ plan: FrontendPlan; said: string[] }> {
  const said: string[] = [];
  const plan = await planned(now);
  await deployFrontend(plan, { store, distribution, now, signal: stop.signal, onProgress: (words) => said.push(words), lookEvery: 10 });
  return { plan, said };
}
const keys = async (): Promise<string[]> =>
  ((await aws.s3.send(new ListObjectsV2Command({ Bucket: bucket }))).Contents ?? []).map(({ Key }) => Key!);
const fault = (answer: object) =>
  fetch(`${emulated.emulator.endpoint}/rehearsal/faults`, {
    method: "POST",
    body: JSON.stringify({ account, service: "cloudfront", operation: "GetInvalidation", times: 1, ...answer }),
  });

it("everything, the first time, each with what a browser must know of it", async () => {
  const { plan, said } = await deployed(START);
  expect(plan.invalidations).toEqual([]);
  expect(said.at(-1)).toBe("4 of 4 files uploaded");
  const heads = await Promise.all(
    (await keys()).map(async (Key) => {
      const { CacheControl, ContentType } = await aws.s3.send(new HeadObjectCommand({ Bucket: bucket, Key }));
      return [Key, ContentType, CacheControl];
    }),
  );
  expect(heads).toEqual([
    ["assets/app-3f9a8b1c.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"],
    ["assets/app-5d41402a.css", "text/css; charset=utf-8", "public, max-age=31536000, immutable"],
    ["index.html", "text/html; charset=utf-8", "no-cache"],
    ["robots.txt", "text/plain; charset=utf-8", CACHE_CONTROL["until-invalidated"]],
  ]);
  // The deploy role may write nothing that has not this tag, and read nothing else.
  const { TagSet } = await aws.s3.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: "index.html" }));
  expect(TagSet).toEqual([{ Key: "ManagedBy", Value: "cdktf" }]);
});

it("nothing, the second time", async () => {
  expect((await deployed(START)).plan).toEqual({ uploads: [], unchanged: 4, retired: [], removals: [], invalidations: [] });
});

it("what changed, and CloudFront forgets what it keeps; until then it waits", async () => {
  writeFileSync(join(folder, "robots.txt"), "User-agent: *\nDisallow: /\n");
  renameSync(join(folder, "assets", "app-3f9a8b1c.js"), join(folder, "assets", "app-4f9a8b1c.js"));
  const page = join(folder, "index.html");
  writeFileSync(page, readFileSync(page, "utf8").replace("app-3f9a8b1c", "app-4f9a8b1c"));
  await fault({
    answer: {
      Invalidation: {
        Id: "I1",
        Status: "InProgress",
        CreateTime: START.toISOString(),
        InvalidationBatch: { Paths: { Quantity: 0 }, CallerReference: "r" },
      },
    },
  });
  const { plan, said } = await deployed(later(1));
  expect(plan.uploads.map(({ key }) => key)).toEqual(["assets/app-4f9a8b1c.js", "robots.txt", "index.html"]);
  expect(plan.invalidations).toEqual(["/robots.txt"]);
  expect(said.at(-1)).toMatch(/^CloudFront forgets what changed \(I/);
  const asked = readFileSync(emulated.workspace.calls, "utf8")
    .split("\n")
    .filter((line) => line.includes('"CreateInvalidation"'));
  expect(asked).toEqual([expect.stringContaining("/robots.txt")]);
  // A page that somebody has open still finds its script.
  expect(await keys()).toContain("assets/app-3f9a8b1c.js");
});

it("what was left over goes thirty days later, not before, and is not left over anew by each build", async () => {
  await deployed(later(20));
  await deployed(later(30));
  expect(await keys()).toContain("assets/app-3f9a8b1c.js");
  const { plan } = await deployed(later(31));
  expect(plan.removals.map(({ key }) => key)).toEqual(["assets/app-3f9a8b1c.js"]);
  expect(await keys()).not.toContain("assets/app-3f9a8b1c.js");
});

it("stopped while it uploads, it has brought no page, and the next one goes on", async () => {
  writeFileSync(join(folder, "index.html"), "<!doctype html><title>new</title>");
  for (const name of ["a", "b", "c"]) writeFileSync(join(folder, `${name}-1a2b3c4d.css`), name);
  const stop = new AbortController();
  const store = storeOf(stop.signal);
  const upload = store.upload.bind(store);
  jest.spyOn(store, "upload").mockImplementation(async (file) => {
    await upload(file);
    stop.abort(new Error("Ctrl-C"));
  });
  await expect(deployed(later(32), store, stop)).rejects.toThrow();
  const { md5 } = (await storeOf().stored()).find(({ key }) => key === "index.html")!;
  expect(frontendFiles(folder).find(({ key }) => key === "index.html")!.md5).not.toBe(md5);
  const { plan } = await deployed(later(32));
  expect(plan.uploads.at(-1)!.key).toBe("index.html");
  expect((await planned(later(32))).uploads).toEqual([]);
});
