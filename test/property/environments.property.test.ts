/**
 * Random environments: each is synthesised whole, or refused with findings that name a path; never anything else.
 *
 * PROPERTY_RUNS  literals to parse (default 300; the long run takes 2000). 40 of them are synthesised, some of them several times:
 *                cdktf keeps the tokens of every app for as long as the process lives, so that more would not fit.
 * PROPERTY_SEED  repeats a run: the seed stands in the names of the tests, and fast-check prints it with a failure
 */
import fc from "fast-check";
import * as ipaddr from "ipaddr.js";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as zod from "zod";
import { environmentsOf } from "../../environments/reading/load";
import { EnvironmentError, parseEnvironment } from "../../environments/reading/parse";
import type { Finding } from "../../environments/rules";
import { environmentSchema, type Environment, type EnvironmentLiteral } from "../../environments/schema";
import * as stacksEnvironment from "../../stacks/environment";
import type { Target } from "../../stacks/target";
import { LITERALS } from "../environments/edits";
import { anyLiteral, clumsyProd, reordered, validLiteral } from "./arbitraries";
import { SEED } from "../helpers/seed";

const RUNS = Number(process.env.PROPERTY_RUNS ?? 300);
const SYNTH_RUNS = 40;
if (![RUNS, SEED].every(Number.isSafeInteger)) throw new Error("PROPERTY_RUNS and PROPERTY_SEED must be whole numbers");
const parsing = { seed: SEED, numRuns: RUNS };
/** Shrinking would synthesise hundreds more, for which there is no room either: a failure prints the literal as it was drawn. */
const synthesising = { seed: SEED, numRuns: SYNTH_RUNS, endOnFailure: true };
/** Generous: two cores may be busy with other tests. */
jest.setTimeout(60_000 + RUNS * 200 + SYNTH_RUNS * 4000);

const FILE = "environments/random.ts";
const target: Target = { kind: "aws" };
/** Words of the libraries below, which must not reach the person. */
const JARGON = /invalid|expected|received|unrecognized|discriminator|zod|regex|undefined|\[object/i;

/** An environment, or what was found. Any other error is thrown on. */
function parse(literal: unknown): Environment | readonly Finding[] {
  try {
    return parseEnvironment(literal, FILE);
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    expect(error.message.startsWith(`${FILE} has ${error.findings.length} problem`)).toBe(true);
    for (const { path } of error.findings) expect(error.message).toContain(`\n  ${path} = `);
    return error.findings;
  }
}
/** Where a finding is. Which of two entries that share something is named depends on their order, so there the name is left out. */
const place = ({ path }: Finding): string =>
  path.replace(/(?<=^services|^data\.serviceSecrets|^events\.queues|\.ports)(\.[\w$]+|\["(?:[^"\\]|\\.)*"\])/g, ".*");
const isRefused = (result: Environment | readonly Finding[]): result is readonly Finding[] => Array.isArray(result);

function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "property-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Every file that synthesis writes, by its path. */
function synthesise(environment: Environment): Record<string, string> {
  return inFolder((folder) => {
    const outdir = join(folder, "out");
    stacksEnvironment.createApp({ environments: [environment], target, outdir }).synth();
    return filesIn(outdir);
  });
}
const filesIn = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, "utf8")]),
  );

