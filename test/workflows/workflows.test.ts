/** The workflows: nothing that actionlint or zizmor find, and what only this project asks of them. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { offeredWords, workflowTexts } from "../../commands/pages/workflows";
import { azureValues } from "../../commands/shared/azure-client";
import { azureNames, loadAzure } from "../../environments/azure/index";
import { azureStacks, bareResources } from "../helpers/azure";
import { environmentNameOf, environmentNames, loadEnvironments } from "../../environments/index";
import { built, root, zizmor } from "./tools";

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly environment?: string;
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly string[]>> };
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly name: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean | string };
  readonly jobs: Readonly<Record<string, Job>>;
}

// actionlint is built and zizmor installed when they are not there.
jest.setTimeout(5 * 60_000);

const folder = join(root, ".github", "workflows");
const files = readdirSync(folder).sort();
const texts = Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file), "utf8")]));
const workflows = Object.fromEntries(files.map((file) => [file, parse(texts[file]!) as Workflow]));
const jobs = Object.entries(workflows).flatMap(([file, { jobs: all }]) =>
  Object.entries(all).map(([name, job]) => ({ where: `${file} ${name}`, file, job })),
);
const steps = jobs.flatMap(({ where, file, job }) =>
  job.steps.map((step, index) => ({ where: `${where} ${step.name ?? step.uses ?? index}`, file, job, step })),
);
const workflow = (file: string) => workflows[file]!;
/** Each environment by one word. */
const offered = offeredWords(loadEnvironments());
const stepsOf = (file: string, job: string) => workflow(file).jobs[job]!.steps;

it("are these", () =>
  expect(files).toEqual([
    "ci.yml",
    "comment.yml",
    "deploy-azure.yml",
    "deploy-web.yml",
    "deploy.yml",
    "destroy.yml",
    "drift.yml",
    "hosts.yml",
    "image.yml",
    "kill-switch.yml",
    "plan.yml",
  ]));

