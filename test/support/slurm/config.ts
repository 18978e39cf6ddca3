/** What a private Slurm is told: nodes that are daemons of this machine, each with eight imitated GPUs. */
import { hostname, userInfo } from "node:os";

export interface ClusterShape {
  /** Absolute and short: sockets lie below it, whose paths may have 107 bytes. */
  folder: string;
  /** Of the controller; the nodes have the ones that follow. */
  port: number;
  nodes: string[];
  /** Partitions beside `gpu`, the default one of all nodes: their lines without `PartitionName=`. */
  partitions: Record<string, string>;
  /** Settings that replace or join those below. */
  settings: Record<string, string | number>;
}

export function slurmConf({ folder, port, nodes, partitions, settings }: ClusterShape): string {
  const host = hostname().split(".")[0]!;
  const user = userInfo().username;
  const values: Record<string, string | number> = {
    ClusterName: "imitated",
    SlurmctldHost: `${host}(127.0.0.1)`,
    SlurmctldPort: port,
    SlurmUser: user,
    SlurmdUser: user,
    AuthType: "auth/munge",
    CredType: "cred/munge",
    // A requeued task waits until its old credential has expired: two minutes unless told otherwise; 5 is the least.
    AuthInfo: `socket=${folder}/munge.socket,cred_expire=5`,
    StateSaveLocation: `${folder}/state`,
    SlurmctldPidFile: `${folder}/slurmctld.pid`,
    SlurmctldLogFile: `${folder}/log/slurmctld.log`,
    SlurmdSpoolDir: `${folder}/spool/%n`,
    SlurmdPidFile: `${folder}/%n.pid`,
    SlurmdLogFile: `${folder}/log/%n.log`,
    MailProg: "/bin/true",
    // Without control groups, which a container may not make.
    ProctrackType: "proctrack/linuxproc",
    TaskPlugin: "task/none",
    SwitchType: "switch/none",
    MpiDefault: "none",
    JobAcctGatherType: "jobacct_gather/none",
    AccountingStorageType: "accounting_storage/none",
    SchedulerType: "sched/backfill",
    SchedulerParameters:
      "sched_interval=2,bf_interval=2,sched_min_interval=0,batch_sched_delay=0,default_queue_depth=1000,bf_max_job_test=1000",
    SelectType: "select/cons_tres",
    SelectTypeParameters: "CR_CPU",
    GresTypes: "gpu",
    // A node may say that it has more than this machine.
    SlurmdParameters: "config_overrides",
    ReturnToService: 2,
    SlurmctldTimeout: 30,
    // How soon a node that is silent counts as dead.
    SlurmdTimeout: 5,
    BatchStartTimeout: 10,
    MessageTimeout: 5,
    KillWait: 3,
    UnkillableStepTimeout: 15,
    MinJobAge: 3600,
    JobRequeue: 1,
    ...settings,
  };
  const ports = `[${port + 1}-${port + nodes.length}]`;
  return [
    ...Object.entries(values).map(([name, value]) => `${name}=${value}`),
    `NodeName=${nodeRange(nodes)} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${ports} ` +
      "CPUs=64 RealMemory=1000000 Gres=gpu:h100:8 State=UNKNOWN",
    "PartitionName=gpu Nodes=ALL Default=YES MaxTime=INFINITE State=UP",
    ...Object.entries(partitions).map(([name, line]) => `PartitionName=${name} ${line}`),
    "",
  ].join("\n");
}

/** GPUs are links to a character device: plain files would get no `CUDA_VISIBLE_DEVICES`. */
export function gresConf(folder: string): string {
  return `Name=gpu Type=h100 File=${folder}/dev/nvidia[0-7]\n`;
}

const nodeRange = (nodes: string[]): string => `n[1-${nodes.length}]`;
