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

  static async open({ account }: Pick<Environment, "account">): Promise<EmulatedAccount> {
    const folder = mkdtempSync(join(tmpdir(), "account-"));
    const workspace = new Workspace(folder);
    return new EmulatedAccount(
      folder,
      workspace,
      await Emulator.start({ root, python: join(root, ".venv", "bin", "python"), workspace, account, stop: new AbortController() }),
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

  /** As a bootstrap would. */
  async createStateBucket({ region }: Pick<Environment, "region">): Promise<void> {
    await this.emulator.createBucket(REHEARSAL_STATE_BUCKET, region);
  }

  async close(): Promise<void> {
    this.emulator.release();
    await stopProcesses([this.emulator.pid]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
