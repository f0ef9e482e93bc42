/** The tests that need nothing but Node and take seconds a file: `npm run test:unit`, for while one works (docs/testing.md). `npm test` runs all others too. */
import { fileURLToPath } from "node:url";
import all from "../jest.config.js";

export default {
  ...all,
  rootDir: fileURLToPath(new URL("..", import.meta.url)),
  testPathIgnorePatterns: [
    "/test/(charts|cluster|hosts|mutation|property|rights|runbooks|scenarios|terraform|workflows|workflow-runs)/",
    "/test/commands/alert",
    "/test/delivery/(kill-switch/emulated|preflight/account)",
    "/test/functions/(alerts|delivery)",
    "/test/review/(checkov|page)/",
    "/test/rehearsal/kept",
    "/test/main\\.",
  ],
};
