/** Runbooks carried out step by step on an emulator, through the API of Systems Manager. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import type { AutomationRunbook, CommandRunbook } from "../../constructs/runbooks/description";
import { automationDocument, commandDocument } from "../../constructs/runbooks/document";
import { EmulatedAccount } from "../helpers/emulated-account";

const root = resolve(__dirname, "..", "..");
const python = join(root, ".venv", "bin", "python");

export const PLACE = { environment: "dev", account: "111122223333", region: "ap-northeast-1" };

type Members = Readonly<Record<string, unknown>>;
type Answer = { readonly result: Members } | { readonly error: string; readonly message: string };

/** Of GetAutomationExecution, as far as tests look at it. */
interface Execution {
  readonly AutomationExecutionStatus: string;
  readonly FailureMessage?: string;
  readonly Outputs: Readonly<Record<string, readonly string[]>>;
  readonly StepExecutions: readonly { readonly StepName: string; readonly StepStatus: string }[];
}

/** What is wrong with each of the documents. */
export function faultsOf(documents: Readonly<Record<string, object>>): Readonly<Record<string, readonly string[]>> {
  const { stdout, stderr } = spawnSync(python, [join(__dirname, "validate.py")], {
    input: JSON.stringify(documents),
    encoding: "utf8",
    env: { ...process.env, PYTHONPATH: join(root, "rehearsal", "emulator"), PYTHONDONTWRITEBYTECODE: "1" },
  });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, readonly string[]>;
}

export class Runs {
  private readonly waiting: ((answer: Answer) => void)[] = [];

  private constructor(
    private readonly emulated: EmulatedAccount,
    private readonly child: ChildProcess,
    private readonly machines: string,
  ) {
    createInterface({ input: child.stdout! }).on("line", (line) => this.waiting.shift()?.(JSON.parse(line) as Answer));
  }

