import { describe, expect, test } from 'vitest';
import { noticeOf } from '../../miniprogram/logic/notices.ts';
import { type Obstacle, obstacleOn, type Terminal } from '../../miniprogram/logic/shop/terminal.ts';

type Row = [
  platform: string,
  system: string,
  version: string,
  library: 'has it' | 'lacks it',
  fen: number,
  Obstacle | undefined,
];

describe('virtual payment is opened', () => {
  test.each<Row>([
    ['android', 'Android 14', '8.0.50', 'has it', 1800, undefined],
    ['android', 'Android 7.1', '8.0.20', 'has it', 1, undefined],
    ['android', 'Android 14', '8.0.2', 'lacks it', 1800, 'wechat'],
    ['ohos', 'HarmonyOS 5.0.1', '1.0.4', 'has it', 1800, undefined],
    ['ohos', 'HarmonyOS 5.0.1', '1.0.4', 'lacks it', 1800, 'wechat'],
    ['windows', 'Windows 10 x64', '3.9.12', 'has it', 1800, undefined],
    ['windows', 'Windows 10 x64', '3.9.12', 'lacks it', 1800, 'wechat'],
    ['ios', 'iOS 17.5', '8.0.68', 'has it', 1800, undefined],
    ['ios', 'iOS 15', '8.0.68', 'has it', 100, undefined],
    ['ios', 'iOS 15.0', '8.1', 'has it', 1800, undefined],
    ['ios', 'iPadOS 18.1', '9.0.0', 'has it', 1800, undefined],
    ['ios', 'iOS 14.8.1', '8.0.68', 'has it', 1800, 'system'],
    ['ios', 'iOS 9.3', '8.0.68', 'has it', 1800, 'system'],
    ['ios', 'iOS 17.5', '8.0.67', 'has it', 1800, 'ios-wechat'],
    ['ios', 'iOS 17.5', '8.0', 'has it', 1800, 'ios-wechat'],
    ['ios', 'iOS 17.5', '7.0.100', 'has it', 1800, 'ios-wechat'],
    ['ios', 'iOS 17.5', '8.0.68', 'lacks it', 1800, 'wechat'],
    ['ios', 'iOS 17.5', '8.0.68', 'has it', 99, 'price'],
    ['ios', 'unknown', '', 'has it', 1800, undefined],
    ['devtools', 'iOS 10.0.1', '8.0.5', 'has it', 1800, undefined],
    ['devtools', 'iOS 10.0.1', '8.0.5', 'lacks it', 1800, 'wechat'],
    ['mac', 'Mac OS X 14.5.0', '3.8.8', 'has it', 1800, 'terminal'],
    ['', '', '', 'has it', 1800, 'terminal'],
  ])('on %s (%s, WeChat %s, a library that %s) for %i fen: %s', (...row) => {
    const [platform, system, version, library, fen, obstacle] = row;
    const terminal: Terminal = { platform, system, version, hasVirtualPayment: library === 'has it' };
    expect(obstacleOn(terminal, fen)).toBe(obstacle);
  });
});

test.each<[Obstacle, title: string, label: string]>([
  ['terminal', '此设备暂不支持购买', '知道了'],
  ['system', '系统版本过低', '知道了'],
  ['ios-wechat', '微信版本过低', '更新微信'],
  ['wechat', '微信版本过低', '更新微信'],
  ['price', '暂不支持此金额', '知道了'],
])('where %s is in the way the page says so, and the way out', (obstacle, title, label) => {
  const notice = noticeOf({ kind: 'hindered', obstacle });
  expect([notice.title, notice.label]).toEqual([title, label]);
  expect(notice.text).toMatch(/^[\u4e00-\u9fff，。iOSPhonead\d. ]+。$/);
});
