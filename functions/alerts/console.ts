/** Addresses in AWS's console. */

const home = (region: string, service: string) => `https://${region}.console.aws.amazon.com/${service}/home?region=${region}`;

/** The alarm with its graph. */
export const alarmLink = (region: string, name: string): string =>
  `${home(region, "cloudwatch")}#alarmsV2:alarm/${encodeURIComponent(name)}`;

const QUERY = "fields @timestamp, @message | sort @timestamp desc | limit 200";
/** Minutes before and after that are looked at. */
const AROUND = { before: 15, after: 5 };

/** Logs Insights on a group, around a time. The console has a notation of its own: `~` before texts, `*` before the code of a character. */
export function logsLink(region: string, group: string, time: string): string {
  const at = (minutes: number) => encode(new Date(new Date(time).getTime() + minutes * 60_000).toISOString());
  const detail = `~(end~'${at(AROUND.after)}~start~'${at(-AROUND.before)}~timeType~'ABSOLUTE~tz~'UTC~editorString~'${encode(QUERY)}~source~(~'${encode(group)}))`;
  return `${home(region, "cloudwatch")}#logsV2:logs-insights$3FqueryDetail$3D${detail}`;
}

const encode = (text: string) =>
  text.replace(/[^A-Za-z0-9_.-]/g, (character) => `*${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
