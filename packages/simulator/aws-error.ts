/** A refusal in the words of an AWS service: `name` is what the SDK's clients will throw. */
export class AwsError extends Error {
  readonly status: number;
  /** Members of the error beyond its message, such as `Reason`. */
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(
    name: string,
    status: number,
    message: string,
    fields: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = name;
    this.status = status;
    this.fields = fields;
  }
}
