import { decoded } from "@holdline/faq";
import { describe, expect, it } from "vitest";

/** A question in many letters, and its bytes as Python's codecs write them. */
const written: readonly (readonly [label: string, question: string, hex: string])[] = [
  ["windows-1251", "Когда вы открыты?", "caeee3e4e020e2fb20eef2eaf0fbf2fb3f"],
  ["koi8-r", "Когда вы открыты?", "ebcfc7c4c120d7d920cfd4cbd2d9d4d93f"],
  ["iso-8859-2", "Kdy máte otevřeno?", "4b6479206de17465206f746576f8656e6f3f"],
  ["windows-1253", "Πότε είστε ανοιχτά;", "d0fcf4e520e5dff3f4e520e1edefe9f7f4dc3b"],
  ["windows-1255", "מתי אתם פתוחים?", "eefae920e0faed20f4fae5e7e9ed3f"],
  ["windows-1256", "متى تفتحون؟", "e3caec20caddcacde6e4bf"],
  ["shift_jis", "何時に開きますか", "89bd8e9e82c98a4a82ab82dc82b782a9"],
  ["euc-jp", "何時に開きますか", "b2bfbbfea4cbb3aba4ada4dea4b9a4ab"],
  ["gbk", "你们几点开门？", "c4e3c3c7bcb8b5e3bfaac3c5a3bf"],
  ["big5", "你們幾點開門？", "a741adccb458c249b67daaf9a148"],
  ["euc-kr", "언제 문을 여나요?", "bef0c1a620b9aec0bb20bfa9b3aabfe43f"],
];

describe("a page's letters", () => {
  it.each(written)("are read in %s, whoever says so", (label, question, hex) => {
    const bytes = Buffer.from(hex, "hex");
    const said = (head: string) => decoded(Buffer.concat([Buffer.from(head), bytes]));
    expect(said(`<!doctype html><META CharSet='${label}'>`)).toContain(question);
    const pragma = `<meta content="text/html; charset=${label}" http-equiv=content-type>`;
    expect(said(`<!-- <meta charset=utf-8> -->${pragma}`)).toContain(question);
    expect(decoded(bytes, `text/html;charset="${label}"`)).toBe(question);
  });

  it("are those its server says before those its head says, and a byte order mark before both", () => {
    const page = Buffer.from("<meta charset=koi8-r>caf\xe9", "latin1");
    expect(decoded(page, "text/html; charset=latin1")).toContain("café");
    const marked = Buffer.from("\ufeff<meta charset=koi8-r>café");
    expect(decoded(marked, "text/html; charset=latin1")).toContain("café");
  });

  it("are UTF-8 where the head says UTF-16, since nobody could have read that otherwise", () => {
    expect(decoded(Buffer.from("<meta charset=utf-16>café"))).toContain("café");
  });

  it("are refused where they are said to be UTF-8 and are not", () => {
    const page = Buffer.from("<meta charset=utf-8>caf\xe9", "latin1");
    expect(() => decoded(page)).toThrow("says it is UTF-8 and is not");
  });
});
