import { bilingual } from './language.ts';

export const TIME = bilingual(
  {
    units: {
      day: (n: number) => `${n} 天`,
      hour: (n: number) => `${n} 小时`,
      minute: (n: number) => `${n} 分钟`,
      second: (n: number) => `${n} 秒`,
    },
    jump: (span: string) => `时间快进 ${span}`,
    jumpTo: (span: string, date: string) => `时间快进 ${span}，到 ${date}`,
  },
  {
    units: {
      day: (n: number) => `${n} ${n === 1 ? 'day' : 'days'}`,
      hour: (n: number) => `${n} h`,
      minute: (n: number) => `${n} min`,
      second: (n: number) => `${n} s`,
    },
    jump: (span: string) => `The clock moved by ${span}`,
    jumpTo: (span: string, date: string) => `The clock moved by ${span}, to ${date}`,
  },
);
