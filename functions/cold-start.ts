/** The entry of a Lambda: its handler is made at the first event, so that to import it reads no environment; knows no event. */

/** A handler that `make` makes once; where that throws the event fails, and the next one tries again. */
export function atFirstEvent<Event, Result>(
  make: () => (event: Event) => Promise<Result>,
): (event: Event) => Promise<Result> {
  let made: ((event: Event) => Promise<Result>) | undefined;
  return async (event) => {
    made ??= make();
    return made(event);
  };
}
