/** Carries a plan out, so that whoever looks meanwhile sees the old application or the new one, whole. */
import pLimit from "p-limit";
import type { FrontendFile } from "./files";
import type { FrontendPlan } from "./plan";
import type { FrontendStore } from "./store";

export interface FrontendDeploy {
  readonly store: FrontendStore;
  /** Id of the distribution. */
  readonly distribution: string;
  readonly now: Date;
  /** Aborted by Ctrl-C: nothing new is begun then. */
  readonly signal: AbortSignal;
  /** How far it is, in words. */
  readonly onProgress: (words: string) => void;
  /** Between two looks at an invalidation, in milliseconds. @default 5000 */
  readonly lookEvery?: number;
}

const AT_A_TIME = 8;
/** AWS speaks of two minutes for most. */
const LONGEST_MILLISECONDS = 15 * 60_000;

/** @throws the reason of the signal when it is aborted; Error when CloudFront takes too long */
export async function deployFrontend({ uploads, retired, removals, invalidations }: FrontendPlan, deploy: FrontendDeploy): Promise<void> {
  const { distribution, now, onProgress, signal, store } = deploy;
  let done = 0;
  const upload = async (file: FrontendFile) => {
    await store.upload(file);
    done += 1;
    onProgress(`${done} of ${uploads.length} files uploaded`);
  };
  // What pages refer to must be there before the first page that does, so pages go last and one after the other.
  await inTurns(
    uploads.filter(({ keeping }) => keeping !== "never"),
    upload,
    signal,
  );
  for (const page of uploads.filter(({ keeping }) => keeping === "never")) {
    signal.throwIfAborted();
    await upload(page);
  }
  await inTurns(retired, (file) => store.retire(file, now), signal);
  await inTurns(removals, (file) => store.remove(file), signal);
  if (invalidations.length === 0) return;
  signal.throwIfAborted();
  const id = await store.invalidate(distribution, invalidations, `frontend-${now.getTime()}`);
  await invalidated(id, deploy);
}

async function inTurns<Item>(items: readonly Item[], work: (item: Item) => Promise<void>, signal: AbortSignal): Promise<void> {
  const limit = pLimit(AT_A_TIME);
  await Promise.all(
    items.map((item) =>
      limit(async () => {
        signal.throwIfAborted();
        await work(item);
      }),
    ),
  );
}

async function invalidated(id: string, { distribution, lookEvery = 5000, onProgress, signal, store }: FrontendDeploy): Promise<void> {
  const deadline = Date.now() + LONGEST_MILLISECONDS;
  while (!(await store.isInvalidated(distribution, id))) {
    signal.throwIfAborted();
    if (Date.now() > deadline)
      throw new Error(
        `CloudFront has not finished invalidation ${id} of ${distribution}; everything is uploaded, and it goes on by itself.`,
      );
    onProgress(`CloudFront forgets what changed (${id})`);
    await new Promise((resolve) => {
      setTimeout(resolve, lookEvery);
    });
  }
}
