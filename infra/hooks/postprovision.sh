#!/bin/sh
# After each provisioning: rights in the application registration, and the image of the inference server.
set -eu
. "$(dirname "$0")/roles.sh"
. "$(dirname "$0")/hash.sh"

if [ -n "${AIA_API_CLIENT_ID:-}" ]; then
  # The Functions app asks the inference server for predictions; who deploys makes the first API keys. azd knows who that is only where it is set by hand, as in a pipeline.
  grant_app_role "$AIA_API_CLIENT_ID" "$AIA_FUNCTIONS_PRINCIPAL_ID" aia.read
  administrator="${AZURE_PRINCIPAL_ID:-$(az ad signed-in-user show --query id --output tsv 2>/dev/null || true)}"
  if [ -n "$administrator" ]; then
    grant_app_role "$AIA_API_CLIENT_ID" "$administrator" aia.admin
  else
    echo "Nobody was given aia.admin, as az does not say who is signed in: set AZURE_PRINCIPAL_ID to an object id with azd env set, and run azd provision again." >&2
  fi
fi

if [ -z "${AIA_REGISTRY:-}" ]; then
  exit 0
fi

# Built in the registry: no Docker here. The tag is a hash of what goes in, so the same is built once, committed or not.
tag="$(sed -n 's/^!//p' .dockerignore | while IFS= read -r path; do
  find "$path" \( -name bin -o -name obj \) -prune -o -type f -print
done | LC_ALL=C sort | while IFS= read -r file; do
  hash "$file"
done | hash | cut -c 1-12)"
accelerator=cuda
if [ "${AIA_INFERENCE_PROFILE:-}" = Consumption ]; then
  accelerator=cpu
fi
image="inference-server:$tag-$accelerator"
if ! az acr manifest show --subscription "$AZURE_SUBSCRIPTION_ID" --registry "$AIA_REGISTRY" --name "$image" --output none 2>/dev/null; then
  az acr build --subscription "$AZURE_SUBSCRIPTION_ID" --registry "$AIA_REGISTRY" --image "$image" --file src/AiAssignments.InferenceServer/Dockerfile --target "$accelerator" --no-logs .
fi

# The next provisioning makes the server of it; azd up has that as its next step.
azd env set AIA_INFERENCE_IMAGE "$AIA_REGISTRY_SERVER/$image"
