/** The environments there are, by name. */
import { dev } from "./dev";
import { environmentsOf } from "./load";
import { prod } from "./prod";
import { staging } from "./staging";

export { literalPath } from "./load";

/** In the order in which a change travels. */
export const { environmentNames, environmentNameOf, loadEnvironment, loadEnvironments } = environmentsOf({ dev, staging, prod });
