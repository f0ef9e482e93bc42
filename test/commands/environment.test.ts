/** `npm run environment -- add`, in a folder of its own: what it writes, what it refuses, and that it writes all or nothing. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { addedText, environmentList } from "../../commands/environment";
import { addEnvironment, environmentsIn, type AddOptions } from "../../commands/environment/add";
import { workflowTexts } from "../../commands/pages/workflows";
import { textsOf } from "../../environments/reading/carried-names";
import type { Environment } from "../../environments/schema";
import { createApp } from "../../stacks/environment";

let failing: string | undefined;
jest.mock("node:fs", () => {
  const real = jest.requireActual<typeof import("node:fs")>("node:fs");
  return {
    ...real,
    writeFileSync: (path: string, text: string) => {
      if (failing && path.endsWith(failing)) throw new Error(`ENOSPC: no space left on device, write '${path}'`);
      real.writeFileSync(path, text);
    },
  };
});

const repository = resolve(__dirname, "..", "..");
/** Where the literals are that stand in the folder. */
const EXAMPLES = join(repository, "test/fixtures/environments");
const OFFERED = [
  { name: "dev", stage: "development" },
  { name: "staging", stage: "staging" },
  { name: "prod", stage: "production" },
] as const;
const NEW_ACCOUNT = "999988887777";

const isLiteral = (path: string) => path.endsWith(".ts") && readFileSync(path, "utf8").includes(": EnvironmentLiteral = {");

