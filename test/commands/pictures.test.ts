import { resolve } from "node:path";
import { ARCHITECTURE, PICTURES, pictures } from "../../commands/pages/pictures";
import { loadEnvironments } from "../fixtures/environments";
import { synthEnvironments } from "../helpers/synth";

const root = resolve(__dirname, "..", "..");

describe("the pictures of the architecture", () => {
  const environments = loadEnvironments();
  const stacks = synthEnvironments({ environments, target: { kind: "aws" } });
  let drawn: ReadonlyMap<string, string>;
  beforeAll(async () => {
    drawn = await pictures(
      environments.map((environment) => ({
        environment,
        stacks: Object.fromEntries(Object.entries(stacks).filter(([stack]) => stack.startsWith(`${environment.name}-`))),
      })),
      root,
    );
  }, 300_000);

  it("are small, light and dark, and take nothing from elsewhere", () => {
    for (const [file, text] of drawn) {
      if (file === ARCHITECTURE) continue;
      expect([file, text.length < 150_000, text.includes("prefers-color-scheme:dark")]).toEqual([file, true, true]);
      expect(text.replace('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(/https?:\/\/|url\(|@import|<script/);
    }
  });

  it("are linked from the page, each", () => {
    for (const file of drawn.keys())
      if (file !== ARCHITECTURE) expect(drawn.get(ARCHITECTURE)).toContain(`(pictures/${file.slice(PICTURES.length + 1)})`);
  });
});
