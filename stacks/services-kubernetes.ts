/** The services stack where a cluster runs them that is not ours: their images, and nothing that runs them. */
import { ServicesStack } from "./services";

export class KubernetesServicesStack extends ServicesStack {}
