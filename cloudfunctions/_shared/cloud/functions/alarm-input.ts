import * as v from 'valibot';

/** Code, subject and digest together are shorter. */
const ALARM_ID_CHARACTERS_MAX = 256;

/** The `_id` of an alarm. A subject can be any text. */
export const alarmId = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(ALARM_ID_CHARACTERS_MAX, `must not be longer than ${ALARM_ID_CHARACTERS_MAX} characters`),
);
