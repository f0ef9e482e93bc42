/** Whom commands ask of what is deployed: AWS, an emulator that is named, or the kept rehearsal. */
import { placeOf } from "../../commands/shared/target";
import { keptRehearsal } from "../../rehearsal/kept";
import { environment } from "../environments/edits";

jest.mock("../../rehearsal/kept", () => ({ keptRehearsal: jest.fn() }));
const dev = { ...environment("dev"), account: "210987654321" };
const KEPT = { endpoint: "http://127.0.0.1:1", output: "/kept/cdktf.out" };
const before = { ...process.env };
const given = ({ kept = false, emulator = "", profile = "" }) => {
  jest.mocked(keptRehearsal).mockReturnValue(kept ? KEPT : undefined);
  process.env = { ...before, EMULATOR_ENDPOINT: emulator, AWS_PROFILE: profile, AWS_ACCESS_KEY_ID: "", AWS_WEB_IDENTITY_TOKEN_FILE: "" };
};
afterAll(() => {
  process.env = before;
});

const KEPT_PLACE = { kind: "rehearsal", words: "in the kept rehearsal at http://127.0.0.1:1", ...KEPT };
const AWS = { kind: "account", words: "in account 210987654321 (ap-northeast-1)" };
const EMULATOR = { kind: "rehearsal", words: "in the emulator at http://127.0.0.1:2", endpoint: "http://127.0.0.1:2" };

it.each([
  ["nothing is kept", {}, AWS],
  ["one is kept, and there are no credentials", { kept: true }, KEPT_PLACE],
  ["one is kept, and there are credentials", { kept: true, profile: "one" }, AWS],
  ["an emulator is named", { emulator: EMULATOR.endpoint, profile: "one" }, EMULATOR],
  ["an emulator is named, and one is kept", { emulator: EMULATOR.endpoint, kept: true }, EMULATOR],
])("%s", (_, situation, place) => {
  given(situation);
  expect(placeOf("/root", dev)).toEqual(place);
});

it("the kept rehearsal, if it is asked for, whatever else there is", () => {
  given({ kept: true, profile: "one", emulator: EMULATOR.endpoint });
  expect(placeOf("/root", dev, true)).toEqual(KEPT_PLACE);
  given({});
  expect(() => placeOf("/root", dev, true)).toThrow("No rehearsal of dev is kept. npm run rehearse -- dev --keep deploys it and keeps it.");
});

it("refuses the example's account, but not of an emulator", () => {
  const example = environment("dev");
  given({});
  expect(() => placeOf("/root", example)).toThrow(example.account);
  given({ emulator: EMULATOR.endpoint });
  expect(placeOf("/root", example)).toEqual(EMULATOR);
});
