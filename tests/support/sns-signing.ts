import { createSign } from "node:crypto";

/** A key of nobody's, and a certificate that says it is SNS's: made for these tests, trusted by nothing. */
const key = `-----BEGIN PRIVATE KEY-----
MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQChpLLHpYw9y6M+
xr+pPXzzo6DeBWpSvnIHwNv/R3BPsb/heZgyK/qxr10QzuyNGNbJEC7oVl4K3lkp
QMoujG35o1ldZ0argD5vr2P5D2C4w76y+WeSeXg1coOOsWDuYcppdHCuuIRc1uGg
WijunrdJzHvcCW4OkCiwHDc6gROKdrNiqV1SUKrb86Do66iIF1b5GlQFME5IlgrF
GVQQhVAE+/8ztEdJxIdN3WnlpYaaquSU85qfr8c9bzROnTypWo4ZsHuR0XTbGYVG
p0bixxmXhgJCJ8mNieEh90/mtD1hzMVfeA/l0x4Kq9kI7LjAJWIp++8FbqZqXsFv
shP/SzR5AgMBAAECggEAA2epPmxdzmVuPGHKYsHBUo6FUnfxu+l4FHK7D58NHhij
7pd1ncTwZHLJtpNtRzGZQKX/HvTGyVrSrPxI5f8eR+5pcP6+bdlnN0oOBI6O3oV9
DF8Vj+/QGOwfGk/hN1RHA76oqv2HCD+chBiyGQit2recek+Wimb9/GuzvB9A7p81
5wYz9cTPLlReiVy1XdeMw441mnceaM+34NVlkPyFrMcRbg2pcTJ0prIoyKfMLtY2
7CC+lNLGLJWSQIfps9VzeFJO86YVQ5kDbifVrQTcKeFpKaOb58ItAMK8UZLg7FwY
/dPVnYSF1lUjYpDrk3SDhK+twmiNY7qMx4ykDxGGiQKBgQDUrXuoWf75ciFbw6sj
+b2rnD76uI2JT+ZzkaN3o8+YHvo3L5wncbhUKwNHS9Xn4OlPZUFG4dz6TZQFIvsk
abNjFK9tf4KwcGhSjxl2prChp8iFQ0C6FnryH55B/D9uPi0oFTU4RrkYO5ttxltb
mzID1G4mcA08XUtOX04dEgpfFQKBgQDCkezmBi1bKHHF+8K/PQzgqD5AawG86vCN
XPKuRZDJLngNuAv6mL0jQL467YWozqMfXk3HoQOqGbhaFLNj3Mj0W14YXxLLJtzF
diMfuRFVxVp0jIdFuxmMRiy4L2dFxs6O7q+dDMOKtBZQDh/ZIlZ9uqzDGMy6kpqi
PXeZ48e41QKBgENPnOGNijtcud4XMaUzN6qGyxADNRiOZzuQjpIhEGTu+PZaZSu+
vD43VtRL1imLb4wnWd+bQJsfzodJqP6/TX1AYL1hK/W3vezTSZXZ7/FZ7wbuYCAF
WWgkRaxQr6qulxAmli93gsF+rBS0QNnfZpb7ttkHgcjnJhxp4Ykl2o55AoGBAL5f
PxY1dw1ZPjDDy2GIH2B03Sv0RygMC7+U8RHYmPhvEiICMR5Jcc3bXAWWPw/S1sIr
aBjqDwbQ0ZK57GfKL4j/GMrpwx6ocJx3oZg5YJ+2UHH2yahNj4qzYq/4GaipA5PQ
MF2OjojY+XfsyfaO5WdxTfY5/p6SMOCLGcmll9XdAoGBAL1WR6DM4VhZHhT0bFDg
NtH69cjPIdYt25ZdNwHvqXGXKRU7mOhixQlzH+sr7xF2oEuuiDKTZQnFGcjcLfcT
YKclDZY4EXQS05N0vI6F5Y38FY0tjNBqx4PtcDTJR4mOQUmyySvqx1vAwDqUTFjd
M24VxEMtaOtZuqIkFw8aJr4d
-----END PRIVATE KEY-----
`;

