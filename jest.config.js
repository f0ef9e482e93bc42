/** Types are checked by tsc; swc only strips them. */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  transform: { "^.+\\.ts$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }] },
  // cdktf needs about a second to load in each file; two cores are what a small CI runner has.
  testTimeout: 60_000,
};
