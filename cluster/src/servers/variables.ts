/**
 * Variables that servers' scripts and vLLM look at, by name: tasks that start servers take them from the environment of
 * whoever submits. Secrets are among them, so never by value.
 */
export const SERVER_VARIABLES = [
  ...[
    "FIGLOOM_API_KEY",
    "FIGLOOM_IMAGE",
    "FIGLOOM_MOCK",
    "FIGLOOM_MOCK_ARGS",
    "FIGLOOM_VLLM_ARGS",
    "FIGLOOM_WEIGHTS",
  ],
  ...["HF_HOME", "HF_HUB_OFFLINE", "HF_TOKEN", "VLLM_CACHE_ROOT", "LD_LIBRARY_PATH", "VIRTUAL_ENV"],
] as const;
