/** A process that answers questions one after the other, so that what it has loaded for one is there for the next. */
import { fork, type ChildProcess } from "node:child_process";
import { join, resolve } from "node:path";

export const root = resolve(__dirname, "..", "..");

/** Many libraries keep something of each run: after so much memory another process goes on. */
const MEGABYTES = 1500;

export class WarmProcess<Question extends object, Answer extends object> {
  private child: ChildProcess | undefined;
  private last: Promise<unknown> = Promise.resolve();

  /** @param program beside this file; it answers each message by one that has `megabytes` as well, or an `error` */
  constructor(private readonly program: string) {}

  /** @throws what the process failed with */
  ask(question: Question): Promise<Answer> {
    const answer = this.last.then(() => this.answerTo(question));
    this.last = answer.catch(() => undefined);
    return answer;
  }

  private async answerTo(question: Question): Promise<Answer> {
    const child = (this.child ??= fork(join(__dirname, this.program), { cwd: root, stdio: ["ignore", "ignore", "inherit", "ipc"] }));
    const answer = await new Promise<Answer & { readonly error?: string; readonly megabytes: number }>((done, failed) => {
      const ended = (code: number | null, signal: string | null) => {
        this.child = undefined;
        failed(new Error(`${this.program} ended with ${signal ?? code}`));
      };
      child.once("exit", ended).once("message", (message) => {
        child.off("exit", ended);
        done(message as Answer & { readonly megabytes: number });
      });
      child.send(question);
    });
    if (answer.megabytes > MEGABYTES) this.stop();
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  }

  stop(): void {
    this.child?.kill();
    this.child = undefined;
  }
}