/** Complete: every stack of the manifest has its file, the file is JSON, and whatever it refers to is in it. */
function expectComplete({ name }: Environment, files: Record<string, string>): void {
  const manifest = JSON.parse(files["manifest.json"]!) as { stacks: Record<string, { synthesizedStackPath: string }> };
  const stacks = Object.entries(manifest.stacks);
  expect(Object.keys(manifest.stacks)).toEqual(expect.arrayContaining([`${name}-events`]));
  expect(
    Object.keys(files)
      .filter((path) => path.endsWith("cdk.tf.json"))
      .sort(),
  ).toEqual(stacks.map(([, { synthesizedStackPath }]) => synthesizedStackPath).sort());
  for (const [stack, { synthesizedStackPath }] of stacks) {
    expect(stack.startsWith(`${name}-`)).toBe(true);
    const text = files[synthesizedStackPath]!;
    const json = JSON.parse(text) as {
      terraform: { backend: object };
      provider: Record<string, unknown[]>;
      resource?: Record<string, Record<string, unknown>>;
      data?: Record<string, Record<string, unknown>>;
    };
    expect(Object.keys(json.terraform.backend)).toHaveLength(1);
    // What is installed in a cluster knows nothing of AWS (design 13).
    const providers = stack === `${name}-workloads` ? ["helm", "kubernetes"] : ["aws"];
    expect(Object.keys(json.provider)).toEqual(expect.arrayContaining(providers));
    for (const provider of providers) expect(json.provider[provider]!.length).toBeGreaterThan(0);
    expect(text).not.toMatch(/TfToken|\[object Object\]|\bundefined\b|\bNaN\b|\de\+\d/);
    for (const [, data, type, id] of text.matchAll(
      /(?<![\w.-])(data\.)?((?:aws|helm|kubernetes)_[a-z0-9_]+)\.([A-Za-z][A-Za-z0-9_-]*)[.[]/g,
    )) {
      expect([type, id, Object.keys((data ? json.data : json.resource)?.[type!] ?? {})]).toEqual([
        type,
        id,
        expect.arrayContaining([id]) as unknown,
      ]);
    }
  }
}

describe(`random environments (PROPERTY_SEED=${SEED} PROPERTY_RUNS=${RUNS})`, () => {
  it("are accepted, or refused with findings that each name a path and what is allowed", () => {
    const count = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(anyLiteral, (literal) => {
        const result = parse(literal);
        count[isRefused(result) ? "refused" : "accepted"]++;
        if (!isRefused(result)) return;
        expect(result.length).toBeGreaterThan(0);
        const known =
          typeof literal === "object" && literal !== null ? [...Object.keys(environmentSchema.shape), ...Object.keys(literal)] : [];
        for (const { path, allowed } of result) {
          expect(path.length * allowed.length).toBeGreaterThan(0);
          expect(allowed).not.toMatch(JARGON);
          // The path begins at a key that there is or should be.
          if (path !== "(the literal)")
            expect(known.some((key) => path.startsWith(key) || path.startsWith(`[${JSON.stringify(key)}]`))).toBe(true);
        }
        expect(parse(literal)).toEqual(result);
      }),
      parsing,
    );
    // Neither half may dry up, or the property would say nothing.
    expect(count.accepted).toBeGreaterThan(RUNS / 10);
    expect(count.refused).toBeGreaterThan(RUNS / 3);
  });

  it("are accepted when they keep every rule by construction, limits included", () => {
    fc.assert(
      fc.property(validLiteral, (literal) => {
        expect(parse(literal)).toMatchObject({ name: literal.name });
      }),
      parsing,
    );
  });

  it("mean the same whatever the order of their keys", () => {
    fc.assert(
      fc.property(anyLiteral, fc.nat(), (literal, order) => {
        const result = parse(literal);
        const again = parse(reordered(literal, order));
        if (!isRefused(result)) expect(again).toEqual(result);
        else expect((again as readonly Finding[]).map(place).sort()).toEqual(result.map(place).sort());
      }),
      parsing,
    );
  });

  it("mean the same with every default spelled out", () => {
    fc.assert(
      fc.property(validLiteral, (literal) => {
        const result = parse(literal) as Environment;
        expect(parse(result)).toEqual(result);
      }),
      parsing,
    );
  });

  it("are synthesised into complete JSON for every stack when they are accepted", () => {
    fc.assert(
      fc.property(fc.oneof(validLiteral, anyLiteral), (literal) => {
        const result = parse(literal);
        if (!isRefused(result)) expectComplete(result, synthesise(result));
      }),
      synthesising,
    );
  });

  it("are synthesised into the same bytes every time, defaults spelled out or left out, keys in any order", () => {
    fc.assert(
      fc.property(validLiteral, fc.nat(), (literal, order) => {
        const result = parse(literal) as Environment;
        const files = synthesise(result);
        expect(synthesise(result)).toEqual(files);
        const stacks = (all: Record<string, string>) =>
          Object.fromEntries(Object.entries(all).filter(([path]) => path.endsWith("cdk.tf.json")));
        // Parameters come in the order of the literal: a set for Terraform and AWS, bytes all the same.
        expect(stacks(synthesise(parse(reordered(result, order, ["parameters"])) as Environment))).toEqual(stacks(files));
      }),
      { ...synthesising, numRuns: Math.ceil(SYNTH_RUNS / 4) },
    );
  });

  it("leave nothing in the output folder when the program refuses them, and every stack when it does not", () => {
    const program = runProgram();
    const count = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(fc.oneof({ weight: 3, arbitrary: clumsyProd }, { weight: 1, arbitrary: fc.constant(undefined) }), (change) => {
        inFolder((folder) => {
          const outdir = join(folder, "out");
          const { exitCode, errors } = program(change, outdir);
          count[exitCode === 0 ? "accepted" : "refused"]++;
          if (exitCode === 0) expect(Object.keys(filesIn(outdir))).toContain("stacks/prod-events/cdk.tf.json");
          else {
            expect(errors).toMatch(/environments\/prod\.ts|environments do not fit together/);
            expect(existsSync(outdir)).toBe(false);
          }
        });
        // Each is all three environments.
      }),
      { ...synthesising, numRuns: SYNTH_RUNS / 2 },
    );
    expect(Math.min(count.accepted, count.refused)).toBeGreaterThan(2);
  });
});

/** What main.ts does not have to load again for every literal. */
const LOADED = [
  ["../../stacks/environment", stacksEnvironment],
  ["zod", zod],
  ["ipaddr.js", ipaddr],
] as const;

/** main.ts with the examples for literals, and another in prod's place. */
function runProgram(): (prod: unknown, outdir: string) => { exitCode: number; errors: string } {
  return (prod, outdir) => {
    const errors: string[] = [];
    const log = jest.spyOn(console, "error").mockImplementation((text: unknown) => {
      errors.push(String(text));
    });
    const before = { ...process.env };
    Object.assign(process.env, { CDKTF_OUTDIR: outdir, ENVIRONMENTS: "prod" });
    try {
      jest.isolateModules(() => {
        for (const [module, loaded] of LOADED) jest.doMock(module, () => loaded);
        jest.doMock("../../environments/index", () =>
          environmentsOf({ ...LITERALS, ...(prod === undefined ? {} : { prod: prod as EnvironmentLiteral }) }),
        );
        jest.requireActual("../../main");
      });
      return { exitCode: Number(process.exitCode ?? 0), errors: errors.join("\n") };
    } finally {
      process.exitCode = undefined;
      process.env = before;
      jest.dontMock("../../environments/index");
      log.mockRestore();
    }
  };
}
