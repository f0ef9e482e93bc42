/** The environments there are, by name. */
import { dev } from "./dev";
import { environmentsOf } from "./reading/load";
import { prod } from "./prod";
import { staging } from "./staging";

export { literalPath } from "./reading/load";

/** In the order in which a change travels. */
export const { environmentNames, environmentNameOf, loadEnvironment, loadEnvironments } = environmentsOf({ dev, staging, prod });
