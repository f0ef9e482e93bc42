/** Types are checked by tsc; swc only strips them. */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  transform: {
    "^.+\\.ts$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }],
    // Pages are written as components; preact renders them to text.
    "^.+\\.tsx$": [
      "@swc/jest",
      {
        jsc: {
          target: "es2022",
          parser: { syntax: "typescript", tsx: true },
          transform: { react: { runtime: "automatic", importSource: "preact" } },
        },
      },
    ],
    // These are ES modules, which jest cannot load as they are.
    "/node_modules/(preact/.+\\.mjs|(p-limit|yocto-queue|@secretlint/[^/]+)/.+\\.js)$": [
      "@swc/jest",
      { jsc: { target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
  // 40 % of the processor time of a test that synthesises.
  setupFiles: ["<rootDir>/test/helpers/without-token-traces.cjs"],
  // Product code that a test runs in its own process asks for `../environments`; it gets the tests' examples, so that a user's own account or
  // bucket breaks no test. A test of the user's own literals imports `../../environments/index` by that name; processes that a test starts read those too.
  moduleNameMapper: { "^(\\.\\./)+environments$": "<rootDir>/test/fixtures/environments/index.ts" },
  transformIgnorePatterns: ["/node_modules/(?!(preact|p-limit|yocto-queue|@secretlint)/)"],
  // cdktf needs about a second to load in each file; two cores are what a small CI runner has.
  testTimeout: 60_000,
  // Each file loads cdktf anew, and not all of it is given back: in one process the heap would overflow.
  maxWorkers: "100%",
  workerIdleMemoryLimit: "1.5GB",
};
