/** Single bad edits, each of which some test must catch, named by what they change: moving a file breaks none. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { nearest } from "../../environments/reading/did-you-mean";
import type { Area, Mutation } from "./list/area";
import { CONTAINERS } from "./list/containers";
import { ENVIRONMENTS } from "./list/environments";
import { HOSTS } from "./list/hosts";
import { KUBERNETES } from "./list/kubernetes";
import { MESSAGING } from "./list/messaging";
import { NETWORK } from "./list/network";
import { STORAGE } from "./list/storage";
import { WORKLOADS } from "./list/workloads";

export const AREAS: readonly Area[] = [
  ...STORAGE,
  ...MESSAGING,
  ...NETWORK,
  ...HOSTS,
  ...CONTAINERS,
  ...KUBERNETES,
  ...WORKLOADS,
  ...ENVIRONMENTS,
];

export const MUTATIONS: readonly Mutation[] = AREAS.flatMap(({ mutations }) => mutations);

const FOLDER = "test";
const TESTS = readdirSync(join(__dirname, ".."), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => `${FOLDER}/${file.replaceAll("\\", "/")}`);

/** Paths of the test files of a name, in whatever folders they stand. @throws Error where there is none */
export function testsNamed(name: string): readonly string[] {
  const found = TESTS.filter((file) => file.endsWith(`/${name}.test.ts`));
  if (found.length === 0) {
    const meant = nearest(`${FOLDER}/${name}.test.ts`, TESTS);
    throw new Error(`no test file is ${name}.test.ts${meant === undefined ? "" : `; did you mean ${meant}?`}`);
  }
  return found;
}
