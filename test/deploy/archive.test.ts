import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, strToU8, type Zippable, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { type Scene, setUpDeployed } from './set-up.ts';

const ESCAPED = `escaped-${process.pid}`;
const CODE = strToU8("exports.main = async () => 'theirs';\n");

/** Puts an archive in the place of checkOrder's code, as somebody with the right to upload could. */
function plant({ standIn }: Scene, zip: Uint8Array): void {
  const checkOrder = standIn.account.functions.get('checkOrder');
  if (!checkOrder) throw new Error('not deployed');
  checkOrder.zip = zip;
}

/** The same archive, except that its central directory claims another size for its first entry. */
function claiming(zip: Uint8Array, bytes: number): Uint8Array {
  const claimed = zip.slice();
  const directory = Buffer.from(claimed.buffer).indexOf('PK\x01\x02', 0, 'latin1');
  new DataView(claimed.buffer).setUint32(directory + 24, bytes, true);
  return claimed;
}

const link = (target: string): Zippable[string] => [
  strToU8(target),
  { os: 3, attrs: (0o120777 << 16) >>> 0 },
];

const ZEROS = 64 * 1024 * 1024;

/** The end of an archive of 4 billion entries, none of which is there (zip64). */
function endless(): Uint8Array {
  const end = new DataView(new ArrayBuffer(56 + 20 + 22));
  end.setUint32(0, 0x06064b50, true);
  end.setUint32(32, 0xffffffff, true);
  end.setUint32(56, 0x07064b50, true);
  end.setUint32(76, 0x06054b50, true);
  end.setUint16(84, 0xffff, true);
  return new Uint8Array(end.buffer);
}

const ARCHIVES = [
  {
    what: 'a name that leads up',
    zip: zipSync({ 'index.js': CODE, [`../${ESCAPED}`]: CODE }),
    reported: /"\.\.\/escaped-/,
  },
  {
    what: 'a name that leads up far',
    zip: zipSync({ [`a/../../../../../..${join(tmpdir(), ESCAPED)}`]: CODE }),
    reported: /holds "a\/\.\./,
  },
  {
    what: 'an absolute name',
    zip: zipSync({ 'index.js': CODE, [join(tmpdir(), ESCAPED)]: CODE }),
    reported: /holds "\//,
  },
  { what: "Windows' separators", zip: zipSync({ [`..\\${ESCAPED}`]: CODE }), reported: /holds "\.\./ },
  {
    what: 'a name with terminal codes',
    zip: zipSync({ '../\u001b[2J': CODE }),
    reported: /holds "\.\.\/\\u001b/,
  },
  {
    what: 'a link in the place of the code',
    zip: zipSync({ 'index.js': link('/etc/passwd'), 'sdk.js': CODE }),
    reported: /checkOrder code +[0-9a-f]{12} /,
  },
  {
    what: 'a link and a file below it',
    zip: zipSync({ d: link(tmpdir()), [`d/${ESCAPED}`]: CODE }),
    reported: /no index\.js/,
  },
  {
    what: 'a claim of 4 GB',
    zip: claiming(zipSync({ 'index.js': CODE }), 0xfffffffe),
    reported: /index\.js of 4294967294 bytes/,
  },
  {
    what: 'zeros that grow a thousandfold',
    zip: zipSync({ 'index.js': new Uint8Array(ZEROS) }),
    reported: /index\.js of 67108864 bytes/,
  },
  {
    what: 'the same with a modest claim',
    zip: claiming(zipSync({ 'index.js': new Uint8Array(ZEROS), 'sdk.js': CODE }), 40),
    reported: /checkOrder code +(not a zip|[0-9a-f]{12})/,
  },
  { what: 'four billion entries', zip: endless(), reported: /more than 1000 entries/ },
  { what: 'no archive', zip: deflateSync(CODE), reported: /not a zip/ },
  { what: 'nothing', zip: new Uint8Array(), reported: /not a zip/ },
  {
    what: 'more than anybody downloads',
    zip: new Uint8Array(4 * 1024 * 1024),
    reported: /over 3145728 bytes/,
  },
  { what: 'two files of one name', zip: twice('index.js'), reported: /index\.js twice/ },
] as const;

/** fflate writes no name twice; a byte is changed in an archive of two names. */
function twice(name: string): Uint8Array {
  const zip = Buffer.from(zipSync({ [name]: CODE, [`${name.slice(0, -1)}x`]: CODE }));
  for (let at = zip.indexOf(`${name.slice(0, -1)}x`); at >= 0; at = zip.indexOf(`${name.slice(0, -1)}x`))
    zip.write(name, at);
  return new Uint8Array(zip);
}

describe.each(['--dry-run', '--yes'])('npm run deploy %s, where the deployed code is', (option) => {
  test.for(ARCHIVES)('$what', async ({ zip, reported }, context) => {
    const scene = await setUpDeployed(context);
    plant(scene, zip);
    const escaped = join(tmpdir(), ESCAPED);
    context.onTestFinished(() => rm(escaped, { force: true }));
    const before = await readdir(tmpdir());

    const { code, output } = await scene.deploy(option);
    expect(existsSync(escaped), 'written outside').toBe(false);
    expect(output).toMatch(reported);
    expect(output).not.toContain('\u001b');
    expect(output).toMatch(/checkOrder code .*update code/);
    expect(code).toBe(0);
    expect(
      (await readdir(tmpdir())).filter((name) => !before.includes(name) && /^deployed-/.test(name)),
    ).toEqual([]);
    expect(scene.standIn.changes.map(({ action }) => action)).toEqual(
      option === '--yes' ? ['UpdateFunctionCode'] : [],
    );
  });
});
