/** Calls cdktf and Terraform for a rehearsal. */
import { appendFileSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { cdktfFile } from "../terraform/cdktf";
import { forgetStacks, readStack, type StackJson } from "../terraform/assembly";
import type { TerraformSettings } from "../terraform/settings";
import { synthesise } from "../terraform/synthesis";
import { traitsOf } from "../stacks/catalogue";
import { changeVariables, type Changes } from "../environments/reading/changes";
import { NOBODY } from "./emulator";
import { runProgram } from "../terraform/programs";
import { ProgressReader, type ResourceDone } from "./progress";
import type { Workspace } from "./workspace";

/** Resources that Terraform works on at once in one stack. Most of the time goes into the provider's waits, which cost nothing. */
const TERRAFORM_PARALLELISM = 40;

export interface Result {
  readonly code: number;
  readonly output: string;
}

/** Of a deploy and of a destroy; cdktf has no flag for it. */
const WITHOUT_REFRESH = { TF_CLI_ARGS_apply: "-refresh=false", TF_CLI_ARGS_destroy: "-refresh=false" };

export interface Cdktf {
  /** Names of the synthesised stacks that can be rehearsed, in order. */
  readonly stacks: () => string[];
  /** Names of the others. */
  readonly leftOut: () => string[];
  /** Names of those that could be rehearsed, had only some not been chosen. */
  readonly notChosen: () => string[];
  /** From here on only these are rehearsed. */
  readonly choose: (stacks: readonly string[]) => void;
  /** A stack as it is synthesised. */
  readonly json: (stack: string) => StackJson;
  /** The resources of a stack, as JSON that is the same when Terraform would do the same. */
  readonly resources: (stack: string) => string;
  readonly synth: (variables?: Readonly<Record<string, string>>) => Promise<void>;
  readonly run: (
    command: "deploy" | "destroy",
    patterns: readonly string[],
    watch: Watch,
    options?: RunOptions,
  ) => Promise<ProgressReader & { readonly code: number }>;
  readonly terraform: (stack: string, args: readonly string[]) => Promise<Result>;
  /** The same variables, for what runs Terraform by itself. */
  readonly variables: NodeJS.ProcessEnv;
}

export interface RunOptions {
  /** Whether Terraform reads what it manages again before it plans. `false` right after a plan that found the states true. @default true */
  readonly refresh?: boolean;
  /** Run stacks whose dependencies are not among the patterns. @default false: cdktf refuses them */
  readonly alone?: boolean;
}

export interface Watch {
  /** Called with the reader before anything has been printed. */
  readonly onStart?: (reader: ProgressReader) => void;
  readonly onDone?: (event: ResourceDone) => void;
}

/**
 * @param options.source folder whose app is synthesised (default: root)
 * @param options.signal stops whatever runs, with all its descendants
 */
export function createCdktf(options: {
  readonly root: string;
  readonly source?: string;
  readonly workspace: Workspace;
  readonly environment: string;
  readonly changes: Changes;
  readonly endpoint: string;
  readonly settings: TerraformSettings;
  readonly signal: AbortSignal;
}): Cdktf {
  const { root, source = root, workspace, environment, changes, endpoint, settings, signal } = options;
  const variables = {
    ...process.env,
    ...NOBODY,
    ...settings.variables,
    ENVIRONMENTS: environment,
    EMULATOR_ENDPOINT: endpoint,
    ...changeVariables(changes),
    CDKTF_OUTDIR: workspace.output,
    // Whatever the provider's configuration does not name must not reach AWS either.
    AWS_ENDPOINT_URL: endpoint,
    AWS_EC2_METADATA_DISABLED: "true",
    // cdktf draws a spinner unless it knows that nobody looks.
    CI: "true",
  };

  const call = (
    command: string,
    args: readonly string[],
    cwd: string,
    extra: NodeJS.ProcessEnv,
    onOutput: (text: string, stream: "stdout" | "stderr") => void,
  ): Promise<number> =>
    runProgram(command, args, {
      cwd,
      env: { ...variables, ...extra },
      signal,
      onOutput: (text, stream) => {
        appendFileSync(workspace.deployLog, text);
        onOutput(text, stream);
      },
    });

  const collect = async (command: string, args: readonly string[], cwd: string, extra: NodeJS.ProcessEnv = {}): Promise<Result> => {
    let output = "";
    const code = await call(command, args, cwd, extra, (text) => {
      output += text;
    });
    return { code, output };
  };

  const stackFolder = (stack: string) => join(workspace.output, "stacks", stack);
  const json = (stack: string) => readStack(stackFolder(stack));
  const synthesised = () => (existsSync(join(workspace.output, "stacks")) ? readdirSync(join(workspace.output, "stacks")).sort() : []);
  let chosen: readonly string[] | undefined;
  // The emulator has clusters, but no Kubernetes answers in them.
  const canBeRehearsed = (stack: string) => !traitsOf(stack).needsCluster;
  const stacks = () => synthesised().filter((stack) => canBeRehearsed(stack) && (chosen?.includes(stack) ?? true));
  const leftOut = () => synthesised().filter((stack) => !canBeRehearsed(stack));
  const notChosen = () => synthesised().filter((stack) => canBeRehearsed(stack) && !stacks().includes(stack));
  const forgetOthers = () => {
    forgetStacks(workspace.output, [...leftOut(), ...notChosen()]);
  };

  return {
    stacks,
    leftOut,
    notChosen,
    choose: (names) => {
      chosen = names;
      forgetOthers();
    },
    json,
    resources: (stack) => {
      const { resource } = json(stack);
      return JSON.stringify(resource ?? {}, (key, value: unknown) => (key === "lifecycle" ? withoutProtection(value as object) : value));
    },
    synth: async (extra = {}) => {
      await synthesise({ source, output: workspace.output, environments: [environment], variables: { ...variables, ...extra }, signal });
      forgetOthers();
    },
    run: async (command, patterns, { onStart, onDone }, { refresh = true, alone = false } = {}) => {
      const reader = new ProgressReader(
        stacks().filter((name) => patterns.some((pattern) => matches(pattern, name))),
        onDone,
      );
      onStart?.(reader);
      const code = await call(
        process.execPath,
        [
          cdktfFile(root),
          command,
          ...patterns,
          "--auto-approve",
          "--skip-synth",
          "--skip-provider-lock",
          "--no-color",
          "--output",
          workspace.output,
          "--terraform-parallelism",
          String(TERRAFORM_PARALLELISM),
          ...(alone ? ["--ignore-missing-stack-dependencies"] : []),
        ],
        root,
        refresh ? {} : WITHOUT_REFRESH,
        (text) => {
          reader.write(text);
        },
      );
      reader.end();
      return Object.assign(reader, { code });
    },
    terraform: (stack, args) => collect("terraform", args, stackFolder(stack)),
    variables,
  };
}

/** What remains of a `lifecycle` block; undefined when that is nothing. */
function withoutProtection(lifecycle: object): object | undefined {
  const rest = Object.entries(lifecycle).filter(([key]) => key !== "prevent_destroy");
  return rest.length > 0 ? Object.fromEntries(rest) : undefined;
}

/** cdktf's own patterns: `*` stands for anything. */
export function matches(pattern: string, name: string): boolean {
  return new RegExp(
    `^${pattern
      .split("*")
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
  ).test(name);
}
