import { eventBridgeCron, onCalendar, WEEKDAYS, weeklyTime } from "../../environments/facts/cron";

it.each([
  ["0 22 * * MON-FRI", { minute: 0, hour: 22, days: ["MON", "TUE", "WED", "THU", "FRI"] }],
  ["30 6 * * SAT,SUN", { minute: 30, hour: 6, days: ["SUN", "SAT"] }],
  ["59 23 * * FRI-MON", { minute: 59, hour: 23, days: ["SUN", "MON", "FRI", "SAT"] }],
  ["5 9 * * WED", { minute: 5, hour: 9, days: ["WED"] }],
  ["0 18 * * *", { minute: 0, hour: 18, days: WEEKDAYS }],
])("reads %s", (cron, expected) => expect(weeklyTime(cron)).toEqual(expected));

it.each(["", "0 22 * *", "0 22 * * 1-5", "0 24 * * MON", "60 1 * * MON", "0 22 1 * MON", "0 22 * * MON-"])("refuses %p", (cron) => {
  expect(() => weeklyTime(cron)).toThrow("is not a time of the week");
});

it.each([
  ["0 22 * * MON-FRI", 0, "cron(0 22 ? * MON,TUE,WED,THU,FRI *)"],
  ["0 18 * * *", 0, "cron(0 18 ? * * *)"],
  ["0 20 * * SUN", 15, "cron(15 20 ? * SUN *)"],
  ["50 23 * * SAT", 15, "cron(5 0 ? * SUN *)"],
  ["50 23 * * *", 15, "cron(5 0 ? * * *)"],
])("writes %s and %i minutes for EventBridge", (cron, later, expected) => expect(eventBridgeCron(cron, later)).toBe(expected));

it.each([
  ["0 18 * * *", "*-*-* 18:00:00 UTC"],
  ["0 0 * * SAT", "Sat *-*-* 00:00:00 UTC"],
  ["5 9 * * MON,WED", "Mon,Wed *-*-* 09:05:00 UTC"],
])("writes %s for systemd", (cron, expected) => expect(onCalendar(cron)).toBe(expected));
