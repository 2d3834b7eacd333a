# Finds a JDK of at least the major version that Holdfast needs, and prints its folder.
#
# Sourced by ./holdfast and ./verify:  . config/find-jdk.sh; JAVA_HOME=$(find_jdk) || exit 1
# Order: JAVA_HOME, `java` on the path, the usual folders of JVMs. A JDK, not a bare runtime:
# it must have javac.

HOLDFAST_JDK_MIN=25

# Prints the major version of the JDK in folder $1, or nothing.
jdk_major() {
    [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 1
    if [ -r "$1/release" ]; then
        sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
    else
        "$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p'
    fi
}

# True if folder $1 holds a JDK that is new enough.
jdk_fits() {
    local major
    major=$(jdk_major "$1") || return 1
    [ -n "$major" ] && [ "$major" -ge "$HOLDFAST_JDK_MIN" ]
}

# Prints the folder of the first JDK that fits; explains on stderr what is missing if there is none.
find_jdk() {
    local candidate on_path
    on_path=$(command -v java 2>/dev/null) && on_path=$(readlink -f "$on_path")
    for candidate in "${JAVA_HOME:-}" "${on_path%/bin/java}" \
        /usr/lib/jvm/* /opt/java/* /opt/jdk* /usr/local/jdk* \
        "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        [ -n "$candidate" ] && jdk_fits "$candidate" || continue
        printf '%s\n' "$candidate"
        return 0
    done
    cat >&2 <<MISSING
no JDK $HOLDFAST_JDK_MIN or newer found.
  JAVA_HOME     ${JAVA_HOME:-is not set}
  java on path  ${on_path:-none}
Install one (Debian with the Adoptium repository: apt-get install temurin-$HOLDFAST_JDK_MIN-jdk; or
unpack one anywhere and set JAVA_HOME to its folder), then run this again.
MISSING
    return 1
}
