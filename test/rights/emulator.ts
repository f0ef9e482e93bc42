/** ministack, an emulator that enforces IAM, for as long as a test file runs. */
import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const root = resolve(__dirname, "..", "..");

export interface Credentials {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  /** A user's keys have none. */
  readonly SessionToken?: string;
}

/** A call of boto3: `call("sqs", "send_message", { QueueUrl: …, MessageBody: … })`. @throws Refused */
export type Call = (service: string, operation: string, parameters: object) => Promise<Readonly<Record<string, unknown>>>;

/** An answer that is an error. */
export class Refused extends Error {
  constructor(
    readonly call: string,
    readonly code: string,
    readonly detail: string,
  ) {
    super(`${call}: ${code}: ${detail}`);
  }
}

type Answer = { readonly result: Readonly<Record<string, unknown>> } | { readonly error: string; readonly message: string };

/** Python of ministack's virtual environment, which is installed when it is not there; that takes some ten seconds. */
export async function python(): Promise<string> {
  const child = spawn(process.execPath, [join(root, "commands", "start", "set-up.mjs"), "ministack"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [output, progress] = ["", ""];
  child.stdout.on("data", (chunk) => {
    output += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    progress += String(chunk);
    process.stderr.write(chunk as Buffer);
  });
  const code = await new Promise((done) => {
    child.once("close", done);
  });
  if (code !== 0) throw new Error(`ministack could not be installed:\n${progress}`);
  return output.trim();
}

export class IamEmulator {
  private readonly waiting: ((answer: Answer) => void)[] = [];
  private log = "";

  private constructor(private readonly child: ReturnType<typeof spawn>) {
    createInterface({ input: child.stdout! }).on("line", (line) => this.waiting.shift()?.(JSON.parse(line) as Answer));
    child.stderr!.on("data", (chunk) => {
      this.log = (this.log + String(chunk)).slice(-5000);
    });
    child.stdin!.on("error", () => {}); // told by "close"
    child.once("close", (code) => {
      for (const answer of this.waiting.splice(0)) answer({ error: "EmulatorStopped", message: `exit code ${code}\n${this.log}` });
    });
  }

  /** On a free loopback port. It ends with this process, whatever becomes of it: its input ends. */
  static async start({ account, region }: { readonly account: string; readonly region: string }): Promise<IamEmulator> {
    const command = await python();
    return new IamEmulator(
      spawn(command, [join(__dirname, "emulator.py"), account, region], {
        stdio: "pipe",
        env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
      }),
    );
  }

  /** Calls in someone's name. @param credentials of an assumed role. @default the administrator's */
  as(credentials: Credentials | null = null): Call {
    return async (service, operation, parameters) => {
      const answer = await new Promise<Answer>((done) => {
        if (this.child.exitCode !== null) return done({ error: "EmulatorStopped", message: this.log });
        this.waiting.push(done);
        this.child.stdin!.write(`${JSON.stringify({ credentials, service, operation, arguments: parameters })}\n`);
      });
      if ("error" in answer) throw new Refused(`${service}.${operation}`, answer.error, answer.message);
      return answer.result;
    };
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const closed = new Promise((done) => {
      this.child.once("close", done);
    });
    this.child.stdin!.end();
    await closed;
  }
}
