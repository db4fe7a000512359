# Brings the folder $MODELS to what the container $SERVING_CONTAINER holds: NAME/VERSION/..., VERSION a whole number, complete once NAME/VERSION/.complete is there.
# A version appears and disappears whole: it is fetched beside the others under a name that the inference server does not look at, and then renamed.
# Versions never change, so one that is there is not fetched again. Killed at any moment, the next run goes on from what is there.
set -eu

az login --identity --client-id "$AZURE_CLIENT_ID" --output none

# No model's name begins with a dot, so none is where the lists are.
work="$MODELS/.work"
rm -rf "$work"
mkdir -p "$work"
messages="$work/.messages" blobs="$work/.blobs" versions="$work/.versions" gone="$work/.gone"

# Before the listing: what changes after it has a message of its own, and starts the next run. They are hidden for as long as a run may take, and deleted once they are acted on;
# those of a run that failed show again, and start another.
: >"$messages"
while :; do
  az storage message get --account-name "$STORAGE_ACCOUNT" --queue-name "$CHANGES_QUEUE" --auth-mode login --num-messages 32 --visibility-timeout 3600 \
    --query '[].[id,popReceipt]' --output tsv >"$messages.next"
  [ -s "$messages.next" ] || break
  cat "$messages.next" >>"$messages"
done

az storage blob list --account-name "$STORAGE_ACCOUNT" --container-name "$SERVING_CONTAINER" --auth-mode login --num-results '*' --query '[].name' --output tsv >"$blobs"

# A name is letters, digits, '-', '_' and '.', and begins with a letter or digit: it cannot climb out of the folder.
sed -n -E 's#^([A-Za-z0-9][A-Za-z0-9._-]{0,127})/([1-9][0-9]{0,17})/\.complete$#\1/\2#p' "$blobs" >"$versions"

while IFS= read -r version; do
  if [ -d "$MODELS/$version" ]; then continue; fi
  echo "Fetching $version."
  az storage blob download-batch --account-name "$STORAGE_ACCOUNT" --source "$SERVING_CONTAINER" --pattern "$version/*" --destination "$work" --auth-mode login --no-progress --output none </dev/null
  chmod -R a+rX "$work/$version"
  mkdir -p "$MODELS/${version%/*}"
  mv "$work/$version" "$MODELS/$version"
done <"$versions"

for folder in "$MODELS"/*/*/; do
  [ -d "$folder" ] || continue
  version="${folder#"$MODELS"/}"
  version="${version%/}"
  if ! grep -q -x -F -e "$version" "$versions"; then
    echo "Removing $version."
    mkdir -p "$gone/${version%/*}"
    mv "$folder" "$gone/$version"
    rmdir "$MODELS/${version%/*}" 2>/dev/null || true
  fi
done

# One by one, since clearing the queue is for who owns it.
tab="$(printf '\t')"
while IFS="$tab" read -r id receipt; do
  az storage message delete --account-name "$STORAGE_ACCOUNT" --queue-name "$CHANGES_QUEUE" --auth-mode login --id "$id" --pop-receipt "$receipt" --output none </dev/null
done <"$messages"

rm -rf "$work"
count=0
for folder in "$MODELS"/*/*/; do
  if [ -d "$folder" ]; then count=$((count + 1)); fi
done
echo "The share has $count version(s)."
