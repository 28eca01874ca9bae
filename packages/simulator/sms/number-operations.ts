import * as z from "zod";
import { type Operation, valid } from "../http/operation.ts";
import { ACCOUNT, REGION } from "../identity.ts";
import { INBOUND } from "../sns/topics.ts";
import {
  type BusinessNumber,
  type Numbers,
  OPT_OUT_LIST,
  type OptOut,
  phoneNumberId,
} from "./numbers.ts";
import { invalidField, notFound, smsVoice } from "./service.ts";

const Page = { MaxResults: z.int().min(1).max(100).nullish(), NextToken: z.string().nullish() };
const DescribeNumbers = z.object({
  PhoneNumberIds: z.array(z.string()).max(20).nullish(),
  ...Page,
});
const ListName = z.string().min(1).max(256);
const Number_ = z.string().regex(/^\+?[1-9][0-9]{1,18}$/);
const OnList = z.object({ OptOutListName: ListName, OptedOutNumber: Number_ });
const DescribeList = z.object({
  OptOutListName: ListName,
  // Five numbers a call, no more.
  OptedOutNumbers: z.array(Number_).max(5).nullish(),
  ...Page,
});
const Update = z.object({
  PhoneNumberId: z.string().min(1).max(256),
  TwoWayEnabled: z.boolean().nullish(),
  TwoWayChannelArn: z.string().nullish(),
  SelfManagedOptOutsEnabled: z.boolean().nullish(),
  OptOutListName: ListName.nullish(),
});
const CREATED = Date.parse("2026-01-01T00:00:00Z") / 1000;

/** What the business asks and says about its numbers and its opt-out list. */
export function numberOperations(numbers: Numbers): readonly Operation[] {
  const operation = (name: string, answer: Operation["answer"]): Operation => ({
    name,
    service: smsVoice,
    answer,
  });
  const list = (name: string) => {
    if (name.slice(name.lastIndexOf("/") + 1) !== OPT_OUT_LIST)
      throw notFound("The opt-out list does not exist.", "opt-out-list", name);
    return {
      OptOutListArn: `arn:aws:sms-voice:${REGION}:${ACCOUNT}:opt-out-list/${OPT_OUT_LIST}`,
      OptOutListName: OPT_OUT_LIST,
    };
  };
  const plus = (number: string) => (number.startsWith("+") ? number : `+${number}`);
  const shown = ({ address, at, byThePhone }: OptOut) => ({
    OptedOutNumber: address,
    OptedOutTimestamp: at / 1000,
    EndUserOptedOut: byThePhone,
  });
  const number = (identity: string) => {
    const found = numbers.find(identity);
    if (!found) throw notFound("The phone number does not exist.", "phone-number", identity);
    return found;
  };
  return [
    operation("DescribePhoneNumbers", ({ body }) => {
      const { PhoneNumberIds } = valid(DescribeNumbers, body, invalidField);
      const asked = PhoneNumberIds?.length ? PhoneNumberIds.map(number) : [...numbers.all()];
      return {
        PhoneNumbers: asked.map((each) => ({
          ...described(each),
          MessagingLimits: {
            SMSMessageParts: {
              BurstPartsPerSecond: each.partsPerSecond,
              PartsPerSecond: each.partsPerSecond,
            },
          },
        })),
      };
    }),
    operation("UpdatePhoneNumber", ({ body }) => {
      const request = valid(Update, body, invalidField);
      const before = number(request.PhoneNumberId);
      if (request.OptOutListName) list(request.OptOutListName);
      const { SelfManagedOptOutsEnabled: self } = request;
      const optOut = self === true ? "self" : self === false ? "aws" : before.optOut;
      const after: BusinessNumber = { ...before, optOut };
      numbers.set(after);
      return described(after);
    }),
    operation("PutOptedOutNumber", ({ body }) => {
      const request = valid(OnList, body, invalidField);
      const arn = list(request.OptOutListName);
      const address = plus(request.OptedOutNumber);
      return { ...arn, ...shown(numbers.optedOut(address) ?? numbers.optOut(address, false)) };
    }),
    operation("DeleteOptedOutNumber", ({ body }) => {
      const request = valid(OnList, body, invalidField);
      const arn = list(request.OptOutListName);
      const record = numbers.optIn(plus(request.OptedOutNumber));
      if (!record)
        throw notFound("The number is not opted out.", "opted-out-number", request.OptedOutNumber);
      return { ...arn, ...shown(record) };
    }),
    operation("DescribeOptedOutNumbers", ({ body }) => {
      const request = valid(DescribeList, body, invalidField);
      const arn = list(request.OptOutListName);
      const records = request.OptedOutNumbers?.length
        ? request.OptedOutNumbers.map((each) => {
            const record = numbers.optedOut(plus(each));
            if (!record) throw notFound("The number is not opted out.", "opted-out-number", each);
            return record;
          })
        : [...numbers.optOuts()];
      return { ...arn, OptedOutNumbers: records.map(shown) };
    }),
  ];
}

function described({ address, optOut }: BusinessNumber) {
  const id = phoneNumberId(address);
  return {
    PhoneNumberArn: `arn:aws:sms-voice:${REGION}:${ACCOUNT}:phone-number/${id}`,
    PhoneNumberId: id,
    PhoneNumber: address,
    Status: "ACTIVE",
    IsoCountryCode: "US",
    MessageType: "TRANSACTIONAL",
    NumberCapabilities: ["SMS"],
    NumberType: "TEN_DLC",
    MonthlyLeasingPrice: "1.00",
    TwoWayEnabled: true,
    TwoWayChannelArn: `arn:aws:sns:${REGION}:${ACCOUNT}:${INBOUND}`,
    SelfManagedOptOutsEnabled: optOut === "self",
    OptOutListName: OPT_OUT_LIST,
    DeletionProtectionEnabled: false,
    CreatedTimestamp: CREATED,
  };
}
