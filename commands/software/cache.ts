/** Downloads, and the folder that keeps them. A file appears there whole, under its own name, or not at all. */
import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { isAlive } from "../../terraform/processes";
import { messageOf, type LockedEntry } from "./lock-files";

/** Below the repository's root, not in Git. */
export const CACHE = ".software";
/** A server that is silent for so long will not go on. */
const SILENCE_MILLISECONDS = 60_000;

/** Bytes so far, and of how many when the server says. */
export type Progress = (done: number, total?: number) => void;

export interface CacheOptions {
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
  readonly silenceMilliseconds?: number;
}

export class Cache {
  readonly folder: string;

  constructor(root: string) {
    this.folder = join(root, CACHE);
    mkdirSync(this.folder, { recursive: true });
    for (const name of readdirSync(this.folder)) {
      const pid = /\.(\d+)\.partial$/.exec(name)?.[1];
      if (pid && !isAlive(Number(pid))) rmSync(join(this.folder, name), { force: true });
    }
  }

  path({ file }: { readonly file: string }): string {
    return join(this.folder, file);
  }

  /** SHA-256 of the file that is there; undefined when there is none. */
  async hash(entry: { readonly file: string }): Promise<string | undefined> {
    const path = this.path(entry);
    if (!existsSync(path)) return undefined;
    const hash = createHash("sha256");
    await pipeline(createReadStream(path), hash);
    return hash.digest("hex");
  }

  /** @throws when the file that is there is another one than locked; returns false when there is none */
  async holds(entry: LockedEntry): Promise<boolean> {
    const found = await this.hash(entry);
    if (found === undefined) return false;
    if (found !== entry.sha256)
      throw new Error(
        `${CACHE}/${entry.file} is not what is locked: locked ${entry.sha256}, found ${found}. Remove it to download it again, or lock another one on purpose: npm run software -- lock <environment> <name> --update`,
      );
    return true;
  }

  /**
   * Downloads a file.
   * @param expected refuse anything else; undefined takes what comes
   * @returns its SHA-256
   */
  async download(file: string, source: string, expected?: string, options: CacheOptions = {}): Promise<string> {
    const { progress, signal, silenceMilliseconds = SILENCE_MILLISECONDS } = options;
    const silence = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        silence.abort(new Error(`${source} sent nothing for ${silenceMilliseconds / 1000} s`));
      }, silenceMilliseconds);
    };
    alive();
    const stop = signal ? AbortSignal.any([signal, silence.signal]) : silence.signal;
    try {
      // Packed on the way, Content-Length would not be the file's.
      const response = await fetch(source, { signal: stop, headers: { "accept-encoding": "identity" } });
      if (!response.ok || !response.body) throw new Error(`${source} answered ${response.status} ${response.statusText}`.trim());
      if (source.startsWith("https:") && !response.url.startsWith("https:"))
        throw new Error(`${source} leads to ${response.url}, which is not https`);
      const length = response.headers.get("content-length");
      const total = length === null ? undefined : Number(length);
      return await this.keep(file, response.body as ReadableStream<Uint8Array>, {
        expected,
        total,
        signal: stop,
        progress: (done) => {
          alive();
          progress?.(done, total);
        },
      });
    } catch (error) {
      throw stop.aborted ? (stop.reason as Error) : readable(error, source);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Copies a local file, under the same rules. */
  async copy(file: string, from: string, expected?: string, { progress, signal }: CacheOptions = {}): Promise<string> {
    return this.keep(file, createReadStream(from), { expected, signal, progress });
  }

  private async keep(
    file: string,
    content: ReadableStream<Uint8Array> | NodeJS.ReadableStream,
    options: { expected?: string; total?: number; signal?: AbortSignal; progress?: Progress },
  ): Promise<string> {
    const { expected, total, signal, progress } = options;
    const temporary = join(this.folder, `${file}.${process.pid}.partial`);
    const hash = createHash("sha256");
    let done = 0;
    const count = new Transform({
      transform(chunk: Buffer, _, next) {
        hash.update(chunk);
        done += chunk.length;
        progress?.(done);
        next(null, chunk);
      },
    });
    // Opened before anything can fail: a stream that opens the file itself may still do so after it was cleared away.
    const target = await open(temporary, "w");
    try {
      await pipeline(content, count, target.createWriteStream(), { signal });
      if (total !== undefined && done !== total) throw new Error(`the download broke off after ${done} of ${total} bytes`);
      const found = hash.digest("hex");
      if (expected !== undefined && found !== expected)
        throw new Error(
          `${file} is refused: locked ${expected}, came ${found}. When it was replaced and you trust the new one: npm run software -- lock <environment> <name> --update`,
        );
      renameSync(temporary, join(this.folder, file));
      return found;
    } finally {
      await target.close();
      rmSync(temporary, { force: true });
    }
  }
}

/** fetch hides why behind "fetch failed" and "terminated". */
function readable(error: unknown, source: string): Error {
  const reason = (error as { cause?: unknown }).cause;
  const why = { "fetch failed": "no connection", terminated: "the download broke off" }[messageOf(error)];
  return why ? new Error(`${source}: ${why}${reason ? ` (${messageOf(reason)})` : ""}`, { cause: error }) : (error as Error);
}
