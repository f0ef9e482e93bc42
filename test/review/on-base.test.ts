/** Which way a review's plans are come by: a made state, and a rehearsal only where that cannot be, or where it is asked for. */
import { loadEnvironment } from "../fixtures/environments";
import { Interrupted } from "../../terraform/interrupt";
import { NoBaseState } from "../../review/base-state";
import { plansOnBase, type OnBaseOptions } from "../../review/planning/on-base";
import { rehearsedPlans } from "../../review/planning/rehearsed";
import type { SynthesisedStack } from "../../terraform/assembly";
import { statedPlans } from "../../review/planning/base-state-plans";

jest.mock("../../review/planning/rehearsed");
jest.mock("../../review/planning/base-state-plans");
const rehearsed = jest.mocked(rehearsedPlans);
const stated = jest.mocked(statedPlans);

const environment = loadEnvironment("dev");
const stacks = (digests: Readonly<Record<string, string>>) =>
  new Map(
    Object.entries(digests).map(([name, digest]): [string, SynthesisedStack] => [
      name,
      { name, folder: name, json: {}, dependencies: [], digest },
    ]),
  );
const onChange = jest.fn();
const plans = (after: Readonly<Record<string, string>>, rehearse?: string) =>
  plansOnBase(
    { root: "/project", folder: "/review", onChange } as unknown as OnBaseOptions,
    environment,
    () => ({ baseNames: [], before: () => stacks({ "dev-data": "1", "dev-events": "1" }), after: () => stacks(after) }),
    rehearse,
    { output: "" },
  );

beforeEach(() => {
  jest.resetAllMocks();
  stated.mockResolvedValue({ environment: "dev", stacks: [] });
  rehearsed.mockResolvedValue({ input: { environment: "dev", stacks: [] }, limits: ["of the emulator"] });
});

it("plans on a made state and rehearses nothing", async () => {
  const found = await plans({ "dev-data": "2", "dev-events": "1" });
  expect(found).toEqual({ input: { environment: "dev", stacks: [] }, limits: [expect.stringContaining("npm run rehearse")] });
  expect(rehearsed).not.toHaveBeenCalled();
});

it("rehearses where no state can be made, and says why", async () => {
  stated.mockRejectedValue(new NoBaseState("dev-data", "it imports what stands in the account"));
  expect(await plans({ "dev-data": "2", "dev-events": "1" })).toEqual({
    input: { environment: "dev", stacks: [] },
    limits: ["of the emulator"],
    rehearsed: "dev-data: it imports what stands in the account",
  });
  expect(rehearsed.mock.calls[0]![0]).toMatchObject({ folder: "/review/dev", environment });
});

it("rehearses at once where that is asked for", async () => {
  expect(await plans({}, "--rehearse asks for it")).toMatchObject({ rehearsed: "--rehearse asks for it" });
  expect(stated).not.toHaveBeenCalled();
});

it.each([
  ["Ctrl-C", new Interrupted("Interrupted.")],
  ["another failure", new Error("the base cannot be read")],
])("does not take %s for a reason to rehearse", async (_, error) => {
  stated.mockRejectedValue(error);
  await expect(plans({ "dev-data": "2", "dev-events": "1" })).rejects.toBe(error);
  expect(rehearsed).not.toHaveBeenCalled();
});

it.each([
  ["a stack differs", { "dev-data": "2", "dev-events": "1" }, 1],
  ["a stack is new", { "dev-data": "1", "dev-events": "1", "dev-web": "1" }, 1],
  ["a stack is gone", { "dev-data": "1" }, 1],
  ["nothing differs", { "dev-data": "1", "dev-events": "1" }, 0],
])("says whether something changed: %s", async (_, after, times) => {
  await plans(after);
  expect(onChange).toHaveBeenCalledTimes(times);
});

describe("at another account", () => {
  const at = (account: string): ReadonlyMap<string, SynthesisedStack> =>
    new Map(
      [...stacks({ "dev-data": "1" })].map(([name, stack]) => [
        name,
        { ...stack, json: { provider: { aws: [{ region: "ap-northeast-1", allowed_account_ids: [account] }] } } },
      ]),
    );
  const moved = (rehearse?: string) =>
    plansOnBase(
      { root: "/project", folder: "/review", onChange } as unknown as OnBaseOptions,
      environment,
      () => ({ baseNames: ["dev"], before: () => at("111111111111"), after: () => at("222222222222") }),
      rehearse,
      { output: "" },
    );
  const input = {
    environment: "dev",
    stacks: [],
    shift: {
      kind: "moved",
      from: { account: "111111111111", region: "ap-northeast-1" },
      to: { account: "222222222222", region: "ap-northeast-1" },
    },
    left: [expect.objectContaining({ stack: "dev-data" })],
  };

  it("all is planned as new, and what stands at the old one is counted", async () => {
    expect(await moved()).toMatchObject({ input });
    expect(stated.mock.calls[0]![0].before).toEqual(new Map());
    expect(onChange).toHaveBeenCalledTimes(1);
  });
  it("nothing of the base is rehearsed", async () => {
    expect(await moved("--rehearse asks for it")).toMatchObject({ input });
    expect(rehearsed.mock.calls[0]![0]).toMatchObject({ isElsewhere: true });
  });
});
