/** What the queue answers when it refuses a request, in the codes of AWS; knows no HTTP server. */

/** Closed list of error codes, as `x-amzn-errortype` carries them, with the status each is sent under. */
const STATUS = {
  ClientException: 400,
  ServerException: 500,
  SerializationException: 400,
  UnknownOperationException: 404,
  RequestEntityTooLargeException: 413,
  AccessDeniedException: 403,
  MissingAuthenticationTokenException: 403,
  IncompleteSignatureException: 400,
  UnrecognizedClientException: 403,
  InvalidSignatureException: 403,
} as const;

export type AwsErrorCode = keyof typeof STATUS;

/** A refusal; its message goes to the client as it is. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: AwsErrorCode;
  readonly status: number;
  constructor(code: AwsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.status = STATUS[code];
  }
}

/** What AWS Batch answers to whatever is wrong with the content of a request. */
export function clientException(message: string): AwsError {
  return new AwsError('ClientException', message);
}
