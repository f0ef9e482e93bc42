/**
 * What a command may say otherwise than a literal: the images of a deploy, the platform of a rehearsal, any value of an estimate.
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
  /** Any value by its path, as typed: `{ "services.ml.cpu": "512" }`. Estimates only: what is deployed stands in the literal. */
  readonly values?: Readonly<Record<string, string>>;
}

/**
 * Reads `services.ml.cpu=512`, one entry each; behind the sign JSON or a plain text, and nothing takes the value out of the literal.
 * @throws Error when an entry is something else, or names a path twice
 */
export function parseValues(entries: readonly string[]): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const entry of entries) {
    const [, path, value] = /^([^=\s]+?)\s*=\s*(.*)$/s.exec(entry.trim()) ?? [];
    if (path === undefined || value === undefined || keysOf(path).some((key) => key === ""))
      throw new Error(
        `${JSON.stringify(entry)} is not <path>=<value>, such as services.ml.cpu=512, windows.instanceType=t3.large, network.zones[1]=ap-northeast-1d, or schedule= to leave it out.`,
      );
    if (Object.hasOwn(values, path)) throw new Error(`${JSON.stringify(entry)}: ${path} is named twice.`);
    values[path] = value;
  }
  return values;
}

/** `network.zones[1]` → network, zones, 1. */
const keysOf = (path: string): string[] => path.replaceAll(/\[(\d+)\]/g, ".$1").split(".");

/** JSON where it is that, such as a number, a list or null; a plain text otherwise; undefined for nothing. */
function written(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** A copy with a value at a path; what is missing on the way is a block. The schema says what of it may be. */
function withValue(block: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(block)) {
    const list = block as readonly unknown[];
    const inner = withValue(list[Number(key)], rest, value);
    return inner === undefined ? list.filter((_, index) => index !== Number(key)) : Object.assign([...list], { [key]: inner });
  }
  const { [key]: old, ...others } = (typeof block === "object" && block !== null ? block : {}) as Readonly<Record<string, unknown>>;
  const inner = withValue(old, rest, value);
  return inner === undefined ? others : { ...others, [key]: inner };
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

/** What images know the web application's own service by. */
const WEB_SERVICE = "web";

/** What has images: the services of a literal, and the web application's (environments/schema/web-service.ts). */
interface Running {
  readonly name: string;
  readonly services: EnvironmentLiteral["services"];
  readonly web?: EnvironmentLiteral["web"];
}

/**
 * The literal with other versions of its services.
 * @throws Error when the environment has no such service
 */
export function withImages<Literal extends Running>(literal: Literal, images: NonNullable<Changes["images"]>): Literal {
  const { web } = literal;
  const services: Record<string, { readonly image: string }> = { ...(web?.service && { [WEB_SERVICE]: web.service }), ...literal.services };
  const { [EVERY]: every, ...named } = images;
  const all = every === undefined ? {} : Object.fromEntries(Object.keys(services).map((name) => [name, every]));
  for (const [name, version] of Object.entries({ ...all, ...named })) {
    const service = Object.hasOwn(services, name) ? services[name] : undefined;
    if (!service)
      throw new Error(`${literal.name} has no service ${JSON.stringify(name)}. Its services: ${Object.keys(services).join(", ")}.`);
    services[name] = { ...service, image: `${imageParts(service.image).repository}${version.startsWith("sha256:") ? "@" : ":"}${version}` };
  }
  const { [WEB_SERVICE]: service, ...others } = services;
  // A service of that name is refused beside the web application's (environments/rules/web.ts).
  return (web?.service ? { ...literal, services: others, web: { ...web, service } } : { ...literal, services }) as Literal;
}

/**
 * The literal as a command wants it.
 * @throws Error when the environment has no such service
 */
export function withChanges(literal: EnvironmentLiteral, { images = {}, platform, values = {} }: Changes): EnvironmentLiteral {
  return Object.entries(values).reduce<EnvironmentLiteral>(
    (changed, [path, value]) => withValue(changed, keysOf(path), written(value)) as EnvironmentLiteral,
    { ...withImages(literal, images), ...(platform && { platform }) },
  );
}

/** The variables by which main.ts learns of changes. */
export const changeVariables = ({
  images = {},
  platform,
  values,
}: Changes): Readonly<Record<"IMAGES" | "PLATFORM" | "LITERAL_VALUES", string>> => ({
  IMAGES: Object.entries(images)
    .map((entry) => entry.join("="))
    .join(","),
  PLATFORM: platform ?? "as-written",
  LITERAL_VALUES: values ? JSON.stringify(values) : "",
});
