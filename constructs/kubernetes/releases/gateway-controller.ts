/** Tells an Application Gateway for Containers what Gateways and HTTPRoutes ask for. */
import type { ServiceAccount } from "../pod-role";
import type { PublicChart, ReleaseValues } from "./release-values";

/** https://learn.microsoft.com/azure/application-gateway/for-containers/alb-controller-release-notes, read in November 2026. */
export const GATEWAY_CONTROLLER_CHART: PublicChart = {
  repository: "oci://mcr.microsoft.com/application-lb/charts",
  name: "alb-controller",
  version: "1.13.0",
};

/** Who it is in the cluster, as its chart names it; by it Entra knows it. */
export const GATEWAY_CONTROLLER_ACCOUNT = { namespace: "azure-alb-system", name: "alb-controller-sa" } as const satisfies ServiceAccount;

/** @param clientId of the identity that it acts as */
export const gatewayController = ({ clientId }: { readonly clientId: string }): ReleaseValues => ({
  name: "alb-controller",
  namespace: GATEWAY_CONTROLLER_ACCOUNT.namespace,
  podSecurity: "baseline",
  values: { albController: { namespace: GATEWAY_CONTROLLER_ACCOUNT.namespace, podIdentity: { clientID: clientId } } },
});
