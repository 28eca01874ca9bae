// What `sst diff` asks of AWS around the program, on loopback: SSM for its bootstrap data and passphrase,
// S3 for its state. Nothing else is answered.
import { createServer } from "node:http";

const bootstrap = {
  version: 5,
  asset: "sst-asset-offline",
  state: "sst-state-offline",
  assetEcrRegistryId: "123456789012",
  assetEcrUrl: "123456789012.dkr.ecr.us-west-2.amazonaws.com/sst-asset",
};
const parameters = new Map([["/sst/bootstrap", JSON.stringify(bootstrap)]]);
const objects = new Map();

function ssm(operation, { Name, Value }) {
  if (operation === "GetParameter")
    return parameters.has(Name)
      ? [200, { Parameter: { Name, Type: "String", Value: parameters.get(Name) } }]
      : [400, { __type: "ParameterNotFound", message: "" }];
  if (operation === "PutParameter") {
    parameters.set(Name, Value);
    return [200, { Version: 1 }];
  }
  return [400, { __type: "InvalidAction" }];
}

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const target = request.headers["x-amz-target"];
  if (target?.startsWith("AmazonSSM.")) {
    const [status, json] = ssm(target.split(".")[1], JSON.parse(body));
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
    return response.end(JSON.stringify(json));
  }
  const key = request.url.split("?")[0];
  if (request.method === "PUT") {
    objects.set(key, body);
    response.writeHead(200, { etag: '"0"' });
    return response.end();
  }
  if (request.method === "DELETE") {
    objects.delete(key);
    response.writeHead(204);
    return response.end();
  }
  if (objects.has(key)) {
    response.writeHead(200, { "content-type": "application/json" });
    return response.end(objects.get(key));
  }
  response.writeHead(404, { "content-type": "application/xml" });
  return response.end("<Error><Code>NoSuchKey</Code><Message>no</Message></Error>");
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
