/**
 * Runs tests of this project with one edit made in its code, each time it is asked to. One process runs jest many times, and no file
 * on the disk changes: starting jest anew in a copy of the project took longer than the tests.
 */
import { runCLI } from "jest";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import config from "../../jest.config.js";

const folder = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(folder));
const transformer = join(folder, "transformer.mjs");

async function run({ edit, tests, ignored = [] }) {
  const made = edit && { edit: { ...edit, file: join(root, edit.file) } };
  const transform = Object.fromEntries(
    Object.entries(config.transform).map(([files, [, options]]) => [files, [transformer, { ...options, ...made }]]),
  );
  const { results } = await runCLI(
    {
      $0: "jest",
      _: tests,
      testPathIgnorePatterns: ["/node_modules/", ...ignored],
      config: JSON.stringify({ ...config, rootDir: root, transform }),
      runInBand: true,
      ci: true,
      watchman: false,
      silent: true,
      reporters: [],
    },
    [root],
  );
  return results.testResults.map(({ failureMessage, testResults }) => ({
    message: failureMessage ?? "",
    failed: testResults.filter(({ status }) => status === "failed").map(({ fullName }) => fullName),
  }));
}

process.on("message", (question) => {
  run(question).then(
    (files) => process.send({ files, megabytes: process.memoryUsage.rss() / 1024 ** 2 }),
    (error) => process.send({ error: error.stack, megabytes: 0 }),
  );
});
