/** Besides the chats: connections of the HTTP client, the data folder's files, and Node's own. */
const spare = 500;

/** Says which limit stands in the way of so many sockets in one process, if one does. Node raises the soft one itself. */
export function refuseTooMany(sockets: number, allowed = openFilesAllowed()): void {
  if (sockets + spare <= allowed) return;
  throw new Error(
    `${sockets} chats need ${sockets + spare} open files in one process and the limit (nofile) is ${allowed}. Raise the hard limit: ulimit -Hn as root, \`nofile\` in /etc/security/limits.conf, LimitNOFILE= of a systemd unit, docker run --ulimit nofile=65535:65535. Or ask for at most ${Math.max(0, allowed - spare)}.`,
  );
}

/** The hard limit of open files of this process; no limit where the system tells of none. */
function openFilesAllowed(): number {
  // Without this it looks up the names of all hosts connected to.
  Object.assign(process.report, { excludeNetwork: true });
  const { userLimits } = process.report.getReport() as {
    readonly userLimits?: { readonly open_files?: { readonly hard?: number | string } };
  };
  const hard = Number(userLimits?.open_files?.hard);
  return Number.isNaN(hard) ? Number.POSITIVE_INFINITY : hard;
}
