// What adapters have to say before the loop can journal it.

/** Holds what adapters have to say until the loop can journal it. */
export interface Notes {
  readonly add: (text: string) => void;
  listen(say: (text: string) => void): void;
}

/** Notes that are held until somebody listens. */
export function createNotes(): Notes {
  const held: string[] = [];
  let tell = (text: string): void => void held.push(text);
  return {
    add: (text) => tell(text),
    listen: (say) => {
      tell = say;
      for (const text of held.splice(0)) say(text);
    },
  };
}