describe("tools", () => {
  const program = built("actionlint");
  if (program)
    it("actionlint finds nothing", () => {
      const { status, stdout, stderr } = spawnSync(program, ["-no-color", ...files.map((file) => join(folder, file))], {
        encoding: "utf8",
        cwd: root,
      });
      expect([status, stdout + stderr]).toEqual([0, ""]);
    });
  else if (process.env.CI)
    it("actionlint finds nothing", () => {
      throw new Error("Go is not on the PATH, which builds actionlint.");
    });
  else it.todo("actionlint finds nothing (Go is not on the PATH, which builds it)");

  it("zizmor finds nothing, however strict", () => {
    const { status, stdout } = spawnSync(zizmor(), ["--offline", "--persona=pedantic", "--no-progress", "--format=json", folder], {
      encoding: "utf8",
      cwd: root,
    });
    expect([status, (JSON.parse(stdout) as { ident: string; locations: unknown }[]).map(({ ident }) => ident)]).toEqual([0, []]);
  });
  it("nothing is silenced but one finding, with its reason", () => {
    const silenced = Object.values(texts).flatMap((text) => text.match(/#.*(zizmor|shellcheck|actionlint).*(ignore|disable).*/g) ?? []);
    expect(silenced).toEqual([
      "# zizmor: ignore[dangerous-triggers] a fork's run may not write; nothing of its head is checked out or executed here",
    ]);
  });
});

describe("every action", () => {
  const used = Object.entries(texts).flatMap(([file, text]) =>
    [...text.matchAll(/^ *-? *uses: (.*)$/gm)].map(([, use]) => ({ file, use: use! })),
  );
  it("is pinned by its commit, with its version beside it", () => {
    expect(used.length).toBeGreaterThan(30);
    expect(used.filter(({ use }) => !/^[\w-]+(?:\/[\w-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(use))).toEqual([]);
  });
  it("is of one version in all files (C-58)", () => {
    const versions = new Map<string, Set<string>>();
    for (const { use } of used) {
      const [action, version] = use.split("@") as [string, string];
      versions.set(action, (versions.get(action) ?? new Set<string>()).add(version));
    }
    expect([...versions].filter(([, found]) => found.size > 1)).toEqual([]);
  });
  it("checks out without leaving its token", () => {
    const checkouts = steps.filter(({ step }) => step.uses?.startsWith("actions/checkout@"));
    expect(checkouts.filter(({ step }) => step.with?.["persist-credentials"] !== false).map(({ where }) => where)).toEqual([]);
    expect(checkouts.length).toBe(jobs.length);
  });
});

describe("every workflow", () => {
  it("has no rights beyond reading, until a job takes them", () => {
    expect(
      Object.entries(workflows)
        .filter(([, { permissions }]) => !permissions || Object.values(permissions).some((right) => right !== "read"))
        .map(([file]) => file),
    ).toEqual([]);
  });
  it("has jobs with these rights and no others", () => {
    expect(
      Object.fromEntries(
        jobs.map(({ where, job }) => [
          where,
          Object.entries(job.permissions ?? {})
            .map((right) => right.join(": "))
            .join(", "),
        ]),
      ),
    ).toEqual({
      "ci.yml test": "contents: read",
      "ci.yml check": "contents: read",
      "plan.yml review": "contents: read",
      "comment.yml comment": "actions: read, contents: read, pull-requests: write",
      "comment.yml code-scanning": "actions: read, contents: read, security-events: write",
      "deploy-azure.yml environment": "actions: read, contents: read",
      "deploy-azure.yml review": "contents: read, id-token: write",
      "deploy-azure.yml deploy": "contents: read, id-token: write",
      "deploy-web.yml environment": "actions: read, contents: read",
      "deploy-web.yml deploy": "contents: read, id-token: write",
      "image.yml environment": "actions: read, contents: read",
      "image.yml build": "contents: read",
      "image.yml push": "contents: read, id-token: write",
      "deploy.yml environment": "actions: read, contents: read",
      "deploy.yml review": "contents: read, id-token: write",
      "deploy.yml deploy": "contents: read, id-token: write",
      "drift.yml compare": "contents: read, id-token: write",
      "drift.yml issue": "contents: read, issues: write",
      "destroy.yml environment": "actions: read, contents: read",
      "destroy.yml destroy": "contents: read, id-token: write",
      "hosts.yml windows": "",
      "kill-switch.yml environment": "actions: read, contents: read",
      "kill-switch.yml on": "contents: read, id-token: write",
      "kill-switch.yml off": "contents: read, id-token: write",
    });
  });
  it("has a limit of time on every job", () =>
    expect(
      jobs.filter(({ job }) => !(Number(job["timeout-minutes"]) > 0 && Number(job["timeout-minutes"]) <= 240)).map(({ where }) => where),
    ).toEqual([]));
  it("has rights on AWS for as long as the job that takes them may last", () => {
    const takers = steps.filter(({ step }) => step.with?.["role-to-assume"] !== undefined);
    expect(takers.length).toBeGreaterThan(5);
    // An hour is what the action asks for by itself.
    const lasts = ({ with: values }: Step) => Number(values?.["role-duration-seconds"] ?? 3600);
    expect(takers.filter(({ job, step }) => lasts(step) < 60 * job["timeout-minutes"]!).map(({ where }) => where)).toEqual([]);
  });
  it("runs one at a time of what it must not disturb", () => {
    expect(
      Object.fromEntries(
        Object.entries(workflows).map(([file, { concurrency }]) => [file, `${concurrency?.group} ${concurrency?.["cancel-in-progress"]}`]),
      ),
    ).toMatchObject({
      "deploy-azure.yml": "cloud-${{ inputs.environment }} false",
      "deploy-web.yml": "cloud-${{ inputs.environment }} false",
      "deploy.yml": "cloud-${{ inputs.environment }} false",
      "destroy.yml": "cloud-${{ inputs.environment }} false",
      "drift.yml": "drift false",
      "kill-switch.yml": "kill-switch-${{ inputs.environment }}-${{ inputs.position }} false",
      "plan.yml": "plan-${{ github.event.number || github.ref }} true",
    });
    expect(Object.values(workflows).filter(({ concurrency }) => !concurrency)).toEqual([]);
  });
  it("never runs a pull request's code with rights", () =>
    expect(Object.keys(workflows).filter((file) => "pull_request_target" in workflow(file).on)).toEqual([]));
  it("uses no stored secret at all", () =>
    expect(
      Object.entries(texts)
        .filter(([, text]) => /\bsecrets\s*[.[]/.test(text))
        .map(([file]) => file),
    ).toEqual([]));
  it("says what it does on top", () =>
    expect(
      Object.entries(texts)
        .filter(([, text]) => !text.startsWith("# "))
        .map(([file]) => file),
    ).toEqual([]));
});

describe("every step", () => {
  // The host's own scripts want Windows PowerShell (hosts.yml says why).
  const scripts = steps.filter(({ file, step }) => step.run !== undefined && file !== "hosts.yml");
  it("is an npm command, so that a laptop can do the same", () => {
    const known = Object.keys((JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object }).scripts);
    const wrong = scripts.filter(
      ({ step }) => !/^npm (test|run (--silent )?[\w:-]+( -- [^;&|`\n]*)?)( >> "\$GITHUB_PATH")?$/.test(step.run!.trim()),
    );
    expect(wrong.map(({ where }) => where)).toEqual([]);
    const names = scripts.flatMap(({ step }) => [...step.run!.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name]) => name!));
    // `review` is the other half of this change; when it is not there yet, nothing could run.
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
  });
  it("takes what people type from the environment, never from its text", () =>
    expect(steps.filter(({ step }) => step.run?.includes("${{")).map(({ where }) => where)).toEqual([]));
  it("quotes what it takes", () =>
    expect(scripts.filter(({ step }) => /(?<!")\$\w+/.test(step.run!)).map(({ where }) => where)).toEqual([]));
});

describe("deploy.yml", () => {
  const inputs = (
    workflow("deploy.yml").on.workflow_dispatch as { inputs: Record<string, { type: string; required?: boolean; options?: string[] }> }
  ).inputs;
  it("offers each environment once, by the documents' word where that is clear (OPS-049, C-56)", () => {
    expect(workflow("deploy.yml").name).toBe("Cloud Deploy");
    expect(Object.keys(workflow("deploy.yml").on)).toEqual(["workflow_dispatch"]);
    expect(inputs.environment).toMatchObject({ type: "choice", required: true, options: offered });
    expect(offered.map(environmentNameOf)).toEqual(environmentNames);
    expect(Object.keys(inputs)).toEqual(["environment", "stacks", "image"]);
  });
  it("deploys behind the overlay's own environment, whose name the deploy role trusts", () => {
    const { deploy, review, environment } = workflow("deploy.yml").jobs as Record<string, Job>;
    expect(deploy!.environment).toBe("${{ needs.environment.outputs.name }}");
    expect(deploy!.needs).toEqual(["environment", "review"]);
    expect([review!.environment, environment!.environment]).toEqual([undefined, undefined]);
    expect(environment!.if).toBe("github.ref == 'refs/heads/main'");
  });
  it("takes the role that only reads for the review, and the other one after the approval", () => {
    const roles = (job: string) => stepsOf("deploy.yml", job).flatMap(({ with: values }) => values?.["role-to-assume"] ?? []);
    expect([roles("environment"), roles("review"), roles("deploy")]).toEqual([
      [],
      ["${{ needs.environment.outputs.plan-role }}"],
      ["${{ needs.environment.outputs.deploy-role }}"],
    ]);
  });
  it("applies the review that was approved", () => {
    const run = stepsOf("deploy.yml", "deploy")
      .map((step) => step.run ?? "")
      .join();
    expect(run).toContain('--reviewed "$RUNNER_TEMP/review/review.json"');
    expect(
      stepsOf("deploy.yml", "deploy").some(
        ({ uses, with: values }) =>
          uses?.startsWith("actions/download-artifact@") && values?.name === "review" && values["run-id"] === undefined,
      ),
    ).toBe(true);
  });
});

describe("deploy-azure.yml", () => {
  const { deploy, review } = workflow("deploy-azure.yml").jobs as Record<string, Job>;

  it("offers each environment on Azure, as it is called, to the main branch alone", () => {
    const { inputs } = workflow("deploy-azure.yml").on.workflow_dispatch as { inputs: Record<string, { options?: string[] }> };
    expect(Object.keys(workflow("deploy-azure.yml").on)).toEqual(["workflow_dispatch"]);
    expect([inputs.environment!.options, Object.keys(inputs)]).toEqual([azureNames, ["environment", "stacks", "image"]]);
    expect(workflow("deploy-azure.yml").jobs.environment!.if).toBe("github.ref == 'refs/heads/main'");
  });

  it.each(azureNames)("its jobs are those whom bootstrap of %s trusts", (name) => {
    const trusted = Object.values(bareResources(azureStacks(loadAzure(name)).bootstrap!, "azurerm_federated_identity_credential")).map(
      ({ parent_id: parent, subject }) => [parent, String(subject).replace(/^repo:[^:]+:/, "")],
    );
    // GitHub's subject is that of the job's environment where it has one, else that of the branch: the first job lets nothing but main pass.
    // https://docs.github.com/actions/reference/openid-connect-reference#example-subject-claims
    const { name: output } = azureValues(loadAzure(name));
    const subject = (job: Job) =>
      job.environment === undefined
        ? "ref:refs/heads/main"
        : `environment:${job.environment.replace("${{ needs.environment.outputs.name }}", output!)}`;
    expect(trusted).toEqual([
      ["deploy_identity.id", subject(deploy!)],
      ["plan_identity.id", subject(review!)],
    ]);
  });

  it("plans as who only reads, deploys as who may, and keeps no credential", () => {
    const known = (client: string) => ({
      ENVIRONMENT: "${{ needs.environment.outputs.name }}",
      ARM_USE_OIDC: "true",
      ARM_TENANT_ID: "${{ needs.environment.outputs.tenant }}",
      ARM_SUBSCRIPTION_ID: "${{ needs.environment.outputs.subscription }}",
      ARM_CLIENT_ID: `\${{ needs.environment.outputs.${client} }}`,
    });
    expect([review!.env, deploy!.env]).toEqual([known("plan-client"), known("deploy-client")]);
    const { outputs } = workflow("deploy-azure.yml").jobs.environment as Job & { readonly outputs: Readonly<Record<string, string>> };
    expect(Object.keys(azureValues(loadAzure("azure-prod")))).toEqual(expect.arrayContaining(Object.keys(outputs)));
  });

  it("shows what is planned before anybody approves it, and applies that", () => {
    const runs = (job: string) => stepsOf("deploy-azure.yml", job).flatMap(({ run }) => run?.trim() ?? []);
    expect(runs("review")).toEqual([
      'npm run review -- "$ENVIRONMENT" --account --image "$IMAGE" --out "$RUNNER_TEMP/review" --summary "$GITHUB_STEP_SUMMARY"',
    ]);
    expect(runs("deploy")).toEqual(stepsOf("deploy.yml", "deploy").flatMap(({ if: when, run }) => (run && !when ? [run.trim()] : [])));
    expect([deploy!.needs, review!.needs]).toEqual([["environment", "review"], "environment"]);
  });
});

it("whatever takes locks releases its own when it is cancelled", () => {
  // Neither the kill switch nor an image takes any.
  const takers = jobs.filter(
    ({ file, job }) =>
      !["kill-switch.yml", "deploy-web.yml", "image.yml"].includes(file) &&
      job.steps.some(({ uses }) => uses?.startsWith("aws-actions/configure-aws-credentials@")),
  );
  expect(takers.map(({ where }) => where)).toEqual(["deploy.yml review", "deploy.yml deploy", "destroy.yml destroy", "drift.yml compare"]);
  expect(
    takers
      .filter(({ job }) => !job.steps.some((step) => step.if === "cancelled()" && /^npm run unlock -- .* --own$/.test(step.run ?? "")))
      .map(({ where }) => where),
  ).toEqual([]);
});

it("whatever takes an environment of GitHub comes after its protection was asked for, of the same environment", () => {
  const takers = jobs.filter(({ job }) => job.environment !== undefined);
  expect(takers.map(({ where }) => where)).toEqual([
    "deploy-azure.yml deploy",
    "deploy-web.yml deploy",
    "deploy.yml deploy",
    "destroy.yml destroy",
    "image.yml push",
    "kill-switch.yml off",
  ]);
  for (const { file, job } of takers) {
    expect([job.needs].flat()).toContain("environment");
    const first = workflow(file).jobs.environment as Job & { readonly outputs: Readonly<Record<string, string>> };
    expect([job.environment, first.outputs.name, first.needs]).toEqual([
      "${{ needs.environment.outputs.name }}",
      "${{ steps.environment.outputs.name }}",
      undefined,
    ]);
    expect(first.steps.filter(({ run }) => run !== undefined).map(({ run, env, if: when }) => [run, env?.ENVIRONMENT, when])).toEqual([
      ['npm run --silent environment -- "$ENVIRONMENT" --out "$GITHUB_OUTPUT"', "${{ inputs.environment }}", undefined],
      ['npm run github -- protection "$ENVIRONMENT"', "${{ inputs.environment }}", undefined],
    ]);
  }
});

it("only what is in development is destroyed, and by a name that somebody typed", () => {
  const { inputs } = workflow("destroy.yml").on.workflow_dispatch as { inputs: Record<string, { options?: string[] }> };
  const all = loadEnvironments();
  expect(inputs.environment!.options!.map(environmentNameOf)).toEqual(
    all.filter(({ stage }) => stage === "development").map(({ name }) => name),
  );
  expect(workflow("destroy.yml").jobs.destroy!.environment).toBe("${{ needs.environment.outputs.name }}");
  expect(
    stepsOf("destroy.yml", "destroy")
      .map(({ run }) => run)
      .filter((run) => run?.includes("destroy")),
  ).toEqual(['npm run destroy -- "$ENVIRONMENT" --auto-approve --confirm "$CONFIRM"']);
});

describe("image.yml and deploy-web.yml (OPS-054, OPS-055)", () => {
  it("build what runs its own code without rights, and push it without running it", () => {
    const { build, push } = workflow("image.yml").jobs as Record<string, Job>;
    expect(build!.permissions).toEqual({ contents: "read" });
    expect(build!.environment).toBeUndefined();
    const runs = (job: string) => stepsOf("image.yml", job).flatMap(({ run }) => run ?? []);
    expect([runs("build"), runs("push")]).toEqual([
      ['npm run image -- build "$FOLDER" --test test --out "$RUNNER_TEMP/image.tar"'],
      ['npm run image -- push "$ENVIRONMENT" "$IMAGE" --from "$RUNNER_TEMP/image/image.tar" --tag "$TAG" --out "$GITHUB_OUTPUT"'],
    ]);
    expect(push!.needs).toEqual(["environment", "build"]);
  });
  it("hand on what was pushed and scanned", () => {
    const { outputs } = workflow("image.yml").on.workflow_call as { outputs: Record<string, { value: string }> };
    expect(Object.values(outputs).map(({ value }) => value)).toEqual(["${{ jobs.push.outputs.tag }}", "${{ jobs.push.outputs.digest }}"]);
  });
  it("offer each environment once", () => {
    const { inputs } = workflow("deploy-web.yml").on.workflow_dispatch as { inputs: Record<string, { options?: string[] }> };
    expect(inputs.environment!.options).toEqual(offered);
  });
});

describe("kill-switch.yml", () => {
  const { jobs: switches } = workflow("kill-switch.yml");
  const commands = (job: string) =>
    stepsOf("kill-switch.yml", job).flatMap(({ run = "" }) => (run.includes("kill-switch --") ? [run] : []));

  it("throws the switch without anybody's approval, by a role that does nothing else", () => {
    expect([switches.on!.environment, switches.on!.needs]).toEqual([undefined, undefined]);
    expect(stepsOf("kill-switch.yml", "on").flatMap(({ with: values }) => values?.["role-to-assume"] ?? [])).toEqual([
      "${{ steps.environment.outputs.kill-switch-on-role }}",
    ]);
    expect(commands("on")).toEqual([
      'npm run kill-switch -- "$ENVIRONMENT" on --reason "$REASON"',
      'npm run kill-switch -- "$ENVIRONMENT" on --emergency --reason "$REASON"',
    ]);
  });
  it("takes it back behind the environment, by another role", () => {
    expect(stepsOf("kill-switch.yml", "off").flatMap(({ with: values }) => values?.["role-to-assume"] ?? [])).toEqual([
      "${{ needs.environment.outputs.kill-switch-off-role }}",
    ]);
    expect(commands("off")).toEqual(['npm run kill-switch -- "$ENVIRONMENT" off --confirm "$ENVIRONMENT" --reason "$REASON"']);
    expect(switches.environment!.if).toMatch(/^inputs\.position == 'off' /);
  });
  it("offers each environment once", () => {
    const { inputs } = workflow("kill-switch.yml").on.workflow_dispatch as { inputs: Record<string, { options?: string[] }> };
    expect(inputs.environment!.options).toEqual(offered);
  });
});

describe("the environments that workflows offer", () => {
  it("are those of the literals", () => {
    const stale = Object.entries(workflowTexts(root, loadEnvironments()))
      .filter(([file, text]) => text !== readFileSync(join(root, file), "utf8"))
      .map(([file]) => file);
    if (stale.length > 0)
      throw new Error(`${stale.join(", ")} do not offer the environments of environments/index.ts: run \`npm run docs\` and commit them.`);
  });
  it("stand in no step", () => {
    const word = new RegExp(`\\b(${[...environmentNames, ...azureNames].join("|")})\\b`);
    expect(
      steps
        .filter(
          ({ step: { run = "", with: values = {} } }) => word.test(run) || Object.values(values).some((value) => word.test(String(value))),
        )
        .map(({ where }) => where),
    ).toEqual([]);
  });
});

it("what a push leaves out of the longer checks is checked daily", () => {
  expect(workflow("ci.yml").on.schedule).toEqual([{ cron: expect.stringMatching(/^\d+ \d+ \* \* \*$/) as string }]);
  expect(workflow("ci.yml").jobs.check!.if).toBe("github.event_name != 'pull_request'");
  expect(stepsOf("ci.yml", "check").flatMap(({ if: when, run = "" }) => (run.startsWith("npm run check") ? [[when, run]] : []))).toEqual([
    ["github.event_name == 'push'", "npm run check"],
    ["github.event_name == 'schedule'", "npm run check -- --all"],
  ]);
});

it("every environment is reviewed, and looked at for drift", () => {
  // Without names: all of them, in one report.
  expect(
    workflow("plan.yml")
      .jobs.review!.steps.map(({ run }) => run ?? "")
      .filter((run) => run.startsWith("npm run review")),
  ).toEqual(['npm run review -- ${ENVIRONMENT:+"$ENVIRONMENT"} --base "$BASE" --out "$RUNNER_TEMP/review"']);
  for (const job of ["compare", "issue"]) expect(workflow("drift.yml").jobs[job]!.strategy!.matrix).toEqual({ environment: offered });
});

describe("a pull request of a stranger", () => {
  it("is planned without any credentials", () => {
    expect(Object.keys(workflow("plan.yml").on)).toEqual(["pull_request", "workflow_dispatch"]);
    expect(texts["plan.yml"]).not.toMatch(/id-token|secrets|github\.token|GITHUB_TOKEN|aws-actions/);
  });
  it("of a fork puts nothing beside the code, and one of ours only where a variable asks for it", () => {
    const { if: condition, steps: own } = workflow("comment.yml").jobs["code-scanning"]!;
    expect(condition).toMatch(/^vars\.CODE_SCANNING == 'true' && .*head_repository\.full_name == github\.repository/);
    expect(own.flatMap(({ run = [] }) => run)).toEqual([]);
    expect(own.map((step) => step.with?.ref)).toEqual([
      "${{ github.event.repository.default_branch }}",
      undefined,
      "refs/heads/${{ github.event.workflow_run.head_branch }}",
    ]);
    expect(own.at(-1)!.with?.sarif_file).toBe("${{ runner.temp }}/reviews/review/review.sarif");
  });
  it("is commented on by the default branch's code, which takes the other run's files for data", () => {
    const {
      on,
      jobs: { comment },
    } = workflow("comment.yml");
    expect(on).toEqual({ workflow_run: { workflows: [workflow("plan.yml").name], types: ["completed"] } });
    const checkouts = comment!.steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkouts.map((step) => step.with?.ref)).toEqual(["${{ github.event.repository.default_branch }}"]);
    const downloads = comment!.steps.filter(({ uses }) => uses?.startsWith("actions/download-artifact@"));
    // By name, into a folder of its own: a pattern that one artifact matches would be unpacked beside the folders that the command expects.
    expect(downloads.map((step) => [step.with?.name, step.with?.path])).toEqual([["review", "${{ runner.temp }}/reviews/review"]]);
    expect(comment!.steps.flatMap(({ run = [] }) => run)).toEqual([
      'npm run github -- comment "$RUNNER_TEMP/reviews" --head "$HEAD" --run "$PAGE"',
    ]);
  });
});
