/**
 * What a command may say otherwise than a literal: the images of a deploy, the platform of a rehearsal.
 *
 * A changed literal is parsed like any other, so that a wrong tag is refused in the same words as one in the file.
 */
import type { EnvironmentLiteral } from "../schema";
import { imageParts, NO_IMAGE } from "../schema/services";

/** In place of a service: every one that is not named. */
const EVERY = "*";

export interface Changes {
  /** Tag or digest by service, such as `{ ml: "1.4.2" }`; `{ "*": "none" }` for all that are not named. */
  readonly images?: Readonly<Record<string, string>>;
  /** What runs the services. */
  readonly platform?: "none" | "ecs" | "eks";
}

/**
 * Reads `ml=1.4.2,data=sha256:…`, separated by commas or spaces; `none` alone says it of every service.
 * @throws Error when an entry is something else, or names a service twice
 */
export function parseImages(text: string): Readonly<Record<string, string>> {
  const images: Record<string, string> = {};
  for (const entry of text.split(/[\s,]+/).filter(Boolean)) {
    const [, service, version] = entry === NO_IMAGE ? [entry, EVERY, NO_IMAGE] : (/^([^=]+)=([^=]+)$/.exec(entry) ?? []);
    if (!service || !version)
      throw new Error(
        `Image ${JSON.stringify(entry)} is not <service>=<tag> or <service>=sha256:<digest>, such as ml=1.4.2, nor ${NO_IMAGE}, which means no image of any service yet.`,
      );
    if (Object.hasOwn(images, service)) throw new Error(`Image ${JSON.stringify(entry)}: the service ${service} is named twice.`);
    images[service] = version;
  }
  return images;
}

/**
 * The literal as a command wants it.
 * @throws Error when the environment has no such service
 */
export function withChanges(literal: EnvironmentLiteral, { images = {}, platform }: Changes): EnvironmentLiteral {
  const services = { ...literal.services };
  const { [EVERY]: every, ...named } = images;
  const all = every === undefined ? {} : Object.fromEntries(Object.keys(services).map((name) => [name, every]));
  for (const [name, version] of Object.entries({ ...all, ...named })) {
    const service = Object.hasOwn(services, name) ? services[name] : undefined;
    if (!service)
      throw new Error(`${literal.name} has no service ${JSON.stringify(name)}. Its services: ${Object.keys(services).join(", ")}.`);
    services[name] = { ...service, image: `${imageParts(service.image).repository}${version.startsWith("sha256:") ? "@" : ":"}${version}` };
  }
  return { ...literal, services, ...(platform && { platform }) };
}

/** The variables by which main.ts learns of changes. */
export const changeVariables = ({ images = {}, platform }: Changes): { readonly IMAGES: string; readonly PLATFORM: string } => ({
  IMAGES: Object.entries(images)
    .map((entry) => entry.join("="))
    .join(","),
  PLATFORM: platform ?? "as-written",
});
