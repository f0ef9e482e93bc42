/** The tests that need nothing but Node and take seconds a file: `npm run test:unit`, for while one works (docs/testing.md). `npm test` runs all others too. */
import { fileURLToPath } from "node:url";
import all from "../jest.config.js";

export default {
  ...all,
  rootDir: fileURLToPath(new URL("..", import.meta.url)),
  testPathIgnorePatterns: [
    "/test/(charts|cluster|hosts|mutation|property|rights|scenarios|terraform|workflows)/",
    "/test/review/(checkov|page)/",
    "/test/rehearsal/kept",
    "/test/main\\.",
  ],
};
