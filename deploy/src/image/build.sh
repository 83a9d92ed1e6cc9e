#!/usr/bin/env bash
# Builds the image 'aviladb' from this distribution with a runtime made by jlink: needs a JDK 25, a Docker daemon, and a Debian base image.
#   image/build.sh [TAG] [BASE]      defaults: aviladb:latest debian:bookworm-slim
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
tag=${1:-aviladb:latest}
base=${2:-debian:bookworm-slim}
jdk=${AVILADB_JAVA_HOME:-${JAVA_HOME:-}}
for candidate in "$jdk" /usr/lib/jvm/* /opt/java/*; do
  if [ -x "$candidate/bin/jlink" ] && grep -qs '^JAVA_VERSION="25' "$candidate/release"; then jdk=$candidate; break; fi
done
[ -x "$jdk/bin/jlink" ] || { echo "a JDK 25 with jlink is needed: set AVILADB_JAVA_HOME" >&2; exit 1; }
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
cp -r "$root/." "$context/"
rm -rf "$context/runtime"
# jdk.compiler: the head table's library compiles accessors at run time.
"$jdk/bin/jlink" --no-header-files --no-man-pages --strip-debug --output "$context/runtime" --add-modules \
  java.base,java.compiler,java.desktop,java.instrument,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.sql,java.xml,jdk.compiler,jdk.crypto.ec,jdk.jfr,jdk.management,jdk.unsupported,jdk.zipfs
docker build --build-arg "BASE=$base" -f "$context/image/Dockerfile" -t "$tag" "$context"
