/** An account that an emulator stands in for, in a folder of its own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { terraformSettings } from "../../terraform/settings";
import type { Environment } from "../../environments/schema";
import { Emulator } from "../../rehearsal/emulator";
import { stopProcesses } from "../../terraform/processes";
import { Workspace } from "../../rehearsal/workspace";
import { REHEARSAL_STATE_BUCKET } from "../../stacks/target";

const root = resolve(__dirname, "..", "..");

export class EmulatedAccount {
  private constructor(
    readonly folder: string,
    readonly workspace: Workspace,
    readonly emulator: Emulator,
  ) {}

  /** @param machines folder of stand-ins for machines that Systems Manager tells something. @default none */
  static async open({ account }: Pick<Environment, "account">, machines?: string): Promise<EmulatedAccount> {
    const folder = mkdtempSync(join(tmpdir(), "account-"));
    const workspace = new Workspace(folder);
    return new EmulatedAccount(
      folder,
      workspace,
      await Emulator.start({
        root,
        python: join(root, ".venv", "bin", "python"),
        workspace,
        account,
        stop: new AbortController(),
        machines,
      }),
    );
  }

  /** Of commands that take the emulator for the account. */
  get variables(): NodeJS.ProcessEnv {
    const { endpoint } = this.emulator;
    return {
      ...process.env,
      ...terraformSettings(this.folder).variables,
      EMULATOR_ENDPOINT: endpoint,
      AWS_ENDPOINT_URL: endpoint,
      AWS_EC2_METADATA_DISABLED: "true",
      NO_COLOR: "1",
      FORCE_COLOR: undefined,
    };
  }

  /** Of a client of AWS's SDK. */
  clientSettings({ account, region }: Pick<Environment, "account" | "region">) {
    return { region, endpoint: this.emulator.endpoint, credentials: { accessKeyId: account, secretAccessKey: "rehearsal" } };
  }

  /** As a bootstrap would. */
  async createStateBucket({ region }: Pick<Environment, "region">): Promise<void> {
    await this.emulator.createBucket(REHEARSAL_STATE_BUCKET, region);
  }

  /** Changes the queue of orders behind Terraform's back. */
  async setVisibilityTimeout(
    { account, events, region }: Pick<Environment, "account" | "events" | "region">,
    seconds: number,
  ): Promise<void> {
    const { endpoint } = this.emulator;
    const body = new URLSearchParams({
      Action: "SetQueueAttributes",
      Version: "2012-11-05",
      QueueUrl: `${endpoint}/${account}/${events.orderQueue.name}`,
      "Attribute.1.Name": "VisibilityTimeout",
      "Attribute.1.Value": String(seconds),
    });
    const credential = `${account}/20260101/${region}/sqs/aws4_request`;
    const response = await fetch(endpoint, {
      method: "POST",
      body,
      headers: { authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0` },
    });
    if (!response.ok) throw new Error(await response.text());
  }

  async close(): Promise<void> {
    this.emulator.release();
    await stopProcesses([this.emulator.pid]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
