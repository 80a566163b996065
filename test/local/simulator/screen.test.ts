import { afterEach, describe, expect, test } from 'vitest';
import { chooseScreen, onScreen, screen } from '../../../scripts/local/simulator/browser/screen.ts';

afterEach(() => chooseScreen({ width: 375, textScale: 1 }));

describe('on the screen', () => {
  test.each<[about: string, wxss: string, css: string]>([
    [
      'rpx are half a pixel, rounded down',
      'width: 25rpx; margin: -8rpx 750rpx',
      'width: 12px; margin: -4px 375px',
    ],
    ['the thinnest line stays visible', 'border: 1rpx solid', 'border: 1px solid'],
    ['pixels are pixels', 'width: 25px', 'width: 25px'],
    ['rpx in a condition are as wide', '@media (min-width: 700rpx)', '@media (min-width: 350px)'],
  ])('%s', (_, wxss, css) => {
    expect(onScreen(wxss)).toBe(css);
  });

  test('a narrower one has narrower rpx', () => {
    chooseScreen({ width: 320, textScale: 1 });
    expect(onScreen('width: 750rpx')).toBe('width: 320px');
  });

  test('a tablet is higher too, and 750 rpx wide as every screen', () => {
    chooseScreen({ width: 768, textScale: 1 });
    expect(screen()).toEqual({ width: 768, height: 1024, textScale: 1 });
    expect(onScreen('width: 750rpx')).toBe('width: 768px');
  });

  test('larger text grows with its line, and nothing else does', () => {
    chooseScreen({ width: 375, textScale: 1.5 });
    expect(onScreen('font-size: 28rpx; line-height: 20px; height: 40rpx; line-height: 1.5')).toBe(
      'font-size: 21px; line-height: 30px; height: 20px; line-height: 1.5',
    );
  });

  test.each([
    [Number.NaN, Number.NaN],
    [0, 0],
    [10_000, 9],
  ])('a width of %d and text times %d are as usual', (width, textScale) => {
    chooseScreen({ width, textScale });
    expect(screen()).toEqual({ width: 375, height: 812, textScale: 1 });
  });
});
