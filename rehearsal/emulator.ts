/** The AWS emulator of a rehearsal: a process on a free loopback port. */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "../terraform/processes";
import type { Workspace } from "./workspace";

/** What exists, as the emulator tells: service → region → collection → keys. */
export type Inventory = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>>>;
export interface Coverage {
  readonly inferred: readonly { service: string; operation: string }[];
  readonly refused: readonly { service: string; operation: string }[];
}

/** What is read of a state: https://developer.hashicorp.com/terraform/internals/json-format does not describe it, its version is 4 since Terraform 0.12. */
export interface State {
  readonly resources: readonly { readonly mode: "managed" | "data"; readonly type: string; readonly name: string }[];
}

/** A rehearsal is nobody's in AWS: a profile of the person's, or one that does not exist, has no part in it. */
export const NOBODY = { AWS_PROFILE: undefined, AWS_DEFAULT_PROFILE: undefined, AWS_SESSION_TOKEN: undefined };

const START_TIMEOUT_MILLISECONDS = 60_000;

export class Emulator {
  private stopping = false;

  private constructor(
    readonly endpoint: string,
    readonly pid: number,
    private readonly account: string,
    private readonly child?: ChildProcess,
  ) {}

  /**
   * Starts an emulator that lives as long as this process, unless it is kept.
   * @param options.machines folder of stand-ins, which do what Systems Manager tells the instances of their name (rehearsal/emulator). @default none
   * @param options.stop aborted, with the reason, when the emulator ends before it should; when aborted from elsewhere, the start is given up
   * @throws with the end of its log when it does not come up
   */
  static async start(options: {
    root: string;
    python: string;
    workspace: Workspace;
    account: string;
    stop: AbortController;
    machines?: string;
  }): Promise<Emulator> {
    const { root, python, workspace, account, stop, machines } = options;
    const { signal } = stop;
    const readyFile = join(workspace.folder, "ready.json");
    rmSync(readyFile, { force: true });
    const log = openSync(workspace.emulatorLog, "a");
    const child = spawn(
      python,
      [
        ...["-m", "emulator_server", "--port", "0", "--ready-file", readyFile, "--owner", String(process.pid), "--calls", workspace.calls],
        ...(machines === undefined ? [] : ["--machines", machines]),
      ],
      {
        cwd: workspace.folder,
        // A group of its own: Ctrl-C reaches the rehearsal, which stops Terraform first.
        detached: true,
        stdio: ["ignore", log, log],
        env: { ...process.env, ...NOBODY, PYTHONPATH: join(root, "rehearsal", "emulator"), PYTHONDONTWRITEBYTECODE: "1" },
      },
    );
    closeSync(log);
    const exited = new Promise<string>((resolve) => {
      child.once("error", (error) => {
        resolve(error.message);
      });
      child.once("exit", (code, name) => {
        resolve(name ? `killed by ${name}` : `exit code ${code}`);
      });
    });
    const deadline = Date.now() + START_TIMEOUT_MILLISECONDS;
    while (!existsSync(readyFile)) {
      const end = await Promise.race([
        exited,
        new Promise<undefined>((resolve) => {
          setTimeout(() => {
            resolve(undefined);
          }, 50);
        }),
      ]);
      if (end !== undefined) throw new Error(`The emulator did not start (${end}):\n${tail(workspace.emulatorLog)}`);
      if (signal.aborted || Date.now() > deadline) {
        child.kill("SIGKILL");
        throw signal.aborted
          ? (signal.reason as Error)
          : new Error(`The emulator did not start within ${START_TIMEOUT_MILLISECONDS / 1000} s:\n${tail(workspace.emulatorLog)}`);
      }
    }
    const { port, pid } = JSON.parse(readFileSync(readyFile, "utf8")) as { port: number; pid: number };
    const emulator = new Emulator(`http://127.0.0.1:${port}`, pid, account, child);
    void exited.then((end) => {
      if (!emulator.stopping)
        stop.abort(
          new Error(`The emulator stopped in the middle of the rehearsal (${end}); the end of its log:\n${tail(workspace.emulatorLog)}`),
        );
    });
    return emulator;
  }

  /** The emulator of a kept rehearsal; undefined when it no longer answers. @param stop aborted when it stops answering later */
  static async attach(workspace: Workspace, account: string, stop: AbortController): Promise<Emulator | undefined> {
    const { endpoint, emulator: pid } = workspace.status ?? {};
    if (!endpoint || !pid) return undefined;
    const emulator = new Emulator(endpoint, pid, account);
    if (!(await emulator.ask("health").catch(() => undefined))) return undefined;
    const watch = setInterval(() => {
      if (emulator.stopping) clearInterval(watch);
      else if (!isAlive(pid))
        stop.abort(new Error(`The emulator stopped in the middle of the rehearsal; the end of its log:\n${tail(workspace.emulatorLog)}`));
    }, 1000);
    watch.unref();
    return emulator;
  }

  /** Lets the emulator outlive this process. */
  async keep(): Promise<void> {
    this.stopping = true;
    await this.act("keep");
    this.child?.unref();
  }

  /** Notes how everything is, the states of Terraform included, in place of an earlier checkpoint. @throws with the reason when it cannot, as on Windows */
  checkpoint(): Promise<void> {
    return this.act("checkpoint");
  }

  /** Everything is as it was at the checkpoint again. @throws when there is none */
  rollback(): Promise<void> {
    return this.act("rollback");
  }

  /** From here on its end is no failure. */
  release(): void {
    this.stopping = true;
  }

