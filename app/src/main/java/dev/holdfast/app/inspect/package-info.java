/// What stored objects say, for a person who looks: tables, manifests, the log.
@NullMarked
package dev.holdfast.app.inspect;

import org.jspecify.annotations.NullMarked;
