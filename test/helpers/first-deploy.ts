/** A copy of the project whose dev an office administers, and what its first deploy opens and is meant to. */
import type { ProjectCopy } from "./project-copy";

/** An exception for as long as that takes: one that nothing needs any more is an error. */
export const OPENED =
  '- { construct: "dev-trading/windows-security-group/from-remote-desktop-203-0-113-0-24-3389", rule: network/ingress-opened, expires: 2099-12-31, reason: "The office administers the host over RDP, in development only (C-13)" }\n';
const IN_CLEAR =
  '- { construct: "dev-web/edge/distribution", rule: network/tls-weakened, expires: 2099-12-31, reason: "CloudFront asks the API in clear, in development only (docs/web.md)" }\n';

/** Commits it. */
export function openToAnOffice(copy: ProjectCopy): void {
  copy.edit(
    "environments/dev.ts",
    'adminCidrs: ["0.0.0.0/0"], uiCidrs: ["0.0.0.0/0"]',
    'adminCidrs: ["203.0.113.0/24"], uiCidrs: ["203.0.113.0/24"]',
  );
  copy.append("review/exceptions.yaml", `\n${OPENED}${IN_CLEAR}`);
  copy.commit("As it is");
}
