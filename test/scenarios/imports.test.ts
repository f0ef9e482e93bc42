/** A bucket and a table that exist already are taken over, by the real Terraform and provider, on the emulator (docs/importing.md). */
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend, TerraformStack } from "cdktf";
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Bucket } from "../../constructs/storage/bucket";
import { Table } from "../../constructs/storage/table";
import { loadEnvironments } from "../../environments";
import { readPlan } from "../../review/plan/read";
import { providerConfig } from "../../stacks/target";
import { EmulatedAccount } from "../helpers/emulated-account";

jest.setTimeout(10 * 60_000);
const [environment] = loadEnvironments();
const { region } = environment!;
const [BUCKET, TABLE] = ["kept-for-years", "orders-of-years"];

let account: EmulatedAccount;
let folder: string;
beforeAll(async () => {
  account = await EmulatedAccount.open(environment!);
});
afterAll(async () => {
  await account.close();
});

/** @param existing whether they are imported */
function synthesise(existing: boolean): void {
  const outdir = join(account.folder, "synthesised");
  const app = new App({ outdir, stackTraces: false });
  const stack = new TerraformStack(app, "taken-over");
  new AwsProvider(stack, "aws", providerConfig(environment!, { kind: "emulator", endpoint: account.emulator.endpoint }, "imports"));
  new LocalBackend(stack, { path: join(account.folder, "terraform.tfstate") });
  new Bucket(stack, "raw", { name: BUCKET, existing, protect: false });
  new Table(stack, "orders", { name: TABLE, existing, protect: false });
  app.synth();
  folder = join(outdir, "stacks", "taken-over");
}

function terraform(...args: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  mkdirSync(folder, { recursive: true });
  return spawnSync("terraform", args, { cwd: folder, encoding: "utf8", env: { ...account.variables, AWS_PROFILE: undefined } });
}
const succeeds = (...args: readonly string[]): string => {
  const { status, stdout, stderr } = terraform(...args);
  expect({ args, status, stderr }).toEqual({ args, status: 0, stderr: "" });
  return stdout;
};

const credential = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${environment!.account}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});
const s3 = (path: string, init: RequestInit = {}) => fetch(`${account.emulator.endpoint}/${path}`, { ...init, headers: credential("s3") });
const dynamodb = async (operation: string, body: object) =>
  (await (
    await fetch(`${account.emulator.endpoint}/`, {
      method: "POST",
      headers: {
        ...credential("dynamodb"),
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": `DynamoDB_20120810.${operation}`,
      },
      body: JSON.stringify(body),
    })
  ).json()) as Readonly<Record<string, unknown>>;
const ITEM = { pk: { S: "order-1" }, sk: { S: "new" } };

it("keep what they hold, and are as the code says afterwards: nothing is left to change", async () => {
  await account.emulator.createBucket(BUCKET!, region);
  await account.emulator.createTable(TABLE!, { hash: "pk", range: "sk" }, region);
  await s3(`${BUCKET}?policy`, {
    method: "PUT",
    body: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Old",
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${environment!.account}:root` },
          Action: "s3:GetObject",
          Resource: `arn:aws:s3:::${BUCKET}/*`,
        },
      ],
    }),
  });
  await s3(`${BUCKET}/history.csv`, { method: "PUT", body: "1,2,3" });
  await dynamodb("PutItem", { TableName: TABLE, Item: ITEM });

  synthesise(true);
  succeeds("init", "-input=false", "-no-color");
  succeeds("plan", "-input=false", "-no-color", "-out=plan");
  const { changes } = readPlan(succeeds("show", "-json", "plan"), { stack: "taken-over" });
  expect(changes.filter(({ importId }) => importId !== undefined).map(({ type, importId }) => [type, importId])).toEqual([
    ["aws_dynamodb_table", TABLE],
    ["aws_s3_bucket", BUCKET],
  ]);
  expect(changes.filter(({ action, importId }) => importId === undefined && action !== "create")).toEqual([]);
  expect(changes.filter(({ action }) => !["create", "import", "update"].includes(action))).toEqual([]);
  succeeds("apply", "-input=false", "-no-color", "plan");

  expect(await (await s3(`${BUCKET}/history.csv`)).text()).toBe("1,2,3");
  expect(await dynamodb("GetItem", { TableName: TABLE, Key: ITEM })).toEqual({ Item: ITEM });
  // S3 keeps one policy for a bucket: the new one has taken the place of the old.
  expect(await (await s3(`${BUCKET}?policy`)).text()).toMatch(/^(?!.*"Old").*DenyWithoutTls/s);
  succeeds("plan", "-input=false", "-no-color", "-detailed-exitcode");

  // What is imported once need not be written any more.
  synthesise(false);
  succeeds("plan", "-input=false", "-no-color", "-detailed-exitcode", "-refresh=false");
});

it("are not replaced, even where everything else may be destroyed: a table with other keys is refused", async () => {
  const { TableDescription } = await dynamodb("CreateTable", {
    TableName: "other-keys",
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
  });
  expect(TableDescription).toMatchObject({ TableName: "other-keys" });
  const outdir = join(account.folder, "other");
  const app = new App({ outdir, stackTraces: false });
  const stack = new TerraformStack(app, "other");
  new AwsProvider(stack, "aws", providerConfig(environment!, { kind: "emulator", endpoint: account.emulator.endpoint }, "imports"));
  new LocalBackend(stack, { path: join(account.folder, "other.tfstate") });
  new Table(stack, "orders", { name: "other-keys", existing: true, protect: false });
  app.synth();
  folder = join(outdir, "stacks", "other");
  succeeds("init", "-input=false", "-no-color");
  const { status, stderr } = terraform("plan", "-input=false", "-no-color");
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining("prevent_destroy") as string });
});
