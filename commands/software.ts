import { S3Client } from "@aws-sdk/client-s3";
import { Argument, Command } from "commander";
import { Listr } from "listr2";
import { loadEnvironment } from "../environments";
import type { Environment } from "../environments/schema";
import { abortOnInterrupt } from "../terraform/interrupt";
import type { Project } from "./project";
import { refusePlaceholderAccount } from "../delivery/examples";
import { environmentArgument } from "./shared/environment-argument";
import { Cache, CACHE, type CacheOptions } from "./software/cache";
import {
  isLocked,
  isWheels,
  LOCK_FILES,
  lockFilesOf,
  messageOf,
  readLockFile,
  unlockedEntries,
  WHEELS,
  type LockedEntry,
} from "./software/lock-files";
import { entriesToLock, fetchEntry, lockEntry, type Placed } from "./software/lock";
import { uploadEntry } from "./software/upload";
import { downloadWheels, resolveWheels, type Kind } from "./software/wheels";
import { table } from "./shared/table";

const kinds = Object.keys(WHEELS) as Kind[];
/** Downloads and uploads at once. */
const AT_ONCE = 2;

const HELP = `
The way of a new release onto the hosts:
  1. change version, file and source in the lock file, sha256 to null
  2. npm run software -- lock <environment>      download, record the SHA-256; review and commit the lock file
  3. npm run software -- upload <environment>    into the environment's bucket
  4. npm run deploy -- <environment>             the hosts converge to it
Lock files: ${LOCK_FILES.join(", ")}. More: docs/software.md`;

export function softwareCommand({ root, python }: Project): Command {
  return new Command("software")
    .description("What hosts install: installers, wheels and the application's source, each pinned by its SHA-256.")
    .addHelpText("after", HELP)
    .addCommand(lockCommand(root))
    .addCommand(
      new Command("fetch")
        .description(`Download everything that is locked into ${CACHE}/, verified.`)
        .addArgument(environmentArgument())
        .action(async (name: string) => {
          const cache = new Cache(root);
          const files = lockFilesOf(loadEnvironment(name));
          tellUnlocked(root, files, name);
          await each(
            locked(
              root,
              files.filter((file) => !isWheels(file)),
            ),
            (placed, options) => fetchEntry(cache, placed, options),
          );
          for (const kind of kinds.filter((one) => files.includes(WHEELS[one]))) {
            await downloadWheels(root, python, cache, kind);
            console.log(`${WHEELS[kind]}: all of it is in ${CACHE}/, verified`);
          }
        }),
    )
    .addCommand(
      new Command("upload")
        .description("Upload everything that is locked to the environment's software bucket; what is there already is skipped.")
        .addArgument(environmentArgument())
        .action(async (name: string) => {
          await upload(root, loadEnvironment(name));
        }),
    )
    .addCommand(
      new Command("wheels")
        .description(
          "Resolve anew what a kind of host needs of Python packages, from your own index, and write its wheels.json and requirements.txt.",
        )
        .addArgument(
          new Argument("[kind]", "of host: the documented pins, what the locked engine-source asks for, or what the notebook has")
            .choices(kinds)
            .default("windows"),
        )
        .action(async (kind: Kind) => {
          console.log(`${await resolveWheels(root, python, kind)} wheels are locked in ${WHEELS[kind]}.`);
        }),
    )
    .addCommand(
      new Command("status").description("Show every entry: whether it is locked, and whether its file is here.").action(async () => {
        console.log(await status(root));
      }),
    );
}

interface LockFlags {
  readonly from?: string;
  readonly version?: string;
  readonly update: boolean;
}

function lockCommand(root: string): Command {
  return new Command("lock")
    .description("Download what is not locked yet and record its SHA-256. A file that differs from what is locked is an error.")
    .addArgument(environmentArgument())
    .argument("[names...]", "only these entries; those that are locked are verified")
    .option("--from <file>", "lock one entry from a local file, such as an archive made by git archive --format=zip")
    .option("--version <version>", "with --from: the revision that the file was made from")
    .option("--update", "take a file that differs from what is locked, on purpose", false)
    .action(async (name: string, names: string[], flags: LockFlags) => {
      if (flags.from !== undefined && names.length !== 1) throw new Error("--from locks one entry: name it.");
      if (flags.version !== undefined && flags.from === undefined)
        throw new Error("--version goes with --from: a download's version and address are written in the lock file by hand, together.");
      if (flags.update && names.length === 0) throw new Error("--update needs the names of the entries to take anew.");
      const files = lockFilesOf(loadEnvironment(name)).filter((file) => !isWheels(file));
      const placed = entriesToLock(root, files, names);
      if (placed.length === 0) console.log("Everything is locked.");
      const cache = new Cache(root);
      await each(placed, (entry, options) => lockEntry(root, cache, entry, { ...flags, ...options }));
    });
}

