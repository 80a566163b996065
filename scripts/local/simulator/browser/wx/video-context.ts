/** https://developers.weixin.qq.com/miniprogram/dev/api/media/video/VideoContext.html, as far as the browser's player goes. */
export function createVideoContext(find: () => HTMLVideoElement | null | undefined): object {
  const film = (run: (player: HTMLVideoElement) => unknown) => {
    const player = find();
    // A player that is interrupted rejects its promise; the element reports what a page has to know.
    if (player) void Promise.resolve(run(player)).catch(() => {});
  };
  return {
    play: () => film((player) => player.play()),
    pause: () => film((player) => player.pause()),
    stop: () =>
      film((player) => {
        player.pause();
        player.currentTime = 0;
      }),
    seek: (seconds: number) =>
      film((player) => {
        player.currentTime = seconds;
      }),
    playbackRate: (rate: number) =>
      film((player) => {
        player.playbackRate = rate;
      }),
    requestFullScreen: () => film((player) => player.requestFullscreen()),
    exitFullScreen: () => film(() => document.fullscreenElement && document.exitFullscreen()),
    // There are no bullet comments here.
    sendDanmu: () => {},
  };
}
