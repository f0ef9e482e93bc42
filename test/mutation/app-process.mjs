/** Runs bundles of the app, one after the other: loading cdktf and warming up takes longer than synthesis. */
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

process.on("message", ({ program, variables }) => {
  Object.assign(process.env, variables);
  const errors = [];
  console.error = (...words) => {
    errors.push(words.join(" "));
  };
  try {
    require(program);
  } catch (error) {
    errors.push(error.stack);
  }
  delete require.cache[program];
  process.exitCode = 0;
  process.send({ refusal: errors.length > 0 ? errors.join("\n") : undefined, megabytes: process.memoryUsage.rss() / 1024 ** 2 });
});
