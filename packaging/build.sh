#!/usr/bin/env bash
# Builds what is installed: a static binary, a Debian package with manual pages, completions, systemd units
# and examples, and a software bill of materials. Everything goes to dist/ (or the folder named by -o).
#
#   packaging/build.sh [-o FOLDER] [--binary FILE] [--no-musl]
#
#   --binary FILE   package this binary instead of building one
#   --no-musl       build for the C library of this machine
#
# Needs: cargo, dpkg-deb, python3 (bill of materials); for the static binary the Rust target
# x86_64-unknown-linux-musl and musl-gcc (Debian: musl-tools).
set -euo pipefail
cd "$(dirname "$0")/.."

output=dist binary= musl=yes
while [ $# -gt 0 ]; do
  case "$1" in
    -o) output=$2; shift 2 ;;
    --binary) binary=$2; shift 2 ;;
    --no-musl) musl=no; shift ;;
    *) echo "unknown argument: $1" >&2; exit 2 ;;
  esac
done
need() { command -v "$1" >/dev/null || { echo "missing: $1 ($2)" >&2; exit 2; }; }
need cargo "https://rustup.rs"
need dpkg-deb "apt install dpkg-dev"
need python3 "apt install python3"

version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
machine=$(uname -m)
architecture=$(dpkg --print-architecture)
# The same sources give the same package.
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
depends=

# --- the binary --------------------------------------------------------------------------------------
target=$machine-unknown-linux-musl
if [ -z "$binary" ]; then
  installed=$(rustc --print sysroot)/lib/rustlib/$target/lib
  if [ "$musl" = yes ] && { [ ! -d "$installed" ] || ! command -v musl-gcc >/dev/null; }; then
    echo "note: no static binary: needs 'rustup target add $target' and musl-gcc ('apt install musl-tools');" >&2
    echo "      building for the C library of this machine instead" >&2
    musl=no
  fi
  # No path of this machine goes into the binary: panics name their place by crate and file.
  cargo fetch --locked --quiet
  flags="${RUSTFLAGS:-} --remap-path-prefix=$PWD=soat"
  for crates in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*; do
    flags="$flags --remap-path-prefix=$crates=crates"
  done
  export RUSTFLAGS=$flags
  if [ "$musl" = yes ]; then
    export "CC_${target//-/_}=musl-gcc"
    cargo build --locked --release --bin soat --target "$target"
    binary=${CARGO_TARGET_DIR:-target}/$target/release/soat
  else
    cargo build --locked --release --bin soat
    binary=${CARGO_TARGET_DIR:-target}/release/soat
  fi
fi
if ldd "$binary" 2>/dev/null | grep -q 'libc\.so'; then
  # The newest symbol version that the binary asks for is the oldest C library it runs with.
  libc=$(grep -aoE 'GLIBC_2\.[0-9]+' "$binary" | sort -uV | tail -n 1 | cut -d_ -f2)
  depends="libc6 (>= ${libc:-2.31}), libgcc-s1"
fi

# --- the tree ----------------------------------------------------------------------------------------
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 0755 "$root"
install -Dm755 "$binary" "$root/usr/bin/soat"
command -v strip >/dev/null && strip --strip-unneeded "$root/usr/bin/soat"
# Completions and pages come from the binary itself; the one just built must run here.
run="$root/usr/bin/soat"
"$run" --lang en man -o "$root/usr/share/man/man1"
"$run" --lang vi man -o "$root/usr/share/man/vi/man1"
find "$root/usr/share/man" -type f -exec gzip -n9 {} +
mkdir -p "$root/usr/share/bash-completion/completions" "$root/usr/share/zsh/vendor-completions" \
  "$root/usr/share/fish/vendor_completions.d"
"$run" --lang en completions bash > "$root/usr/share/bash-completion/completions/soat"
"$run" --lang en completions zsh > "$root/usr/share/zsh/vendor-completions/_soat"
"$run" --lang en completions fish > "$root/usr/share/fish/vendor_completions.d/soat.fish"
for unit in examples/jobs/*.service examples/jobs/*.timer; do
  [ -e "$unit" ] && install -Dm644 "$unit" "$root/usr/lib/systemd/system/$(basename "$unit")"
done
for job in examples/jobs/*; do
  [ -f "$job" ] && install -Dm644 "$job" "$root/usr/share/doc/soat/examples/$(basename "$job")"
done
scratch=$(mktemp -d)
"$run" --lang vi init "$scratch" >/dev/null
for example in soat.toml units.csv exemptions.csv; do
  install -Dm644 "$scratch/$example" "$root/etc/soat/$example.example"
done
rm -rf "$scratch"
for document in README.md README.vi.md CHANGELOG.md SECURITY.md; do
  [ -e "$document" ] && install -Dm644 "$document" "$root/usr/share/doc/soat/$document"
done
install -Dm644 packaging/debian/copyright "$root/usr/share/doc/soat/copyright"
mkdir -p "$output"
python3 packaging/sbom.py > "$output/soat-$version.cdx.json"
install -Dm644 "$output/soat-$version.cdx.json" "$root/usr/share/doc/soat/sbom.cdx.json"

# --- the package -------------------------------------------------------------------------------------
mkdir -p "$root/DEBIAN"
size=$(du -sk --exclude=DEBIAN "$root" | cut -f1)
{
  echo "Package: soat"
  echo "Version: $version"
  echo "Architecture: $architecture"
  echo "Maintainer: The soat project <soat@example.invalid>"
  echo "Installed-Size: $size"
  [ -n "$depends" ] && echo "Depends: $depends"
  echo "Suggests: fonts-liberation, tesseract-ocr, tesseract-ocr-vie"
  echo "Section: admin"
  echo "Priority: optional"
  cat packaging/debian/description
} > "$root/DEBIAN/control"
(cd "$root" && find etc -type f -printf '/%p\n' | sort) > "$root/DEBIAN/conffiles"
for script in postinst prerm; do
  [ -e "packaging/debian/$script" ] && install -m755 "packaging/debian/$script" "$root/DEBIAN/$script"
done
(cd "$root" && find usr etc -type f -exec md5sum {} + | sort -k2) > "$root/DEBIAN/md5sums"
find "$root" -newermt "@$SOURCE_DATE_EPOCH" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
package=$output/soat_${version}_$architecture.deb
dpkg-deb --root-owner-group --build "$root" "$package" >/dev/null
install -m755 "$run" "$output/soat-$version-$machine"
(cd "$output" && sha256sum "soat_${version}_$architecture.deb" "soat-$version-$machine" "soat-$version.cdx.json" > SHA256SUMS)
echo "$package"
