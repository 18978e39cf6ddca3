#!/bin/sh
# As serve.sh, in an Enroot container: FIGLOOM_IMAGE is its squashfs file, made once by
#   enroot import -o /shared/vllm.sqsh docker://vllm/vllm-openai:v0.29.0
# `enroot start` takes the file itself where squashfuse is there; otherwise unpack it on each node (enroot create) and set
# FIGLOOM_IMAGE to the container's name. serve.sh says what the variables are and why each option of vLLM is there.
set -eu
image="${FIGLOOM_IMAGE:?set FIGLOOM_IMAGE to the image, such as /shared/vllm.sqsh, and let the job inherit it}"

if [ -z "${VLLM_CACHE_ROOT:-}" ]; then
  VLLM_CACHE_ROOT="${TMPDIR:-/tmp}/figloom-vllm-$(id -u)"
  mkdir -p -m 700 "$VLLM_CACHE_ROOT"
  # What others put there would run as you.
  if [ -L "$VLLM_CACHE_ROOT" ] || [ ! -O "$VLLM_CACHE_ROOT" ]; then
    echo "$VLLM_CACHE_ROOT was made by somebody else: set VLLM_CACHE_ROOT to a folder of your own." >&2
    exit 1
  fi
fi
cache="$VLLM_CACHE_ROOT"
weights="${FIGLOOM_WEIGHTS:-$FIGLOOM_MODEL}"
hub="${HF_HOME:-$HOME/.cache/huggingface}"
mkdir -p "$cache" "$hub"

# Enroot gives a container nothing of the environment but what is named. A name alone takes the value from here, so that
# no secret stands in a command.
export OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}"
export VLLM_HTTP_TIMEOUT_KEEP_ALIVE="${VLLM_HTTP_TIMEOUT_KEEP_ALIVE:-120}"
export VLLM_CACHE_ROOT="$cache" TRITON_CACHE_DIR="$cache/triton" HF_HOME="$hub"
export NVIDIA_VISIBLE_DEVICES="${NVIDIA_VISIBLE_DEVICES:-all}"
export NVIDIA_DRIVER_CAPABILITIES="${NVIDIA_DRIVER_CAPABILITIES:-compute,utility}"
set -- --env CUDA_VISIBLE_DEVICES --env OMP_NUM_THREADS --env VLLM_HTTP_TIMEOUT_KEEP_ALIVE --env VLLM_CACHE_ROOT \
  --env TRITON_CACHE_DIR --env HF_HOME --env NVIDIA_VISIBLE_DEVICES --env NVIDIA_DRIVER_CAPABILITIES
if [ -n "${HF_TOKEN:-}" ]; then set -- "$@" --env HF_TOKEN; fi
if [ -n "${FIGLOOM_API_KEY:-}" ]; then
  export VLLM_API_KEY="$FIGLOOM_API_KEY"
  set -- "$@" --env VLLM_API_KEY
fi

# Weights given by path have to be seen inside, under the same name.
case "$weights" in /*) set -- "$@" --mount "$weights:$weights" ;; esac
set -- "$@" --mount "$FIGLOOM_MEDIA:$FIGLOOM_MEDIA" --mount "$cache:$cache" --mount "$hub:$hub"

if [ "$FIGLOOM_TENSOR_PARALLEL" -gt 1 ]; then
  parallel="--tensor-parallel-size $FIGLOOM_TENSOR_PARALLEL --mm-encoder-tp-mode data"
fi

# shellcheck disable=SC2086    # options are split at blanks
exec enroot start --rw "$@" "$image" \
  vllm serve "$weights" \
  --served-model-name "$FIGLOOM_MODEL" \
  --host "$FIGLOOM_HOST" --port "$FIGLOOM_PORT" \
  --max-model-len 8192 \
  --limit-mm-per-prompt '{"image": 1, "video": 0}' \
  --mm-processor-cache-gb 0 \
  --allowed-local-media-path "$FIGLOOM_MEDIA" \
  --max-num-seqs 256 --max-num-batched-tokens 16384 \
  --gpu-memory-utilization 0.90 \
  --enable-prompt-tokens-details --disable-uvicorn-access-log \
  --shutdown-timeout 90 \
  ${parallel:-} ${FIGLOOM_VLLM_ARGS:-}
