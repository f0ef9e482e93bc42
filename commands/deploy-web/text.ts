/** What the deploy of an image to the web application's machine says. */
import { findingsText, type PushedImage } from "../../delivery/images/registry";
import type { Recorded } from "../../delivery/web/image";

interface Status {
  /** Such as `dev in account 111122223333`. */
  readonly where: string;
  /** As the literal has it: repository and version. */
  readonly literal: string;
  readonly recorded?: Recorded;
}

/** Repository and version of an address in the registry. */
const shortly = (address: string): string => address.replace(/^[^/]+\//, "");

export function statusText({ where, literal, recorded }: Status): string {
  const counts = recorded && (recorded.insteadOf === "" ? /:none$/.test(literal) : shortly(recorded.insteadOf) === literal);
  const deployed =
    // A converge that followed the literal leaves that itself.
    !recorded || (counts && shortly(recorded.image) === literal)
      ? "nothing else"
      : counts
        ? `${shortly(recorded.image)}, which runs`
        : `${shortly(recorded.image)}, in place of ${shortly(recorded.insteadOf) || "none"}: the literal is the later decision`;
  return [`The API of ${where}`, `  the literal names     ${literal}`, `  was deployed past it  ${deployed}`].join("\n");
}

export function imageText({ repository, digest, scan }: PushedImage, version: string): string {
  const found = scan.state === "done" ? `its scan found ${findingsText(scan.findings)}` : `not scanned (${scan.why})`;
  return `  to be deployed        ${repository}, ${version}${version === digest ? "" : ` (${digest})`}: ${found}`;
}
