/** An environment's trading hosts on an emulator: instances with the stacks' tags, the switch's documents, and stand-ins that are real processes (machine.py). */
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { hostNames, HOST_TAG } from "../../../constructs/hosts/host-names";
import { documentContent } from "../../../constructs/hosts/kill-switch-documents";
import { HOST_ACTIONS, killSwitchDocument } from "../../../constructs/identity/github-names";
import { Aws } from "../../../delivery/aws";
import type { Environment } from "../../../environments/schema";
import { EmulatedAccount } from "../../helpers/emulated-account";

const root = resolve(__dirname, "..", "..", "..");
const python = join(root, ".venv", "bin", "python");

export class Machines {
  readonly aws: Aws;
  private readonly names: readonly string[];

  private constructor(
    private readonly environment: Environment,
    private readonly folder: string,
    readonly account: EmulatedAccount,
  ) {
    this.names = Object.values(hostNames(environment));
    const credentials = { accessKeyId: environment.account, secretAccessKey: "rehearsal" };
    this.aws = new Aws({ region: environment.region, endpoint: account.emulator.endpoint, credentials, timeoutMilliseconds: 5000 });
  }

  static async open(environment: Environment): Promise<Machines> {
    const folder = mkdtempSync(join(tmpdir(), "machines-"));
    const machines = new Machines(environment, folder, await EmulatedAccount.open(environment, folder));
    for (const [kind, name] of Object.entries(hostNames(environment))) await machines.make(kind, name);
    for (const action of HOST_ACTIONS)
      await machines.aws.json("ssm", "CreateDocument", {
        Name: killSwitchDocument(environment.name, action),
        DocumentType: "Command",
        DocumentFormat: "JSON",
        Content: JSON.stringify(documentContent(action)),
      });
    return machines;
  }

  async close(): Promise<void> {
    this.stopAll();
    this.aws.dispose();
    await this.account.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The table, empty, and all hosts trading. */
  async reset(): Promise<void> {
    this.stopAll();
    if ((await this.tradesWithin(300)) > 0) throw new Error("a program of an earlier test trades on");
    for (const name of this.names)
      for (const file of ["offline", "hangs", "stubborn", "listed", "trades", "root"])
        rmSync(this.path(name, file), { recursive: true, force: true });
    await this.dropTable();
    await this.account.emulator.createTable(this.environment.data.table.name, { hash: "pk", range: "sk" }, this.environment.region);
    for (const name of this.names) this.run(name, "enable-all");
    this.startAll();
    await this.until(() => this.trading().every((name) => this.trades(name).length > 0));
  }

  async dropTable(): Promise<void> {
    await this.aws.json("dynamodb", "DeleteTable", { TableName: this.environment.data.table.name }).catch(() => undefined);
  }

  /** Hosts on which a program trades, while nothing keeps it from that. */
  trading(): readonly string[] {
    return this.names.filter((name) => !name.includes("worker"));
  }

  /** Times of its trades, in milliseconds. */
  trades(name: string): readonly number[] {
    const file = this.path(name, "trades");
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").map(Number) : [];
  }

  /** Of any host. */
  lastTrade(): number {
    return Math.max(...this.trading().flatMap((name) => this.trades(name)));
  }

  /** How many trades a while brings. */
  async tradesWithin(milliseconds: number): Promise<number> {
    const before = this.trading().flatMap((name) => this.trades(name)).length;
    await new Promise((resolve) => {
      setTimeout(resolve, milliseconds);
    });
    return this.trading().flatMap((name) => this.trades(name)).length - before;
  }

  path(name: string, ...rest: readonly string[]): string {
    return join(this.folder, name, ...rest);
  }

  /** Puts a file that changes how a host behaves: `offline`, `hangs`, `stubborn`. */
  put(name: string, file: string): void {
    writeFileSync(this.path(name, file), "");
  }

  remove(name: string, file: string): void {
    rmSync(this.path(name, file), { force: true });
  }

  /** The power of a machine. */
  async power(id: string, on: boolean): Promise<void> {
    await this.aws.query("ec2", on ? "StartInstances" : "StopInstances", { "InstanceId.1": id });
  }

  exists(name: string, file: string): boolean {
    return existsSync(this.path(name, file));
  }

  makeFolder(name: string, folder: string): void {
    mkdirSync(this.path(name, folder), { recursive: true });
  }

  /** One of the machine's own programs. @returns its exit code */
  run(name: string, ...words: readonly string[]): number | null {
    return spawnSync(python, [this.path(name, "machine.py"), ...words], { env: this.variables(name), stdio: "ignore" }).status;
  }

  async until(holds: () => boolean): Promise<void> {
    for (const deadline = Date.now() + 60_000; !holds();) {
      if (Date.now() > deadline) throw new Error("not within a minute");
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
    }
  }

  /** As a boot of every machine does, or somebody by hand. */
  startAll(): void {
    for (const name of this.names) this.run(name, "start-all");
  }

  private stopAll(): void {
    for (const name of this.names) this.run(name, "end-all");
  }

  private async make(kind: string, name: string): Promise<void> {
    mkdirSync(this.path(name, "bin"), { recursive: true });
    copyFileSync(join(__dirname, "machine.py"), this.path(name, "machine.py"));
    if (kind === "windows") writeFileSync(this.path(name, "platform"), "Windows");
    const { region, account, data } = this.environment;
    writeFileSync(
      this.path(name, "settings.json"),
      JSON.stringify({
        ...{ environment: this.environment.name, host: kind, region, table: data.table.name, orderQueueUrl: "q", buckets: {} },
        cache: { host: "c", port: 6379, tls: true, clusterMode: false },
        metricNamespace: this.environment.metricNamespace,
      }),
    );
    for (const [file, verb] of [
      ["agent", "agent"],
      ["bin/systemctl", "systemctl"],
    ] as const) {
      const settings = Object.entries(this.variables(name)).flatMap(([key, value]) =>
        /^(AWS_|TSS_|PYTHON)/.test(key) ? [`export ${key}='${value}'`] : [],
      );
      writeFileSync(
        this.path(name, file),
        `#!/bin/bash\n${settings.join("\n")}\nexec '${python}' '${this.path(name, "machine.py")}' ${verb} "$@"\n`,
      );
      chmodSync(this.path(name, file), 0o755);
    }
    await this.aws.query("ec2", "RunInstances", {
      ImageId: "ami-12345678",
      MinCount: "1",
      MaxCount: "1",
      "TagSpecification.1.ResourceType": "instance",
      "TagSpecification.1.Tag.1.Key": "Name",
      "TagSpecification.1.Tag.1.Value": name,
      "TagSpecification.1.Tag.2.Key": HOST_TAG,
      "TagSpecification.1.Tag.2.Value": name,
      "TagSpecification.1.Tag.3.Key": "Owner",
      "TagSpecification.1.Tag.3.Value": account,
    });
  }

  private variables(name: string): NodeJS.ProcessEnv {
    return {
      PATH: process.env.PATH,
      TSS_SETTINGS: this.path(name, "settings.json"),
      PYTHONPATH: join(root, "hosts", "common"),
      PYTHONDONTWRITEBYTECODE: "1",
      AWS_ENDPOINT_URL: this.account.emulator.endpoint,
      AWS_ACCESS_KEY_ID: this.environment.account,
      AWS_SECRET_ACCESS_KEY: "rehearsal",
      AWS_EC2_METADATA_DISABLED: "true",
    };
  }
}
