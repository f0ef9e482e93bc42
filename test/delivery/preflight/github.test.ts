/** The row on GitHub's environment, asked of a server that stands in for GitHub's API. In a process of its own: its client is an ES module. */
import { execFile } from "node:child_process";
import { build } from "esbuild";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Answer } from "../../../delivery/preflight/need";
import { GitHubApi, PROTECTED, TOKEN } from "../../helpers/github-api";

const project = join(__dirname, "..", "..", "..");
const program = join(project, "node_modules", ".cache", `preflight-github-${process.pid}.mjs`);
let api: GitHubApi;

beforeAll(async () => {
  api = await GitHubApi.start("sakura/infrastructure");
  const contents = `import { githubEnvironment } from "./delivery/preflight/github";
    const [literal, variables] = process.argv.slice(2).map(JSON.parse);
    console.log(JSON.stringify(await githubEnvironment(literal, variables).ask()));`;
  const stdin = { contents, resolveDir: project, loader: "ts" } as const;
  await build({ stdin, outfile: program, bundle: true, platform: "node", format: "esm", packages: "external" });
});
afterAll(async () => {
  rmSync(program);
  await api.close();
});

async function row(variables: Readonly<Record<string, string>>): Promise<Answer> {
  const literal = { name: "prod", stage: "production", bootstrap: { githubRepository: "sakura@12/infrastructure@34" } };
  const { stdout } = await promisify(execFile)(process.execPath, [program, JSON.stringify(literal), JSON.stringify(variables)]);
  return JSON.parse(stdout) as Answer;
}

it("is there once the environment is protected, and blocks nobody before; the repository is the literal's", async () => {
  const variables = { GITHUB_TOKEN: TOKEN, GITHUB_API_URL: api.address };
  expect(await row(variables)).toMatchObject({ state: "advised", why: expect.stringContaining("does not exist") });
  api.environments.prod = PROTECTED;
  expect(await row(variables)).toEqual({ state: "there" });
});
it("is not known without a token", async () => {
  expect(await row({})).toMatchObject({ state: "unknown", why: expect.stringContaining("GITHUB_TOKEN") });
});
