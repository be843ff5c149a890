/** Lambda behind `POST /credentials`, where a job exchanges the token of its launch for credentials; it gives out none yet. */
import type { HttpHandler } from './http-event.ts';

/** Entry of the Lambda. */
export const handler: HttpHandler = async () => ({
  statusCode: 503,
  headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  body: JSON.stringify({ message: 'No credentials can be had here yet.' }),
});
