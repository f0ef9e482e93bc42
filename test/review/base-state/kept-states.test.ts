/** States that are not made again. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KeptStates } from "../../../review/base-state";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kept-states-"));
  mkdirSync(join(folder, "code"));
  writeFileSync(join(folder, "code", "state.ts"), "one");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const states = () => new KeptStates(join(folder, "states"), join(folder, "code"));
async function made(of: readonly string[], kept = states()): Promise<boolean> {
  let isMade = false;
  expect(
    await kept.get(of, () => {
      isMade = true;
      return Promise.resolve(of.join());
    }),
  ).toBe(of.join());
  return isMade;
}

it("is made once for the same thing, by whichever command", async () => {
  expect([await made(["a", "b"]), await made(["a", "b"]), await made(["a", "c"]), await made(["ab"])]).toEqual([true, false, true, true]);
});

it("is made again by other code", async () => {
  await made(["a"]);
  writeFileSync(join(folder, "code", "state.ts"), "two");
  expect(await made(["a"])).toBe(true);
});

it("is not kept when it cannot be made", async () => {
  await expect(states().get(["a"], () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await made(["a"])).toBe(true);
});

it("is readable by this user alone", async () => {
  await made(["a"]);
  expect([
    statSync(join(folder, "states")).mode & 0o777,
    ...readdirSync(join(folder, "states")).map((name) => statSync(join(folder, "states", name)).mode & 0o777),
  ]).toEqual([0o700, 0o600]);
});

it("of those that nobody asked for longest are forgotten", async () => {
  for (let number = 0; number <= 200; number += 1) await made([String(number)]);
  expect(readdirSync(join(folder, "states"))).toHaveLength(200);
  expect(await made(["200"])).toBe(false);
});

it("costs nothing but time where nothing can be kept", async () => {
  writeFileSync(join(folder, "states"), "a file");
  expect([await made(["a"]), await made(["a"])]).toEqual([true, true]);
});
