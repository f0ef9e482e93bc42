/** The services' namespace on Kubernetes: what it is called (K8S-005 to K8S-007), and what it lets in. */
import type { Environment } from "../environments/schema";

const NAMESPACES: Readonly<Record<Environment["stage"], string>> = { development: "day-trade-dev", staging: "day-trade-staging", production: "day-trade" };

export const namespaceOf = ({ stage }: Pick<Environment, "stage">): string => NAMESPACES[stage];

/** https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export const POD_SECURITY: Readonly<Record<string, string>> = Object.fromEntries(["enforce", "audit", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, "restricted"]));

export const namespaceManifest = (name: string) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels: { "app.kubernetes.io/part-of": "day-trade", ...POD_SECURITY } } });
