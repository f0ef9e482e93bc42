/** How Terraform is called, with a stand-in for it. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Terraform } from "../../delivery/terraform";
import type { Stack } from "../../terraform/assembly";

const path = process.env.PATH;
let folder: string;
let stack: Stack;
let terraform: Terraform;
/** @param script what the stand-in does; `args` are its arguments */
const standIn = (script: string) => {
  writeFileSync(
    join(folder, "terraform"),
    `#!${process.execPath}\nconst { appendFileSync, writeFileSync } = require("fs"); const args = process.argv.slice(2);\nappendFileSync("calls", args.join(" ") + "\\n");\n${script}\n`,
  );
  chmodSync(join(folder, "terraform"), 0o755);
};
const calls = () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
const until = async (holds: () => boolean) => {
  while (!holds())
    await new Promise((done) => {
      setTimeout(done, 20);
    });
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "terraform-test-"));
  stack = { name: "dev-data", folder, dependencies: [] };
  writeFileSync(join(folder, "cdk.tf.json"), "{}");
  process.env.PATH = `${folder}${delimiter}${path}`;
  terraform = new Terraform({ variables: { TF_CLI_CONFIG_FILE: "/dev/null" }, cdktfFlags: [] });
});
afterEach(() => {
  terraform.dispose();
  process.env.PATH = path;
  rmSync(folder, { recursive: true });
});

it("a plan is a file that is gone afterwards, whatever becomes of it", async () => {
  standIn(
    `if (args[0] === "plan") writeFileSync(args.at(-1).slice(5), "secrets"); else console.log(JSON.stringify({ format_version: "1.2", terraform_version: "1.11.4", resource_changes: [] }));`,
  );
  let seen: unknown;
  await terraform.plan(
    stack,
    (plan, file) => {
      seen = [plan.stack, plan.changes, readFileSync(file, "utf8")];
    },
    ["-refresh-only"],
  );
  expect(seen).toEqual(["dev-data", [], "secrets"]);
  expect(calls()).toEqual([
    "plan -input=false -no-color -lock-timeout=120s -refresh-only -out=delivery.tfplan",
    "show -json delivery.tfplan",
  ]);
  expect(existsSync(join(folder, "delivery.tfplan"))).toBe(false);
  await expect(
    terraform.plan(stack, () => {
      throw new Error("no");
    }),
  ).rejects.toThrow("no");
  expect(existsSync(join(folder, "delivery.tfplan"))).toBe(false);
});

it("an error is told without what looks like a secret, and without Terraform's output", async () => {
  standIn(`console.log("DATABASE_URL = leaked"); console.error("Error: no access with AKIAIOSFODNN7EXAMPLE"); process.exit(3);`);
  await expect(terraform.init(stack)).rejects.toThrow(
    /^terraform init of dev-data ended with exit code 3:\nError: no access with (?!.*AKIA)/,
  );
  await expect(terraform.init(stack)).rejects.not.toThrow(/leaked/);
});

it("sets up no stack with a provider that is not locked", async () => {
  standIn("");
  const required = { random: { source: "hashicorp/random", version: "3.6.0" } };
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify({ terraform: { required_providers: required } }));
  await expect(terraform.init(stack)).rejects.toThrow(
    "dev-data needs providers of which stacks/providers/.terraform.lock.hcl has no hashes",
  );
  expect(existsSync(join(folder, "calls"))).toBe(false);
  writeFileSync(join(folder, "cdk.tf.json"), "{}");
  await terraform.init(stack);
  expect(calls()).toEqual(["init -input=false -no-color"]);
});

it("Ctrl-C reaches Terraform once, is waited for, and ends everything after it", async () => {
  standIn(
    `let times = 0; process.on("SIGINT", () => { times += 1; writeFileSync("interrupted", String(times)); setTimeout(() => process.exit(0), 300); }); writeFileSync("started", ""); setInterval(() => {}, 1000);`,
  );
  const applied = terraform.apply(stack, "plan", () => undefined);
  const failure = applied.catch((error: unknown) => error as Error);
  await until(() => existsSync(join(folder, "started")));
  for (let times = 0; times < 3; times += 1) process.emit("SIGINT");
  expect(await failure).toMatchObject({
    name: "Interrupted",
    message: expect.stringMatching(/^Interrupted: terraform apply of dev-data\./),
  });
  expect(readFileSync(join(folder, "interrupted"), "utf8")).toBe("1");
  await expect(terraform.init(stack)).rejects.toMatchObject({ name: "Interrupted" });
  expect(calls()).toHaveLength(1);
});
