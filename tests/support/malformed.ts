import fc from "fast-check";

/** Texts no honest sender sends: control characters, halves of characters, anything else there is. */
export const oddText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom("", "\u0000", "\ud800", "a\udc00b", "\u202e\u0007", "x".repeat(100_000), "NaN"),
);

/** A value of any type, small. */
export const anyValue = fc.oneof(fc.jsonValue({ maxDepth: 2 }), oddText);

/** The JSON of a good value, cut short, spoilt in one letter, or with one member of another type. */
export const spoilt = (good: Readonly<Record<string, unknown>>): fc.Arbitrary<string> => {
  const json = JSON.stringify(good);
  const place = fc.integer({ min: 0, max: json.length - 1 });
  const cut = place.map((at) => json.slice(0, at));
  const scratched = fc
    .tuple(place, fc.constantFrom("{", '"', "\u0000", "\\", ",", "9", "\ud800"))
    .map(([at, letter]) => json.slice(0, at) + letter + json.slice(at + 1));
  const retyped = fc
    .tuple(fc.constantFrom(...Object.keys(good)), anyValue)
    .map(([name, value]) => JSON.stringify({ ...good, [name]: value }));
  const missing = fc
    .constantFrom(...Object.keys(good))
    .map((name) => JSON.stringify({ ...good, [name]: undefined }));
  return fc.oneof(cut, scratched, retyped, missing);
};

/** A body in an envelope as SNS puts it around one, with a time that may be anything. */
export const inEnvelope = (body: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(body, fc.constantFrom("Notification", "SubscriptionConfirmation", "", 7), oddTime)
    .map(([Message, Type, Timestamp]) =>
      JSON.stringify({ Type, MessageId: "n-1", TopicArn: "arn:t", Message, Timestamp }),
    );

const oddTime = fc.constantFrom(
  ...["2026-01-01T00:00:00.000Z", "+275760-09-13T00:00:00.000Z", "-000001-01-01T00:00:00Z"],
  ...["yesterday", "", 0, 1e308, null, "9999-12-31T23:59:59.999Z"],
);

/** Bodies of any kind for one queue: nonsense, JSON of something else, and good ones gone bad. */
export const bodies = (good: Readonly<Record<string, unknown>>): fc.Arbitrary<string> => {
  const bad = fc.oneof(
    { weight: 3, arbitrary: spoilt(good) },
    { weight: 1, arbitrary: oddText },
    { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
  );
  return fc.oneof(bad, inEnvelope(fc.oneof(bad, fc.constant(JSON.stringify(good)))));
};
