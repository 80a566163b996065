import { dialogColors } from '../../services/dialogs';

/** Asks before money moves. WeChat's buttons have at most four characters. */
export async function askToRefund(confirm: {
  readonly title: string;
  readonly text: string;
  readonly label: string;
}): Promise<boolean> {
  const { danger, accent } = dialogColors();
  const answer = await wx.showModal({
    title: confirm.title,
    content: confirm.text,
    confirmText: confirm.label,
    confirmColor: danger,
    cancelText: '再想想',
    cancelColor: accent,
  });
  return answer.confirm;
}
