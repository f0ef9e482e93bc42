/** The committed hashes, held by real Terraform against the real provider of AWS. The others' providers are on no mirror that tests know. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { terraformWith } from "../../review/planning/rehearsed";
import { lockOf, PROVIDER_LOCK } from "../../stacks/provider-lock";
import { withLockExplained } from "../../terraform/provider-lock";
import { terraformSettings } from "../../terraform/settings";

jest.setTimeout(5 * 60_000);

const required = { aws: { source: "hashicorp/aws", version: "5.100.0" } };
const lock = lockOf(required, readFileSync(resolve(__dirname, "..", "..", PROVIDER_LOCK), "utf8"));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "provider-lock-"));
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify({ terraform: { required_providers: required } }));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});
async function init(text: string) {
  const { variables } = terraformSettings(folder);
  writeFileSync(join(folder, ".terraform.lock.hcl"), text);
  const { code, stdout, stderr } = await terraformWith({ ...process.env, ...variables }, new AbortController().signal)(folder, [
    "init",
    "-input=false",
    "-no-color",
  ]);
  return { code, said: withLockExplained(stderr || stdout) };
}

it("takes a provider with the contents that are locked", async () => {
  expect(await init(lock)).toMatchObject({ code: 0 });
});

it("refuses one with other contents, and says which file says so and what to do", async () => {
  const { code, said } = await init(lock.replace(/"(h1|zh):./g, (hash) => `${hash.slice(0, 4)}${hash.endsWith("0") ? "1" : "0"}`));
  expect(code).toBe(1);
  expect(said).toContain("stacks/providers/.terraform.lock.hcl says what each provider may contain, and this one has other contents");
  expect(said).toContain("terraform -chdir=stacks/providers providers lock");
});
