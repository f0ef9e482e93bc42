/** What kind of text one is. */
import { isBase64 } from "../../review/json-values";

const long = Buffer.from("#!/bin/sh\necho so it begins\n").toString("base64");

it.each([
  ["in one line", long],
  ["with a line's end", `${long}\n`],
  ["in several lines, indented", `${long.slice(0, 12)}\n   ${long.slice(12, 20)}\r\n${long.slice(20)}`],
])("base64 %s is known", (_, text) => expect(isBase64(text, 16)).toBe(true));

it.each([
  ["words", "so it begins and so it ends"],
  ["a text that is shorter than asked for", long.slice(0, 12)],
  ["what goes on after its end", `${long}==a`],
  ["nothing but blanks", " ".repeat(100)],
])("%s is none", (_, text) => expect(isBase64(text, 16)).toBe(false));
