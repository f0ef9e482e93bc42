/** Breaks the overlays and constructs in one place at a time, and expects a review to say so. */
import { review, SynthesisProcess, type Synthesis } from "./review-edits";
import { CONSTRUCTS } from "./review-constructs";
import type { ReviewMutation } from "./review-mutations";
import { OVERLAYS } from "./review-overlays";
import { shareOf } from "../helpers/share";

const MUTATIONS: readonly ReviewMutation[] = [...OVERLAYS, ...CONSTRUCTS];
const { tried: TRIED, title } = shareOf(MUTATIONS);
/** A small CI runner has two cores. */
const AT_ONCE = 2;
jest.setTimeout(40 * 60_000);

/** `rule type` of each finding, or the schema's refusal. */
type Seen = { readonly found: readonly string[]; readonly refused?: string } | Error;

describe(`a single bad edit, ${title}`, () => {
  const seen = new Map<string, Seen>();
  const processes = Array.from({ length: AT_ONCE }, () => new SynthesisProcess());
  const originals = new Map<string, Promise<Synthesis>>();
  const original = (environments: readonly string[]) => {
    const key = environments.join(",");
    if (!originals.has(key)) originals.set(key, processes[0]!.synthesise(environments));
    return originals.get(key)!;
  };

  beforeAll(async () => {
    const queue = [...TRIED];
    const next = async (app: SynthesisProcess, mutation: ReviewMutation): Promise<Seen> => {
      const [before, after] = [await original(mutation.environments), await app.synthesise(mutation.environments, mutation)];
      if (after.refusal !== undefined) return { found: [], refused: after.refusal };
      return { found: [...new Set(review(before, after).map(({ rule, address = "" }) => `${rule} ${address.split(".")[0]!}`))].sort() };
    };
    await Promise.all(
      processes.map(async (app) => {
        for (let mutation = queue.shift(); mutation; mutation = queue.shift())
          seen.set(mutation.name, await next(app, mutation).catch((error: unknown) => error as Error));
      }),
    );
  });
  afterAll(() => {
    for (const app of processes) app.stop();
  });

  it("is one of at least 100, each by its own name and with something to be found", () => {
    expect(MUTATIONS.length).toBeGreaterThanOrEqual(100);
    expect(new Set(MUTATIONS.map(({ name }) => name)).size).toBe(MUTATIONS.length);
    expect(MUTATIONS.filter(({ finds, refused }) => (finds.length === 0) === (refused === undefined)).map(({ name }) => name)).toEqual([]);
  });

  it("is all that is found: what is not edited gives nothing", async () => {
    const environments = ["dev", "staging", "prod"];
    expect(review(await original(environments), await processes[0]!.synthesise(environments))).toEqual([]);
  });

  it.each(TRIED.map((mutation) => [mutation.name, mutation.in, mutation] as const))("%s (%s) surfaces", (name, _, { finds, refused }) => {
    const result = seen.get(name)!;
    if (result instanceof Error) throw result;
    if (refused !== undefined) expect(result.refused ?? `not refused: ${result.found.join(", ")}`).toContain(refused);
    else {
      expect(result.refused).toBeUndefined();
      expect(result.found).toEqual(expect.arrayContaining([...finds]));
    }
  });
});