/** What the tests find where a message says that SNS's certificate is. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIC9DCCAdygAwIBAgIBATANBgkqhkiG9w0BAQsFADAcMRowGAYDVQQDDBFzbnMu
YW1hem9uYXdzLmNvbTAgFw0yMDAxMDEwMDAwMDBaGA8yMDk5MTIzMTIzNTk1OVow
HDEaMBgGA1UEAwwRc25zLmFtYXpvbmF3cy5jb20wggEiMA0GCSqGSIb3DQEBAQUA
A4IBDwAwggEKAoIBAQChpLLHpYw9y6M+xr+pPXzzo6DeBWpSvnIHwNv/R3BPsb/h
eZgyK/qxr10QzuyNGNbJEC7oVl4K3lkpQMoujG35o1ldZ0argD5vr2P5D2C4w76y
+WeSeXg1coOOsWDuYcppdHCuuIRc1uGgWijunrdJzHvcCW4OkCiwHDc6gROKdrNi
qV1SUKrb86Do66iIF1b5GlQFME5IlgrFGVQQhVAE+/8ztEdJxIdN3WnlpYaaquSU
85qfr8c9bzROnTypWo4ZsHuR0XTbGYVGp0bixxmXhgJCJ8mNieEh90/mtD1hzMVf
eA/l0x4Kq9kI7LjAJWIp++8FbqZqXsFvshP/SzR5AgMBAAGjPzA9MBwGA1UdEQQV
MBOCEXNucy5hbWF6b25hd3MuY29tMB0GA1UdDgQWBBTeUUuxj7udTV9axG8oG94N
hZtGCjANBgkqhkiG9w0BAQsFAAOCAQEAW/cmNSJNNnu6CyAYQdjnlKHmLoaE3KAi
MAgzM4kZTgmp1mSpiSgF/1WGz1L6O0kwzZtyJw+uBhAHCpELXW1lAfTBj0vNZXeK
Jci4wk9/f+ORrwnBIozfz7GvzOng2C4XPtKSe43XlpQpjehGdIVjRKiaKQn0wwh/
zn0UhTrblvPGDuCrgegBLhp21VNvpRgm+cVUlqtLTwUdijvlwXh/hGyQuFpuFY7X
NT6vAYybktn/AuzhKikmGwIWnIhuFSidO+J6DiLyCqmI6m8caN1n6k+BOSyojpOI
yhyqD2LPDbkHi8iAQ00rV5Qvk/n2m6AzVGhVm4iYs+TZDcKhhYf7sg==
-----END CERTIFICATE-----
`;

/** A certificate of the same make for another host. */
export const foreignCertificate = `-----BEGIN CERTIFICATE-----
MIIDDzCCAfegAwIBAgIUBt+B+7xHEoozLJLWk7H2mEnPrgwwDQYJKoZIhvcNAQEL
BQAwFjEUMBIGA1UEAwwLZXhhbXBsZS5jb20wIBcNMjYxMTI3MTU0NDEyWhgPMjEy
NjExMDMxNTQ0MTJaMBYxFDASBgNVBAMMC2V4YW1wbGUuY29tMIIBIjANBgkqhkiG
9w0BAQEFAAOCAQ8AMIIBCgKCAQEAx4rAdXDhVsPllaDDXuDdeBdZ4xBSHZwDI2gF
8ohc3rJdJRV2iUyAIVYcryJiT/GeBkeQaj0nj52EKFLvlTEAB/0nbOA62PFRRKa7
RP5Juy38rNSpQDFnDCSW+0eFiXlMRUvXrp5y1DVyNQBlhb7nkhWepHEEhpRiawzT
NtNpkw05v1aefcHWFsycxFAcGCbqkwRzcw8qkpyZeJF0+lNSlB41mEJs6ksHEhIn
26pJGZw1CYlxIKsThOoIeeOjNcVU3fnoac3TXTooSZcPbkBb651AS6BCIoiiMBMd
qkc8RNrmT1dsLJMHAPwXSEx3SpAgM9GKtQVJj6zDskA8W5Yc4wIDAQABo1MwUTAd
BgNVHQ4EFgQUoQoXY1RX7F40W4rzq0hZJ+cCuOMwHwYDVR0jBBgwFoAUoQoXY1RX
7F40W4rzq0hZJ+cCuOMwDwYDVR0TAQH/BAUwAwEB/zANBgkqhkiG9w0BAQsFAAOC
AQEAEQpVa0mh5Ev9ZP8ijiJq2m5WME8wQ06FZHFTKQcMMgdt06AQX9rXLdqjH7dL
AbXg4IEgWZowalPZu67klXDulJD+2gLqviDkhI40g/eER5JjM4zWOU+36/xKjzwL
kWkPmrDGyohaABTxB4NKmsN3MjC80PLkjJpCyDF/C7jaLSZvLNRVkKyeo1FIJzvw
tEIXcz2L51HJGBYK4WejqDeBBHU6+O1jcbNAVMnQzvSZQGqapza8EBKAm+mLUs2Y
9ZKE+CpMUlib20x/WtVQg8NlDpfqHTz8nXA1EvgW20WiCV4LxigDvWYUMZppP4JM
QJnPN/0/LthsqwX9oVtN4xr4mw==
-----END CERTIFICATE-----
`;

const order = {
  Notification: ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
  Confirmation: [
    ...["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
  ],
};

/** Signs a message as SNS does, and answers what it would post. */
export function signedBySns(message: Readonly<Record<string, string>>): string {
  const names = message.Type === "Notification" ? order.Notification : order.Confirmation;
  const sign = createSign(message.SignatureVersion === "2" ? "RSA-SHA256" : "RSA-SHA1");
  for (const name of names)
    if (message[name] !== undefined) sign.update(`${name}\n${message[name]}\n`);
  return JSON.stringify({ ...message, Signature: sign.sign(key, "base64") }, null, 2);
}
