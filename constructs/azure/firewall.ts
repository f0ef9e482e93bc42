import {
  WebApplicationFirewallPolicy,
  type WebApplicationFirewallPolicyCustomRules,
} from "@cdktf/provider-azurerm/lib/web-application-firewall-policy";
import type { Construct } from "constructs";
import type { Place } from "./place";

/** Microsoft's rules against what is known to be bad, as AWS's web ACL has them (SEC-078), and those of a gateway's own. */
export function addFirewall(
  scope: Construct,
  place: Place,
  customRules: WebApplicationFirewallPolicyCustomRules[],
): WebApplicationFirewallPolicy {
  return new WebApplicationFirewallPolicy(scope, "firewall", {
    ...place,
    name: "services",
    policySettings: { enabled: true, mode: "Prevention", requestBodyCheck: true },
    managedRules: {
      managedRuleSet: [
        { type: "Microsoft_DefaultRuleSet", version: "2.1" },
        { type: "Microsoft_BotManagerRuleSet", version: "1.1" },
      ],
    },
    customRules,
  });
}