const locked = (root: string, files: readonly string[]): (Placed & { entry: LockedEntry })[] =>
  files.flatMap((lockFile) =>
    readLockFile(root, lockFile)
      .filter(isLocked)
      .map((entry) => ({ lockFile, entry })),
  );

async function upload(root: string, environment: Environment): Promise<void> {
  const { account, region, name, data } = environment;
  const endpoint = process.env.AWS_ENDPOINT_URL_S3 || process.env.AWS_ENDPOINT_URL;
  if (!endpoint) refusePlaceholderAccount(environment);
  // An emulator has no host name for each bucket.
  const target = { client: new S3Client({ region, forcePathStyle: Boolean(endpoint) }), bucket: data.softwareBucket.name, owner: account };
  const files = lockFilesOf(environment);
  const cache = new Cache(root);
  tellUnlocked(root, files, name);
  await each(locked(root, files), ({ entry }, { signal }) => uploadEntry(target, cache, entry, signal));
}

/** Does every piece of work, whatever becomes of the others. @throws with a list of what failed */
async function each<T extends Placed>(placed: readonly T[], work: (placed: T, options: CacheOptions) => Promise<string>): Promise<void> {
  const stop = new AbortController();
  const interrupted = abortOnInterrupt(stop, "Interrupted. What was complete is kept; the same command does the rest.");
  const failures = new Map<T, string>();
  try {
    await new Listr(
      placed.map((item) => ({
        title: item.entry.name,
        task: async (_: unknown, task: { title: string | undefined; output: string }) => {
          stop.signal.throwIfAborted();
          try {
            task.title = await work(item, {
              signal: stop.signal,
              progress: throttled((text) => {
                task.output = text;
              }),
            });
          } catch (error) {
            failures.set(item, `${item.entry.name}: ${messageOf(error)}`);
            throw error;
          }
        },
      })),
      {
        concurrent: AT_ONCE,
        exitOnError: false,
        registerSignalListeners: false,
        fallbackRenderer: "simple",
        rendererOptions: { collapseErrors: false, showErrorMessage: false },
      },
    ).run();
  } finally {
    interrupted();
  }
  if (stop.signal.aborted) throw stop.signal.reason as Error;
  // In the order of the lock files, whatever ended first.
  const failed = placed.flatMap((item) => failures.get(item) ?? []);
  if (failed.length > 0) throw new Error(`${failed.length} of ${placed.length} failed:\n  ${failed.join("\n  ")}`);
}

/** Often enough to be live on a terminal; a line now and then in a log. */
function throttled(show: (text: string) => void): NonNullable<CacheOptions["progress"]> {
  const pause = process.stdout.isTTY ? 200 : 5_000;
  let next = Date.now() + pause;
  return (done, total) => {
    if (Date.now() < next) return;
    next = Date.now() + pause;
    show(total ? `${megabytes(done)} of ${megabytes(total)} MB, ${Math.floor((done / total) * 100)} %` : `${megabytes(done)} MB`);
  };
}
const megabytes = (bytes: number) => (bytes / 1_000_000).toFixed(1);

function tellUnlocked(root: string, files: readonly string[], environment: string): void {
  const unlocked = unlockedEntries(root, files);
  if (unlocked.length > 0)
    console.log(
      `Not locked yet, hosts refuse them:\n  ${unlocked.map(({ file, name }) => `${name} (${file})`).join("\n  ")}\nLock them: npm run software -- lock ${environment}\n`,
    );
}

async function status(root: string): Promise<string> {
  const cache = new Cache(root);
  const rows: string[][] = [];
  for (const file of LOCK_FILES) {
    for (const entry of readLockFile(root, file)) {
      const found = await cache.hash(entry);
      const here = found === undefined ? "no" : !isLocked(entry) ? "yes, not locked" : found === entry.sha256 ? "yes" : "ANOTHER FILE";
      rows.push([entry.name, entry.version, isLocked(entry) ? "yes" : "NO", here, file]);
    }
  }
  return table(["entry", "version", "locked", `in ${CACHE}`, "lock file"], rows);
}