  /** A bucket for the states, or one that is to be imported; anything else goes through Terraform. One that is there stays as it is. */
  async createBucket(name: string, region: string): Promise<void> {
    const response = await fetch(`${this.endpoint}/${name}`, {
      method: "PUT",
      headers: { authorization: this.credential(region, "s3"), "content-type": "application/xml" },
      body: `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`,
    });
    const text = await response.text();
    if (!response.ok && !text.includes("BucketAlreadyOwnedByYou"))
      throw new Error(`The emulator refused the bucket ${name}: ${response.status} ${text}`);
  }

  /** A table that is to be imported, its keys texts. One that is there stays as it is. */
  async createTable(name: string, keys: { readonly hash: string; readonly range?: string }, region: string): Promise<void> {
    const named = [
      { AttributeName: keys.hash, KeyType: "HASH" },
      ...(keys.range === undefined ? [] : [{ AttributeName: keys.range, KeyType: "RANGE" }]),
    ];
    const response = await fetch(`${this.endpoint}/`, {
      method: "POST",
      headers: {
        authorization: this.credential(region, "dynamodb"),
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "DynamoDB_20120810.CreateTable",
      },
      body: JSON.stringify({
        TableName: name,
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: named,
        AttributeDefinitions: named.map(({ AttributeName }) => ({ AttributeName, AttributeType: "S" })),
      }),
    });
    const text = await response.text();
    if (!response.ok && !text.includes("ResourceInUseException"))
      throw new Error(`The emulator refused the table ${name}: ${response.status} ${text}`);
  }

  /** A public zone that stacks look up. One that is there stays as it is. @returns its id */
  async createZone(name: string): Promise<string> {
    const found = await this.askRoute53("GET", `hostedzonesbyname?dnsname=${name}&maxitems=1`);
    if (found.includes(`<Name>${name}.</Name>`)) return zoneIdIn(found);
    return zoneIdIn(
      await this.askRoute53(
        "POST",
        "hostedzone",
        `<CreateHostedZoneRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Name>${name}</Name><CallerReference>rehearsal</CallerReference></CreateHostedZoneRequest>`,
      ),
    );
  }

  /** @throws Error where records are left in it, as AWS refuses it then */
  async deleteZone(id: string): Promise<void> {
    await this.askRoute53("DELETE", `hostedzone/${id}`);
  }

  private async askRoute53(method: string, path: string, body?: string): Promise<string> {
    const response = await fetch(`${this.endpoint}/2013-04-01/${path}`, {
      method,
      headers: { authorization: this.credential("us-east-1", "route53"), ...(body !== undefined && { "content-type": "application/xml" }) },
      body,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`The emulator answered ${response.status} to ${method} ${path}: ${text}`);
    return text;
  }

  /** Keys of the lock objects in a bucket of states. */
  async locks(bucket: string, region: string): Promise<string[]> {
    return (await this.keys(bucket, region)).filter((key) => key.endsWith(".tflock"));
  }

  /** The states in a bucket: key → what Terraform keeps there. */
  async states(bucket: string, region: string): Promise<ReadonlyMap<string, State>> {
    const keys = (await this.keys(bucket, region)).filter((key) => key.endsWith(".tfstate"));
    return new Map(
      await Promise.all(keys.map(async (key) => [key, (await (await this.s3(`${bucket}/${key}`, region)).json()) as State] as const)),
    );
  }

  async deleteObject(bucket: string, key: string, region: string): Promise<void> {
    await this.s3(`${bucket}/${key}`, region, "DELETE");
  }

  private async keys(bucket: string, region: string): Promise<string[]> {
    return [...(await (await this.s3(`${bucket}?list-type=2`, region)).text()).matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key]) => key!);
  }

  private async s3(path: string, region: string, method = "GET"): Promise<Response> {
    const response = await fetch(`${this.endpoint}/${path}`, { method, headers: { authorization: this.credential(region, "s3") } });
    if (!response.ok) throw new Error(`The emulator answered ${response.status} to ${method} ${path}: ${await response.text()}`);
    return response;
  }

  inventory(): Promise<Inventory> {
    return this.ask(`inventory?account=${this.account}`) as Promise<Inventory>;
  }
  coverage(): Promise<Coverage> {
    return this.ask("coverage") as Promise<Coverage>;
  }
  /** What a rehearsal cannot show, in sentences. */
  limits(): Promise<readonly string[]> {
    return this.ask("limits") as Promise<readonly string[]>;
  }

  private async act(what: "keep" | "checkpoint" | "rollback"): Promise<void> {
    const response = await fetch(`${this.endpoint}/rehearsal/${what}`, { method: "POST" });
    const { error } = (await response.json()) as { readonly error?: string };
    if (!response.ok) throw new Error(`The emulator refuses: ${error ?? response.status}.`);
  }

  private async ask(path: string): Promise<unknown> {
    const response = await fetch(`${this.endpoint}/rehearsal/${path}`);
    if (!response.ok) throw new Error(`The emulator answered ${response.status} to ${path}: ${await response.text()}`);
    return response.json();
  }

  /** The emulator reads account, region and service from the signature and does not check it. */
  private credential(region: string, service: string): string {
    return `AWS4-HMAC-SHA256 Credential=${this.account}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  }
}

const zoneIdIn = (text: string): string => /\/hostedzone\/(\w+)/.exec(text)![1]!;

/** The last lines of a log. */
export function tail(file: string, lines = 15): string {
  return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n").slice(-lines).join("\n") : "(no log)";
}