  /** @param hosts further stand-ins, of Windows: by their tag `Name` what each of them says to every command */
  static async open(hosts: Readonly<Record<string, string>> = {}): Promise<Runs> {
    const machines = mkdtempSync(join(tmpdir(), "machines-"));
    for (const platform of ["Linux", "Windows"]) writeMachine(join(machines, platform), platform);
    for (const [name, says] of Object.entries(hosts)) writeMachine(join(machines, name), "Windows", `echo '${says}'\n`);
    const emulated = await EmulatedAccount.open(PLACE, machines);
    const { account, region } = PLACE;
    const child = spawn(python, [join(__dirname, "aws.py"), emulated.emulator.endpoint, account, region], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    return new Runs(emulated, child, machines);
  }

  /** A call of boto3. @throws Error with the code of AWS's error and its message */
  async call<Result = Members>(service: string, operation: string, parameters: object): Promise<Result> {
    const answer = await new Promise<Answer>((done) => {
      this.waiting.push(done);
      this.child.stdin!.write(`${JSON.stringify({ service, operation, arguments: parameters })}\n`);
    });
    if ("error" in answer) throw new Error(`${answer.error}: ${answer.message}`);
    return answer.result as Result;
  }

  /** What an object holds. */
  async text(bucket: string, key: string): Promise<string> {
    return (await this.call<{ Body: string }>("s3", "get_object", { Bucket: bucket, Key: key })).Body;
  }

  /** The document as a deploy makes it, with a role that Systems Manager may take. */
  async make(runbook: AutomationRunbook | CommandRunbook): Promise<void> {
    const name = `tss-dev.${runbook.name}`;
    const trust = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "ssm.amazonaws.com" }, Action: "sts:AssumeRole" }],
    };
    const role = `tss-runbook-${runbook.name}`;
    if (runbook.kind === "automation")
      await this.call("iam", "create_role", { RoleName: role, AssumeRolePolicyDocument: JSON.stringify(trust) });
    const content =
      runbook.kind === "automation" ? automationDocument(runbook, `arn:aws:iam::${PLACE.account}:role/${role}`) : commandDocument(runbook);
    await this.call("ssm", "create_document", {
      Name: name,
      DocumentType: runbook.kind === "automation" ? "Automation" : "Command",
      DocumentFormat: "JSON",
      Content: JSON.stringify(content),
    });
  }

  /** Starts a runbook. @returns the id of the run */
  async start({ name }: AutomationRunbook, parameters: Readonly<Record<string, string>>): Promise<string> {
    const { AutomationExecutionId: id } = await this.call<{ AutomationExecutionId: string }>("ssm", "start_automation_execution", {
      DocumentName: `tss-dev.${name}`,
      // None at all is none given: AWS takes no empty map.
      ...(Object.keys(parameters).length > 0 && {
        Parameters: Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, [value]])),
      }),
    });
    return id;
  }

  /** Once it has come to an end, or to an approval. */
  async settled(id: string, busy: readonly string[] = ["InProgress"]): Promise<Execution> {
    for (;;) {
      const { AutomationExecution: execution } = await this.call<{ AutomationExecution: Execution }>("ssm", "get_automation_execution", {
        AutomationExecutionId: id,
      });
      if (!busy.includes(execution.AutomationExecutionStatus)) return execution;
      await pause(20);
    }
  }

  /** Answers an approval. */
  async signal(id: string, kind: "Approve" | "Reject"): Promise<Execution> {
    await this.call("ssm", "send_automation_signal", { AutomationExecutionId: id, SignalType: kind });
    return this.settled(id, ["InProgress", "Waiting"]);
  }

  /** From start to end. @returns its status and its steps, each with its own: `reboot`, or `reboot: Failed` */
  async run(
    runbook: AutomationRunbook,
    parameters: Readonly<Record<string, string>>,
  ): Promise<readonly [status: string, steps: readonly string[], of: Execution]> {
    const execution = await this.settled(await this.start(runbook, parameters));
    return [execution.AutomationExecutionStatus, stepsOf(execution), execution];
  }

  /** Once a run has begun with a step. */
  async reaches(id: string, step: string): Promise<void> {
    for (;;) {
      const { AutomationExecution: execution } = await this.call<{ AutomationExecution: Execution }>("ssm", "get_automation_execution", {
        AutomationExecutionId: id,
      });
      if (execution.StepExecutions.some(({ StepName: name }) => name === step)) return;
      if (execution.AutomationExecutionStatus !== "InProgress")
        throw new Error(`it ended before ${step}: ${stepsOf(execution).join(", ")}`);
      await pause(10);
    }
  }

  /** In place of the next answers to an operation. */
  async plant(
    service: string,
    operation: string,
    times: number,
    fault: { answer: object } | { error: { code: string; message: string } },
  ): Promise<void> {
    await this.tell("POST", { account: PLACE.account, service, operation, times, ...fault });
  }

  /** What was planted and not asked for is given up. */
  async forget(): Promise<void> {
    await this.tell("DELETE", {});
  }

  /** The stand-in of the machines whose tag `Name` says so. @param agent a script of sh, given the kind of step and the file of its script */
  machine(name: string, platform: "Linux" | "Windows", agent: string): void {
    rmSync(join(this.machines, name), { recursive: true, force: true });
    writeMachine(join(this.machines, name), platform, agent);
  }

  private async tell(method: string, fault: object): Promise<void> {
    const response = await fetch(`${this.emulated.emulator.endpoint}/rehearsal/faults`, { method, body: JSON.stringify(fault) });
    if (!response.ok) throw new Error(await response.text());
  }

  async close(): Promise<void> {
    const closed = once(this.child, "close");
    this.child.stdin!.end();
    await closed;
    await this.emulated.close();
    rmSync(this.machines, { recursive: true });
  }
}

/** A stand-in, found by the tag `Name`, on which every command succeeds and says nothing unless told otherwise (rehearsal/emulator/emulator_server/machines.py). */
function writeMachine(folder: string, platform: string, agent = ""): void {
  mkdirSync(folder);
  writeFileSync(join(folder, "platform"), platform);
  writeFileSync(join(folder, "agent"), `#!/bin/sh\n${agent}\n`, { mode: 0o755 });
}

export const stepsOf = ({ StepExecutions: steps }: Pick<Execution, "StepExecutions">): readonly string[] =>
  steps.map(({ StepName: name, StepStatus: status }) => (status === "Success" ? name : `${name}: ${status}`));
