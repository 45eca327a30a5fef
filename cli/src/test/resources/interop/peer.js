// What pages with peer connections have in common; all of it is global.

/** A video element, because frames nobody shows may never be decoded. */
function screenOf(connection) {
  const video = document.createElement('video');
  video.autoplay = true;
  video.muted = true;
  document.body.append(video);
  connection.ontrack = ({ streams }) => (video.srcObject = streams[0]);
  return video;
}

function opened(channel) {
  channel.binaryType = 'arraybuffer';
  if (channel.readyState === 'open') return Promise.resolve();
  return new Promise((resolve, reject) => {
    channel.onopen = resolve;
    channel.onerror = ({ error }) => reject(error);
  });
}

/** The candidate pair in use. */
async function path(connection) {
  const stats = await connection.getStats();
  const transport = Array.from(stats.values()).find((entry) => entry.type === 'transport');
  const pair = stats.get(transport.selectedCandidatePairId);
  const local = stats.get(pair.localCandidateId);
  const remote = stats.get(pair.remoteCandidateId);
  return {
    pairState: pair.state,
    localType: local.candidateType,
    localAddress: `${local.address}:${local.port}`,
    relayProtocol: local.relayProtocol,
    relayUrl: local.url,
    remoteType: remote.candidateType,
    remoteAddress: `${remote.address}:${remote.port}`,
  };
}
