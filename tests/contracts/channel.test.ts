import {
  eumCases,
  pinpointCases,
  smsAws,
  smsTwilio,
  twilioAccount,
  twilioCases,
} from "@holdline/channels";
import { describe, expect } from "vitest";
import { channelContract } from "./channel.ts";

const credentials = { accessKeyId: "test", secretAccessKey: "test" };
const region = "us-west-2";

describe("sms-aws through End User Messaging", () =>
  channelContract(
    ({ endpoint, requestTimeoutMs }) =>
      smsAws({
        via: "eum",
        client: { region, endpoint, credentials },
        configurationSet: "holdline",
        timeToLiveSeconds: 3_600,
        requestTimeoutMs,
      }),
    eumCases,
    ({ headers, body }) => {
      expect(headers["x-amz-target"]).toBe("PinpointSMSVoiceV2.SendTextMessage");
      const request = JSON.parse(body);
      expect(request).toMatchObject({
        MessageType: "TRANSACTIONAL",
        ConfigurationSetName: "holdline",
        TimeToLive: 3_600,
      });
      expect(Object.keys(request.Context).every((key) => !key.includes(" "))).toBe(true);
      return {
        to: request.DestinationPhoneNumber,
        from: request.OriginationIdentity,
        text: request.MessageBody,
        token: request.Context.token,
      };
    },
  ));

describe("sms-aws through Pinpoint", () =>
  channelContract(
    ({ endpoint, requestTimeoutMs }) =>
      smsAws({
        via: "pinpoint",
        applicationId: "ce796be37f32f178af652b26eexample",
        client: { region, endpoint, credentials },
        requestTimeoutMs,
      }),
    pinpointCases,
    ({ path, body }) => {
      expect(path).toBe("/v1/apps/ce796be37f32f178af652b26eexample/messages");
      const { Addresses, MessageConfiguration, Context } = JSON.parse(body);
      expect(MessageConfiguration.SMSMessage.MessageType).toBe("TRANSACTIONAL");
      return {
        to: Object.keys(Addresses)[0] ?? "",
        from: MessageConfiguration.SMSMessage.OriginationNumber,
        text: MessageConfiguration.SMSMessage.Body,
        token: Context.token,
      };
    },
  ));

describe("sms-twilio", () =>
  channelContract(
    (terms) => smsTwilio({ ...twilioAccount, ...terms }),
    twilioCases,
    ({ path, body, headers }) => {
      expect(path).toBe(`/2010-04-01/Accounts/${twilioAccount.accountSid}/Messages.json`);
      expect(headers.authorization).toMatch(/^Basic /);
      const fields = new URLSearchParams(body);
      const told = new URL(fields.get("StatusCallback") ?? "");
      expect(told.href.startsWith(twilioAccount.webhookUrl)).toBe(true);
      return {
        to: fields.get("To") ?? "",
        from: fields.get("From") ?? "",
        text: fields.get("Body") ?? "",
        token: told.searchParams.get("token") ?? "",
      };
    },
  ));
