import assert from 'node:assert/strict';
import fc from 'fast-check';
import { build } from '../../cloudfunctions/payNotify/build.ts';
import { readXml } from '../../scripts/local/wechatpay/xml.ts';
import { secretsIn } from '../security/secrets.ts';
import { anyRequest } from './requests.ts';
import { fuzzedRuntime, KEY, PREVIOUS_KEY } from './runtime.ts';
import { signByRule } from './wechat-rule.ts';

const SECRETS = [
  { name: 'the key', value: KEY },
  { name: 'the previous key', value: PREVIOUS_KEY },
];
/** WeChat's own longest return_msg. */
const RETURN_MSG_CHARACTERS_MAX = 128;

/**
 * Whatever reaches payNotify: it answers, in well-formed XML that another reader reads; without a sign of ours it opens
 * no database and wakes nobody; and no key is in what it answers or writes.
 */
export function anyRequestIsAnswered() {
  const { world, trail } = fuzzedRuntime();
  const main = build(world);
  return fc.asyncProperty(anyRequest, async (event) => {
    trail();
    const reply = await main(event);
    const { lines, opened } = trail();
    assert.equal(reply.headers['content-type'], 'text/xml; charset=utf-8');
    const { return_code, return_msg = '', ...rest } = readXml(reply.body);
    assert.deepEqual({ ...rest }, {});
    assert.ok(return_msg.length > 0 && return_msg.length <= RETURN_MSG_CHARACTERS_MAX);
    assert.equal(return_code, 'FAIL');
    assert.ok([400, 401, 403, 405, 500].includes(reply.statusCode), `status ${reply.statusCode}`);
    assert.deepEqual(secretsIn(`${JSON.stringify(reply)} ${lines.join('\n')}`, SECRETS), []);
    // A validly signed notice can survive a change that says the same: then it is WeChat's, and is looked at.
    if (opened > 0) return assert.ok(isSigned(event), 'the database was opened for an unsigned notice');
    for (const line of lines) assert.notEqual(JSON.parse(line).level, 'ERROR');
  });
}

function isSigned(event: unknown): boolean {
  const { body, isBase64Encoded } = Object(event);
  const fields = readXml(isBase64Encoded === true ? Buffer.from(body, 'base64').toString() : body);
  return [KEY, PREVIOUS_KEY].some((key) =>
    (['MD5', 'HMAC-SHA256'] as const).some((by) => signByRule(fields, key, by) === fields.sign),
  );
}
