/** Staging's web application moves to the tier standard and back, on one account: what it has in its buckets and its database comes along (RMP-017). */
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { valuesOf } from "../../commands/pages/tier-moves";
import { Workspace } from "../../rehearsal/workspace";
import { loadEnvironment } from "../fixtures/environments";
import { ProjectCopy } from "../helpers/project-copy";

const environment = loadEnvironment("staging");
const { account, region, web } = environment;
const LITERAL = "environments/staging.ts";
jest.setTimeout(15 * 60_000);

const copy = new ProjectCopy();
const written = copy.read(LITERAL);
/** A move, as somebody makes it in the literal: the lines of the tier `free`, and others in their place. */
const STANDARD: readonly (readonly [from: RegExp, to: string])[] = [
  [/tier: "free"/, 'tier: "standard"'],
  [/^ *freeTier: .*$/m, ""],
  [
    /^ *backend: .*$/m,
    `service: ${valuesOf("standard", environment)["web.service"]}, cache: ${valuesOf("standard", environment)["web.cache"]},`,
  ],
  [/, longKeeping: \{[^}]*\}/, ""],
  [/\.\.\.webDatabaseDefaults,/, '...webDatabaseDefaults, instanceClass: "db.t3.small", maxAllocatedStorageGigabytes: 100,'],
];

let endpoint: string;
let s3: S3Client;
const buckets = [web!.frontendBucket.name, web!.backupBucket!.name];
/** Asks the account, as a person does. @param call of boto3 on a client of the service: `describe_load_balancers()` */
const ask = (service: string, call: string): string =>
  execFileSync(
    copy.path(".venv", "bin", "python"),
    ["-c", `import boto3\nclient = boto3.client(${JSON.stringify(service)})\nprint(${call})`],
    {
      encoding: "utf8",
      env: {
        ...process.env,
        AWS_ENDPOINT_URL: endpoint,
        AWS_DEFAULT_REGION: region,
        AWS_ACCESS_KEY_ID: account,
        AWS_SECRET_ACCESS_KEY: "rehearsal",
      },
    },
  ).trim();

/** Deploys what the copy has, on top of what stands. @returns types of what went, of the application's own stack */
function deploy(): readonly string[] {
  const { status, stdout, stderr } = copy.run("rehearse", environment.name, "--stacks", "web", "--keep");
  if (status !== 0) throw new Error(stdout + stderr);
  return [...stdout.matchAll(/staging-web \d+\/\d+ destroyed ([a-z0-9_]+)\./g)].map(([, type]) => type!).sort();
}
/** RDS gives each another resource id, so one of the same has the same rows. */
const database = () => {
  const [id, type] = ask(
    "rds",
    `*(client.describe_db_instances(DBInstanceIdentifier="${web!.database!.id}")["DBInstances"][0][key] for key in ("DbiResourceId", "DBInstanceClass"))`,
  ).split(" ");
  return { id, type };
};
const objects = () =>
  Promise.all(buckets.map(async (Bucket) => (await s3.send(new GetObjectCommand({ Bucket, Key: "kept" }))).Body!.transformToString()));
/** Whatever holds what the application has made, or leads to it. */
const HOLDING = /^aws_(s3_bucket|db_instance|ecr_|secretsmanager_|kms_|cloudfront_distribution)/;
/** moto lists clusters that were deleted, too. */
const clusters = () => ask("ecs", `[one["status"] for one in client.describe_clusters(clusters=["kabu-trade-staging"])["clusters"]]`);
const kept = buckets.map((bucket) => `of ${bucket}`);

let first: ReturnType<typeof database>;
beforeAll(async () => {
  copy.commit("As it is");
  deploy();
  endpoint = new Workspace(copy.path(".rehearsal", environment.name)).status!.endpoint!;
  s3 = new S3Client({ region, endpoint, credentials: { accessKeyId: account, secretAccessKey: "rehearsal" }, forcePathStyle: true });
  for (const Bucket of buckets) await s3.send(new PutObjectCommand({ Bucket, Key: "kept", Body: `of ${Bucket}` }));
  first = database();
});
afterAll(() => {
  copy.run("stop");
  copy.remove();
});

it("begins with a machine and the least database", () => {
  expect(first).toEqual({ id: expect.stringMatching(/^db-/) as string, type: "db.t3.micro" });
  expect(clusters()).toBe("[]");
});

it("moves up: the machine goes, and whatever holds data is the same", async () => {
  for (const [from, to] of STANDARD) copy.replace([LITERAL], from, to);
  const gone = deploy();
  expect(gone).toContain("aws_instance");
  expect(gone.filter((type) => HOLDING.test(type))).toEqual([]);
  expect(database()).toEqual({ id: first.id, type: "db.t3.small" });
  expect(await objects()).toEqual(kept);
  expect(clusters()).toBe("['ACTIVE']");
});

it("moves back, once its load balancer may be deleted", async () => {
  writeFileSync(copy.path(LITERAL), written);
  expect(() => deploy()).toThrow(/OperationNotPermitted/);
  ask(
    "elbv2",
    `[client.modify_load_balancer_attributes(LoadBalancerArn=one["LoadBalancerArn"], Attributes=[{"Key": "deletion_protection.enabled", "Value": "false"}]) for one in client.describe_load_balancers(Names=["kabu-trade-staging"])["LoadBalancers"]]`,
  );
  const gone = deploy();
  expect(gone.filter((type) => HOLDING.test(type))).toEqual([]);
  expect(database()).toEqual(first);
  expect(await objects()).toEqual(kept);
  expect(clusters()).toBe("['INACTIVE']");
});