let root: string;
const read = (file: string) => readFileSync(join(root, file), "utf8");
const edit = (file: string, from: string | RegExp, to: string) => {
  const text = read(file).replace(from, to);
  expect(text).not.toBe(read(file));
  writeFileSync(join(root, file), text);
};
const files = (): Record<string, string> =>
  Object.fromEntries(
    ["environments", ".github/workflows"].flatMap((folder) =>
      readdirSync(join(root, folder), { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => [`${folder}/${name}`, read(`${folder}/${name}`)]),
    ),
  );
const loaded = async (): Promise<Environment[]> => (await environmentsIn(root)).loadEnvironments();
const accountOf = async (name: string) => (await loaded()).find((environment) => environment.name === name)!.account;
const add = (options: Omit<AddOptions, "name"> & { readonly name?: string }) => addEnvironment(root, { name: "qa", ...options });

beforeEach(() => {
  failing = undefined;
  root = mkdtempSync(join(tmpdir(), "environment-"));
  cpSync(join(repository, ".github/workflows"), join(root, ".github/workflows"), { recursive: true });
  cpSync(join(repository, "environments"), join(root, "environments"), { recursive: true, filter: (path) => !isLiteral(path) });
  symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
  // Those of the repository may offer more.
  for (const [file, text] of Object.entries(workflowTexts(root, OFFERED))) writeFileSync(join(root, file), text);
  for (const { name } of OFFERED)
    writeFileSync(
      join(root, "environments", `${name}.ts`),
      readFileSync(join(EXAMPLES, `${name}.ts`), "utf8").replaceAll('"../../../environments/', '"./'),
    );
  writeFileSync(
    join(root, "environments/index.ts"),
    [
      'import { dev } from "./dev";',
      'import { environmentsOf } from "./reading/load";',
      'import { prod } from "./prod";',
      'import { staging } from "./staging";',
      "",
      "export const { environmentNames, environmentNameOf, loadEnvironment, loadEnvironments } = environmentsOf({ dev, staging, prod });",
      "",
    ].join("\n"),
  );
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const CASES: readonly (readonly [string, (account: string) => Omit<AddOptions, "name">, string])[] = [
  ["dev in a new account", () => ({ from: "dev", account: NEW_ACCOUNT }), "dev, qa, staging, prod"],
  [
    "prod by the documents' word, for development",
    () => ({ from: "production", account: NEW_ACCOUNT, stage: "development" }),
    "dev, qa, staging, prod",
  ],
  ["staging in a new account", () => ({ from: "staging", account: NEW_ACCOUNT }), "dev, staging, qa, prod"],
  ["staging in its account", (account) => ({ from: "staging", account }), "dev, staging, qa, prod"],
  ["prod in a new account, without suffix", () => ({ from: "prod", account: NEW_ACCOUNT }), "dev, staging, prod, qa"],
  ["prod in a new account, for staging", () => ({ from: "prod", account: NEW_ACCOUNT, stage: "staging" }), "dev, staging, qa, prod"],
  ["prod in its account, for staging", (account) => ({ from: "prod", account, stage: "staging" }), "dev, staging, qa, prod"],
];

describe.each(CASES)("an environment written after %s", (_, options, order) => {
  it("is accepted, carries nobody else's name or account, is offered by the workflows, listed and synthesised", async () => {
    const from = (await loaded()).find(({ name, stage }) => [name, stage as string].includes(options("").from))!;
    const { account, stage = from.stage } = options(from.account);
    const added = await add(options(from.account));
    const all = await loaded();
    const qa = all.find(({ name }) => name === "qa")!;
    expect(all.map(({ name }) => name).join(", ")).toBe(order);
    expect(qa).toMatchObject({
      name: "qa",
      stage,
      account,
      nameSuffix: stage === "production" ? "" : "-qa",
      cluster: { eks: { access: { deploy: ["tss-deploy-qa"] } } },
    });

    const isNew = account === NEW_ACCOUNT;
    expect(qa.bootstrap?.environments).toEqual(isNew ? ["qa"] : undefined);
    expect(all.find(({ name }) => name === from.name)!.bootstrap!.environments).toEqual(isNew ? [from.name] : [from.name, "qa"]);
    if (!isNew) expect(qa.stateBucket).toBe(from.stateBucket);
    // An account has these once, a region of it the last.
    const once = ["bootstrap", "accountWide", "research"] as const;
    const leftOut = isNew ? [] : once.filter((key) => from[key]);
    expect(added.leftOut).toEqual(leftOut);
    expect(once.filter((key) => qa[key])).toEqual(isNew ? once.filter((key) => from[key]) : []);
    const foreign = textsOf(qa).filter(
      ({ path, value }) =>
        !/description|documentedName|^stage$|^stateBucket$/.test(path) &&
        value.split(/[^A-Za-z0-9]+/).some((part) => part === from.name || (isNew && part === from.account)),
    );
    expect(foreign).toEqual([]);

    expect(workflowTexts(root, all)).toEqual(Object.fromEntries(Object.keys(workflowTexts(root, all)).map((file) => [file, read(file)])));
    expect(environmentList(all, ["qa-data", "dev-data", "qa-network"])).toMatch(
      new RegExp(`^qa +${stage} +${account} +ap-northeast-1 +${from.platform as string} +data, network$`, "m"),
    );
    expect(added.files).toEqual(
      expect.arrayContaining([
        "environments/qa.ts",
        "environments/index.ts",
        ".github/workflows/deploy.yml",
        ".github/workflows/drift.yml",
      ]),
    );
    expect(added.files.includes(`environments/${from.name}.ts`)).toBe(!isNew);
    const said = addedText(added);
    for (const { path } of textsOf(qa)) if (/certificateArn$/.test(path)) expect(said).toContain(path);
    for (const { path } of textsOf(qa)) if (/\.emails\[\d+\]$|\.email$|^web\.apiOrigin$/.test(path)) expect(said).toContain(`${path} = `);
    expect(said).toContain(`cost.budgetDollars = ${from.cost.budgetDollars}`);
    expect(said.includes("accountWide.budget.dollars = ")).toBe(qa.accountWide !== undefined);
    expect(said.includes(`has it already: ${leftOut.join(", ")}\n`)).toBe(!isNew);
    expect(said.includes("npx cdktf deploy")).toBe(!isNew);

    const outdir = join(root, "synthesised");
    createApp({ environments: [qa], target: { kind: "aws" }, outdir }).synth();
    const stacks = readdirSync(join(outdir, "stacks"));
    expect(stacks).toEqual(expect.arrayContaining(["qa-data", "qa-events", "qa-network", "qa-services", "qa-trading"]));
    expect(stacks.includes("qa-bootstrap")).toBe(isNew);
  });
});

it("what is written is as the house writes it", async () => {
  await add({ from: "prod", account: NEW_ACCOUNT, stage: "staging" });
  await add({ name: "uat", from: "staging", account: await accountOf("staging") });
  mkdirSync(join(root, "test"));
  cpSync(join(repository, "eslint.config.mjs"), join(root, "eslint.config.mjs"));
  const { status, stdout } = spawnSync(process.execPath, [join(repository, "node_modules/eslint/bin/eslint.js"), "environments"], {
    cwd: root,
    encoding: "utf8",
  });
  expect([status, stdout]).toEqual([0, ""]);
  expect(read("environments/uat.ts")).not.toContain("bootstrap");
  // All but names, suffix, account and the words above it is as it stood.
  const lines = (file: string) => read(file).split("\n");
  const changed = lines("environments/qa.ts").filter((line) => !lines("environments/prod.ts").includes(line));
  expect(changed.filter((line) => !/qa|999988887777|stage: "staging"|Written after prod/.test(line))).toEqual([]);
});

it("a literal that comes to the other account without a bootstrap gets one, and a bucket without an account's id gets that", async () => {
  await add({ from: "staging", account: await accountOf("staging") });
  edit("environments/qa.ts", /stateBucket: "[^"]*"/, 'stateBucket: "acme-states"');
  edit("environments/staging.ts", /stateBucket: "[^"]*"/, 'stateBucket: "acme-states"');
  await add({ name: "uat", from: "qa", account: NEW_ACCOUNT });
  const [staging, uat] = (await loaded()).filter(({ name }) => ["staging", "uat"].includes(name));
  expect(uat).toMatchObject({
    stateBucket: `acme-states-${NEW_ACCOUNT}`,
    bootstrap: { githubRepository: staging!.bootstrap!.githubRepository, environments: ["uat"] },
  });
});

it("a literal whose account is a constant beside it is written too", async () => {
  const account = await accountOf("dev");
  edit("environments/dev.ts", "export const dev", `const ACCOUNT = "${account}";\nexport const dev`);
  edit("environments/dev.ts", `account: "${account}"`, "account: ACCOUNT");
  await add({ from: "dev", account: NEW_ACCOUNT });
  expect((await loaded())[1]).toMatchObject({ name: "qa", account: NEW_ACCOUNT });
});

describe("nothing is written", () => {
  const refusals: readonly (readonly [string, (accounts: { dev: string; prod: string }) => Parameters<typeof add>[0], string])[] = [
    [
      "a name that is taken",
      () => ({ name: "prod", from: "dev", account: NEW_ACCOUNT }),
      'name "prod": there is such an environment, environments/prod.ts',
    ],
    [
      "a name that is none",
      () => ({ name: "QA-1", from: "dev", account: NEW_ACCOUNT }),
      'name "QA-1"; allowed: 2 to 12 of a-z and 0-9, a letter first',
    ],
    [
      "a name that makes secrets look like ARNs",
      () => ({ name: "sandbx", from: "dev", account: NEW_ACCOUNT }),
      'name = "sandbx"\n    allowed: a name of more or fewer than six characters',
    ],
    [
      "a file that is there",
      () => ({ name: "common", from: "dev", account: NEW_ACCOUNT }),
      'name "common": environments/common.ts is there already',
    ],
    [
      "a folder that is there",
      () => ({ name: "schema", from: "dev", account: NEW_ACCOUNT }),
      'name "schema": environments/schema is there already',
    ],
    ["a reserved word", () => ({ name: "new", from: "dev", account: NEW_ACCOUNT }), 'name "new"; allowed: no reserved word of TypeScript'],
    [
      "a word of the command",
      () => ({ name: "list", from: "dev", account: NEW_ACCOUNT }),
      'name "list"; allowed: none of add, help, list, show',
    ],
    [
      "another stage's word",
      () => ({ name: "production", from: "staging", account: NEW_ACCOUNT }),
      'environments/production.ts: name = "production" with stage = "staging"',
    ],
    [
      "eleven digits",
      () => ({ from: "dev", account: "12345678901" }),
      '--account "12345678901"; allowed: an AWS account id of twelve digits',
    ],
    ["nothing to copy", () => ({ from: "live", account: NEW_ACCOUNT }), 'There is no environment "live". Valid names: dev, staging, prod.'],
    [
      "a second production in one account",
      ({ prod }) => ({ from: "prod", account: prod }),
      "is that of prod, and both would be in production, whose names have no suffix; allowed: another account, or another --stage",
    ],
    [
      "two environments in one default VPC",
      ({ dev }) => ({ from: "dev", account: dev }),
      'environments/qa.ts: network.kind = "default" is also that of environments/dev.ts',
    ],
    ["what the stage does not allow", () => ({ from: "dev", account: NEW_ACCOUNT, stage: "production" }), "environments/qa.ts has "],
    [
      "a name that others carry already",
      () => ({ name: "webhook", from: "dev", account: NEW_ACCOUNT }),
      'data.secrets.slackWebhook.name = "TSS/slack/webhook" carries the name of environments/webhook.ts',
    ],
  ];
  it.each(refusals)("for %s", async (_, options, message) => {
    const before = files();
    const accounts = { dev: await accountOf("dev"), prod: await accountOf("prod") };
    await expect(add(options(accounts))).rejects.toThrow(message);
    expect(files()).toEqual(before);
  });

  it("for several reasons at once, in one message", async () => {
    await expect(add({ name: "new", from: "dev", account: "1" })).rejects.toThrow(
      /^Nothing was written:\n {2}name "new".*\n {2}--account "1".*$/,
    );
  });
  it("where a literal is written in a way that cannot be edited", async () => {
    edit(
      "environments/dev.ts",
      /export const dev: EnvironmentLiteral = (\{.*\});\s*$/s,
      "const make = (): EnvironmentLiteral => ($1);\nexport const dev = make();\n",
    );
    const before = files();
    await expect(add({ from: "dev", account: NEW_ACCOUNT })).rejects.toThrow(
      "environments/dev.ts: there is no `const dev = { … }`, whose text could be edited.",
    );
    expect(files()).toEqual(before);
  });
  it.each(["environments/qa.ts", "environments/index.ts", "environments/staging.ts", ".github/workflows/drift.yml"])(
    "when %s cannot be",
    async (file) => {
      const [before, account] = [files(), await accountOf("staging")];
      failing = file;
      await expect(add({ from: "staging", account })).rejects.toThrow("Nothing was written: ENOSPC");
      expect(files()).toEqual(before);
    },
  );
});

describe("what is forgotten by hand", () => {
  it("in the workflows, is stale", async () => {
    const before = workflowTexts(root, await loaded());
    await add({ from: "staging", account: NEW_ACCOUNT });
    const after = workflowTexts(root, await loaded());
    expect(Object.keys(after).filter((file) => after[file] !== before[file])).toEqual([
      ".github/workflows/deploy-web.yml",
      ".github/workflows/deploy.yml",
      ".github/workflows/drift.yml",
      ".github/workflows/kill-switch.yml",
    ]);
  });
  it("in the bootstrap, the role or a name, is refused", async () => {
    await add({ from: "staging", account: await accountOf("staging") });
    edit("environments/qa.ts", 'eksCluster("qa")', 'eksCluster("staging")');
    edit("environments/staging.ts", '"staging", "qa"]', '"staging"]');
    await expect(loaded()).rejects.toThrow(
      /bootstrap\.environments must also list qa.*environments\/qa\.ts: cluster\.eks\.access\.deploy\[0\] = "tss-deploy-staging" carries the name of environments\/staging\.ts/s,
    );
  });
  it("in environments/index.ts, is seen", () => {
    const literals = readdirSync(join(repository, "environments"))
      .filter((file) => isLiteral(join(repository, "environments", file)))
      .map((file) => file.slice(0, -3));
    const index = readFileSync(join(repository, "environments/index.ts"), "utf8");
    expect(literals.filter((name) => !index.includes(`from "./${name}"`))).toEqual([]);
  });
});
