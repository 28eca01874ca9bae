import { StartContactStreamingCommand } from "@aws-sdk/client-connect";
import { CreateParticipantConnectionCommand } from "@aws-sdk/client-connectparticipant";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { INSTANCE, standIn, stopAll, thrown } from "./stand-in.ts";

let up: Awaited<ReturnType<typeof standIn>>;
beforeAll(async () => {
  up = await standIn();
});
afterAll(stopAll);

const stream = (ContactId: string, arn = "arn:aws:sns:us-west-2:111122223333:chats") =>
  new StartContactStreamingCommand({
    InstanceId: INSTANCE,
    ContactId,
    ChatStreamingConfiguration: { StreamingEndpointArn: arn },
    ClientToken: undefined,
  });
describe("streaming", () => {
  it("refuses a third topic to stream to", async () => {
    const { ContactId = "" } = await up.startChat();
    await up.connect.send(stream(ContactId));
    await up.connect.send(stream(ContactId, "arn:aws:sns:us-west-2:111122223333:others"));
    expect(await thrown(up.connect.send(stream(ContactId)))).toMatchObject({
      name: "LimitExceededException",
      $metadata: { httpStatusCode: 429 },
    });
  });

  it("can be met by a customer who streams and has no socket", async () => {
    const { ContactId = "", ParticipantToken } = await up.startChat();
    await up.connect.send(stream(ContactId));
    await up.participant.send(
      new CreateParticipantConnectionCommand({
        ParticipantToken,
        Type: ["CONNECTION_CREDENTIALS"],
        ConnectParticipant: true,
      }),
    );
    const { body } = await up.door("GET", "/contacts");
    const found = body.find((each: { contactId: string }) => each.contactId === ContactId);
    expect(found).toMatchObject({ state: "queued", openSockets: 0 });
  });
});
