# SHA-256 of files or of the input, as sha256sum writes it; macOS has another name for that.
hash() { if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }
