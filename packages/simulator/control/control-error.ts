/** A refusal of the control door: what is wrong, and what to do about it. */
export class ControlError extends Error {
  readonly status: number;
  readonly fix: string;

  constructor(status: number, message: string, fix: string) {
    super(message);
    this.name = "ControlError";
    this.status = status;
    this.fix = fix;
  }
}
