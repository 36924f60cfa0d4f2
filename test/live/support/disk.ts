/** Volumes of a sandbox on small disks that a test can fill, made before its first start. */
import { docker } from './docker.ts';

export interface SmallDisk {
  /** Takes all but the given KiB. */
  fill(leaveKiB: number): void;
  makeRoom(): void;
}

export interface SmallDisks {
  disk(volume: string): SmallDisk;
  /** Needed before a reset: it holds the volumes. */
  remove(): void;
}

/** `volumes`: MiB and the user of each; `image` has a shell. */
export function smallDisks(
  project: string,
  image: string,
  volumes: Readonly<Record<string, { readonly mib: number; readonly user: number }>>,
): SmallDisks {
  const mounts = Object.entries(volumes).flatMap(([volume, { mib, user }]) => {
    const labels = [`com.docker.compose.project=${project}`, `com.docker.compose.volume=${volume}`];
    docker(
      ...['volume', 'create', '--driver', 'local', '--opt', 'type=tmpfs', '--opt', 'device=tmpfs'],
      ...['--opt', `o=size=${mib}m,uid=${user},mode=0775`],
      ...labels.flatMap((label) => ['--label', label]),
      `${project}_${volume}`,
    );
    return ['--volume', `${project}_${volume}:/${volume}`];
  });
  // While it lives the disks are mounted, whatever becomes of the sandbox's own containers.
  const [holder = ''] = docker(
    ...['run', '--detach', '--user', '0', '--network', 'none', '--init', '--entrypoint', 'sleep'],
    ...[...mounts, image, 'infinity'],
  );
  return {
    disk: (volume) => ({
      fill: (leaveKiB) => {
        const free = `$(df -Pk /${volume} | awk 'NR == 2 { print $4 }')`;
        const command = `dd if=/dev/zero of=/${volume}/filler bs=1k count=$((${free} - ${leaveKiB})) 2>/dev/null`;
        docker('exec', holder, 'sh', '-c', command);
      },
      makeRoom: () => void docker('exec', holder, 'rm', `/${volume}/filler`),
    }),
    remove: () => {
      for (const id of docker('ps', '--all', '--quiet', '--filter', `id=${holder}`))
        docker('rm', '--force', '--volumes', id);
    },
  };
}
